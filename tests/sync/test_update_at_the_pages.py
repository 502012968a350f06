"""An update file is taken in at head office's pages, as the line of `./pos hq` takes it."""

import shutil
import tempfile
from pathlib import Path

import pytest

from sync.hub import updates
from sync.protocol_updates import MOST_UPDATE_BYTES
from tests.support.hubs import TIMEOUT_S, RunningHub
from tests.support.office import Browser, Office
from tests.sync.test_update_from_the_hub import hub
from tests.ui_plain.test_updating import HOSTILE, made

__all__ = ["hub"]


@pytest.fixture
def office(hub: RunningHub) -> Office:
    found = Office(hub)
    found.hire("ann", "approver")
    found.hire("bob", "editor")
    return found


def sent(browser: Browser, path: Path) -> str:
    """Choose a file and press the button; where that leads, or why not."""
    answer = browser.send("take_update", path.name, path.read_bytes())
    return answer.headers.get("Location", browser.code())


def kept(hub: RunningHub) -> int:
    return int(hub.rows("SELECT count(*) FROM hub_update_piece")[0][0])


def test_a_file_is_taken_in_at_the_page_and_given_from_there(
    hub: RunningHub, office: Office, tmp_path: Path
) -> None:
    ann = office.browser("ann")
    ann.get("/hq/updates")
    assert 'action="/hq/do/take_update"' in ann.page
    assert sent(ann, made(tmp_path, "0.2.0")) == "/hq/updates?done=kept"
    with hub.hub.database.begin() as db:
        (row,) = updates.updates(db)
    # As it lies on the disk, byte for byte; no shop has it yet.
    assert (row.program, row.shops) == ("0.2.0", "[]") and kept(hub)
    pieces = hub.rows("SELECT content FROM hub_update_piece ORDER BY piece")
    (file,) = tmp_path.rglob("*0.2.0*.kpupdate")
    assert b"".join(bytes(each[0]) for each in pieces) == file.read_bytes()
    ann.get("/hq/updates")
    assert "0.2.0" in ann.page
    assert sent(ann, file) == "update_known"


def test_only_what_the_release_key_signed_is_taken_in_at_the_page(
    hub: RunningHub, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, good, bad = office.browser("ann"), made(tmp_path, "0.2.0"), tmp_path / "bad.kpupdate"
    for name in ("a file changed", "a file too many"):
        shutil.copy(good, bad)
        spoil, _code = HOSTILE[name]
        spoil(bad)
        assert sent(ann, bad) == "update_damaged", name
    bad.write_bytes(b"no update")
    assert sent(ann, bad) == "update_unreadable"
    assert ann.post("/hq/do/take_update", csrf=ann.csrf()).headers.get("Location") is None
    monkeypatch.setattr(updates, "release_keys", lambda: ("ab" * 32,))
    assert sent(ann, good) == "update_not_signed"
    assert kept(hub) == 0


def test_whoever_may_not_give_updates_sends_none(
    hub: RunningHub, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, good = office.browser("bob"), made(tmp_path, "0.2.0")
    bob.get("/hq/updates")
    assert "take_update" not in bob.page
    assert sent(bob, good) == "office_right_needed"
    refused = hub.rows("SELECT person, detail FROM office_act WHERE act = 'refused'")
    assert refused == [("bob", "update")]
    nobody = Browser(hub)
    assert sent(nobody, good) == "/hq/sign-in"
    ann = office.browser("ann")
    monkeypatch.setattr(ann, "csrf", lambda: "0" * 32)
    assert sent(ann, good) == "office_form_old"
    assert kept(hub) == 0


class Noughts:
    """A body as long as it says, made while it is sent."""

    def __init__(self, size: int) -> None:
        self.left = size

    def __len__(self) -> int:
        return self.left

    def read(self, most: int) -> bytes:
        piece = bytes(min(most, self.left))
        self.left -= len(piece)
        return piece


def test_a_body_above_the_size_is_refused_in_words_and_laid_nowhere(
    hub: RunningHub, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    ann = office.browser("ann")
    answer = ann.session.post(
        f"{hub.address}/hq/do/take_update", data=Noughts(MOST_UPDATE_BYTES + 1_000_000),
        headers={"Content-Type": "multipart/form-data; boundary=x"}, timeout=TIMEOUT_S,
    )  # fmt: skip
    assert answer.status_code == 400
    assert f"最多 {MOST_UPDATE_BYTES // 1_000_000} MB" in answer.text


def test_a_file_that_is_a_little_too_large_is_refused_too(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "MOST_UPDATE_BYTES", 10)
    assert sent(office.browser("ann"), made(tmp_path, "0.2.0")) == "update_too_large"
