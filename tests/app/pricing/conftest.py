"""The sample shop these tests work in."""

from tests.app.pricing.publishing import books, shop
from tests.stories.counters import demo_folder, make_shop

__all__ = ["books", "demo_folder", "make_shop", "shop"]
