"""What we publish about working without a network is what tests hold, row by row."""

import socket

import pytest

from tests import offline_table


def test_the_published_table_is_made_from_the_tests() -> None:
    written = offline_table.PAGE.read_text(encoding="utf-8")
    assert written == offline_table.page(), "run: python -m tests.offline_table"


def test_it_says_of_each_part_of_the_day_what_happens() -> None:
    rows = offline_table.rows()
    assert {"卖货", "收钱", "退换", "货", "班次", "价格"} <= {row.area for row in rows}
    assert len({row.what for row in rows}) == len(rows)
    assert any(row.how != offline_table.AS_ALWAYS for row in rows), "it names what does not work"


@pytest.mark.without_network
def test_a_marked_test_reaches_nobody() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with socket.socket() as asking, pytest.raises(OSError, match="unreachable"):
            asking.connect(listening.getsockname())
