"""Whatever is done to a till's file without its key is found where it was done."""

from collections.abc import Iterator

import pytest

from app import verification
from app.journal import verify as checks
from app.journal.verify import EntriesCheck
from tests.tampering import TAMPERINGS, Scene, tampered


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = Scene(tmp_path_factory.mktemp("till") / "till")
    yield made
    made.till.close()


def missed(scene: Scene, times: int = len(TAMPERINGS)) -> set[str]:
    counted, left = tampered(scene, times, 7, lambda _line: None)
    assert counted["tampered"] == times
    return {each.what for each in left}


def test_every_kind_of_tampering_is_found_and_located(scene: Scene) -> None:
    """Ten thousand of them: python -m tests.tampering."""
    assert scene.check().ok
    assert missed(scene, 2 * len(TAMPERINGS)) == set()


@pytest.mark.parametrize(
    ("owner", "check", "let_through"),
    [
        (checks.JournalCheck, "_authentic", {"edit_hash_or_signature"}),
        (checks.JournalCheck, "_in_sequence", {"cut_tail", "delete"}),
        (EntriesCheck, "_missing_heads", {"cut_tail"}),
        (verification, "_feeds_as_signed", {"edit_received"}),
        (verification.tables_check, "differing_rows", {"edit_row", "delete_row", "insert_row"}),
    ],
)
def test_without_one_of_the_checks_something_would_pass(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    check: str,
    let_through: set[str],
) -> None:
    """The planted fault: one check finds nothing."""
    monkeypatch.setattr(owner, check, lambda *_: ())
    assert missed(scene, 2 * len(TAMPERINGS)) & let_through
