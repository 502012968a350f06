"""One server of tills for all rigs of a run, and the shop every crash begins with."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.till import TillServer, copy_folder, make_shop, till_server

SOAK_SECONDS = 3600


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A soak's ten thousand kills take longer than any other test may."""
    if config.getoption("--soak"):
        for item in items:
            if item.path.parent == Path(__file__).parent:
                item.add_marker(pytest.mark.timeout(SOAK_SECONDS))


@dataclass(frozen=True, slots=True)
class Yard:
    """Where tills are killed: a server, a shop with an open shift, a folder to work in."""

    server: TillServer
    shop: Path
    work: Path

    def copy(self, name: str) -> Path:
        """The shop once more, in a folder of its own."""
        return copy_folder(self.shop, self.work / name)


@pytest.fixture(scope="session")
def shop_and_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TillServer, Path]]:
    """The program loaded once, and a sample shop made once."""
    folder = tmp_path_factory.mktemp("crash")
    with till_server(folder) as server:
        yield server, make_shop(server, folder / "shop")


@pytest.fixture
def yard(shop_and_server: tuple[TillServer, Path], tmp_path: Path) -> Yard:
    """Everything a rig needs."""
    server, shop = shop_and_server
    return Yard(server, shop, tmp_path)
