"""The sample shop these tests work in."""

from tests.stories.counters import counter, demo_folder, make_shop, shop

__all__ = ["counter", "demo_folder", "make_shop", "shop"]
