"""Two tills and a hub as three programs, a real PostgreSQL, and a line that is cut and lies."""

from tests.support.chains import Chain, everything_is_there_once, sell


def test_what_two_tills_sold_arrives_once_through_every_bad_day_of_the_line(chain: Chain) -> None:
    one, two = chain.open_till("1"), chain.open_till("2")
    for till in (one, two):
        sell(till, 3)
        state = till.ok("sync")
        assert (state["waiting"], state["reason"]) == (0, "")

    # The line is cut: both go on selling, and say why nothing moves.
    chain.line.cut()
    for till in (one, two):
        sell(till, 4)
        state = till.ok("sync")
        assert state["waiting"] > 0
        assert state["oldest"] != ""
        assert state["reason"] in ("no_connection", "no_answer")
        assert state["why_not"] != ""

    # It carries what is sent and loses every answer: the hub has it, the till cannot know.
    chain.line.heal()
    chain.line.loses_answers = True
    state = one.ok("sync")
    assert chain.line.lost > 0
    assert (state["waiting"] > 0, state["reason"]) == (True, "no_answer")
    head = one.ok("journal")["head"]
    assert (head,) in chain.rows("SELECT max(seq) FROM hub_entry GROUP BY journal")

    # The hub dies in the middle of it and is started again.
    chain.kill_the_hub()
    sell(two, 2)
    assert two.ok("sync")["waiting"] > 0
    chain.line.heal()
    chain.start_the_hub_again()
    for till in (one, two):
        state = till.ok("sync")
        assert (state["waiting"], state["reason"]) == (0, ""), state
        assert state["acknowledged"] == till.ok("journal")["head"]

    for till in (one, two):
        till.end()
    everything_is_there_once(chain, sales=7 + 9)
