"""A hub on PostgreSQL whose database is put back from yesterday's copy: every sale comes again."""

from urllib.parse import urlsplit

from tests.benchmarks.putting_back import put_back
from tests.support.chains import Chain, everything_is_there_once, sell
from tests.support.postgres import copy_database
from tests.support.talkers import Talker


def test_what_a_hub_lost_is_sent_again_and_counts_once(chain: Chain) -> None:
    name = urlsplit(chain.database).path.lstrip("/")
    one, two = chain.open_till("1"), chain.open_till("2")
    for till in (one, two):
        sell(till, 2)
        assert till.ok("sync")["waiting"] == 0
    chain.kill_the_hub()
    copy_database(chain.database, name, f"{name}_copy")

    # A day goes by, and is lost at the hub. Nobody says so.
    chain.start_the_hub_again()
    for till in (one, two):
        sell(till, 3)
        assert till.ok("sync")["waiting"] == 0
    before = incarnation(chain)
    chain.kill_the_hub()
    copy_database(chain.database, f"{name}_copy", name)
    chain.start_the_hub_again()

    # The first till that sells shows the hub its own words; the idle one hears of it.
    sell(one, 1)
    all_is_sent(one, two)
    found_out = incarnation(chain)
    assert found_out != before

    # It is put back once more, and this time it says so: nobody needs to sell anything.
    chain.kill_the_hub()
    copy_database(chain.database, f"{name}_copy", name)
    chain.start_the_hub_again("--restored")
    assert incarnation(chain) not in (before, found_out)
    all_is_sent(one, two)
    for till in (one, two):
        till.end()
    everything_is_there_once(chain, sales=2 * 5 + 1)


def all_is_sent(*tills: Talker) -> None:
    for till in tills:
        for _ in range(2):
            # It hears of the new hub, looks what is missing, and sends that.
            state = till.ok("sync")
        assert (state["waiting"], state["reason"]) == (0, ""), state


def incarnation(chain: Chain) -> object:
    ((found,),) = chain.rows("SELECT value FROM hub_mark WHERE name = 'incarnation'")
    return found


def test_a_whole_chain_sends_again_what_a_hub_lost_that_nobody_told_anything() -> None:
    (figure,) = put_back(tills=3, sales=30, kept=10, rests=False)
    assert figure.met, figure
    assert figure.more["sales at the hub before / lost / after"] == "120 / 90 / 121"
