"""Where the master key lives, and what is sealed under it."""

from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from app.errors import Trouble
from app.journal.secrets import SecretStore, key_from_keystore
from tests.support.opening import begin


class Drawer(KeyringBackend):
    """A keystore in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def keystore(monkeypatch: pytest.MonkeyPatch) -> Drawer:
    drawer = Drawer()
    monkeypatch.setattr(keyring, "get_password", drawer.get_password)
    monkeypatch.setattr(keyring, "set_password", drawer.set_password)
    return drawer


def zeros(count: int) -> bytes:
    return bytes(count)


def test_a_key_is_made_once_and_found_again(keystore: Drawer) -> None:
    key = key_from_keystore("device", create=True, random_bytes=zeros)
    assert key_from_keystore("device", create=False, random_bytes=zeros) == key == bytes(32)
    assert all(len(value) < 1280 for value in keystore.kept.values())


def test_a_key_that_is_gone_is_not_made_anew(keystore: Drawer) -> None:
    with pytest.raises(Trouble, match="keystore_key_lost"):
        key_from_keystore("device", create=False, random_bytes=zeros)
    assert keystore.kept == {}


@pytest.mark.parametrize("text", ["", "not base64!", "AAAA"])
def test_what_is_no_key_is_a_lost_key(keystore: Drawer, text: str) -> None:
    keystore.set_password("kaiping-youpin-till", "device", text)
    with pytest.raises(Trouble, match="keystore_key_lost"):
        key_from_keystore("device", create=False, random_bytes=zeros)


def test_a_locked_keystore_is_a_missing_one(keystore: Drawer) -> None:
    keystore.locked = True
    with pytest.raises(Trouble, match="keystore_missing"):
        key_from_keystore("device", create=True, random_bytes=zeros)


def test_a_till_keeps_its_key_in_the_keystore_and_not_in_its_folder(
    keystore: Drawer, tmp_path: Path
) -> None:
    folder = tmp_path / "till"
    begin(folder, keystore="keyring").close()
    assert len(keystore.kept) == 1
    assert not (folder / "master.key").exists()


def test_a_sealed_value_opens_under_its_own_name_alone() -> None:
    store = SecretStore(bytes(32))
    sealed = store.seal("name:101", b"x")
    assert store.open("name:101", sealed) == b"x"
    for name, value in (("name:102", sealed), ("name:101", sealed[:-1] + b"\0"), ("n", b"")):
        with pytest.raises(Trouble, match="keystore_wrong_key"):
            store.open(name, value)


def test_one_value_is_never_sealed_the_same_way_twice() -> None:
    store = SecretStore(bytes(32))
    assert store.seal("n", b"x") != store.seal("n", b"x")
