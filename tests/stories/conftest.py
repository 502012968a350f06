"""The counters these stories are told at."""

from tests.stories.counters import counter, demo_folder, make_shop, shop
from tests.stories.networks import network, till

__all__ = ["counter", "demo_folder", "make_shop", "network", "shop", "till"]
