"""A cashier at the real window of a till that is joined to the practice payment network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.channels.practice.server import PracticeServer
from tests.support.practice import practising
from tests.ui.hands import Hands, at_the_window, begin_shift


@pytest.fixture
def network() -> Iterator[PracticeServer]:
    """The practice network, and what it was paid."""
    with practising(hold_s=0.2) as server:
        yield server


@pytest.fixture
def hands(qapp: object, tmp_path: Path, network: PracticeServer) -> Iterator[Hands]:
    """Signed in, in shift, joined to the network."""
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        desk = person.counter.desk
        desk.sign_in("301", "864209")
        desk.change_settings({"channel_address": network.address})
        desk.sign_in("101", "246810")
        yield person
