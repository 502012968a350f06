"""The shops that stories happen in."""

from tests.stories.counters import counter, demo_folder, make_shop, shop

__all__ = ["counter", "demo_folder", "make_shop", "shop"]
