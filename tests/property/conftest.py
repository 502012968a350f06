"""The tills that properties are tried on."""

import pytest

from tests.stories.counters import demo_folder
from tests.support.tills import make_till, till

__all__ = ["demo_folder", "make_till", "till"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A soak's five thousand days take longer than any other test may."""
    if config.getoption("--soak"):
        for item in items:
            if item.path.name == "test_shop_days.py":
                item.add_marker(pytest.mark.timeout(0))
