"""What every test shares: the --soak switch, a home folder that is nobody's, and a dead line for
tests that say what works without one."""

import errno
import gc
import os
import socket
from collections.abc import Iterator

import hypothesis
import pytest
from argon2 import PasswordHasher

import app.staff.actions
import sync.hub.people
from tests.support.worded_once import worded_once

# Speed is no property of a test here, so no deadline; the same examples every time, so that a red
# run can be run again. A soak looks further, with new examples each night.
hypothesis.settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "soak",
    hypothesis.settings.get_profile("suite"),
    derandomize=False,
    max_examples=2000,
    print_blob=True,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--soak``, which ``./pos test --soak`` passes on."""
    parser.addoption(
        "--soak",
        action="store_true",
        help="run the long forms: more examples, more rounds, more crashes",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples a property is tried with, and name our own marks."""
    config.addinivalue_line(
        "markers",
        "without_network(area, what, how): holds with no network at all; a row of docs/offline.md",
    )
    hypothesis.settings.load_profile("soak" if config.getoption("--soak") else "suite")


def pytest_collection_finish() -> None:
    """What the modules brought stays to the end: collections need not look through it again,
    which is a tenth of all the work of a run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether this run may take long: tests with rounds to choose take many when it is true."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture(scope="session", autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the suite away from the folders and the keystore of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CONFIG", "CACHE", "STATE"):
            folder = home / name.lower()
            folder.mkdir()
            patch.setenv(f"XDG_{name}_HOME", str(folder))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 is dear on purpose, and a suite signs in some thousand times. What it costs a thief
    is looked at where the real ones are compared (test_people of the staff)."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        for module in (app.staff.actions, sync.hub.people):
            patch.setattr(module, "_hasher", quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_words() -> Iterator[None]:
    """A suite opens some thousand files, and words each statement and table for them once."""
    with worded_once():
        yield


@pytest.fixture(autouse=True)
def no_line(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests marked `without_network` reach nobody, not even this machine."""
    if request.node.get_closest_marker("without_network") is None:
        return

    def unreachable(*_: object, **__: object) -> None:
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, unreachable)
    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
