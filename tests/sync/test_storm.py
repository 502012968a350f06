"""A handful of tills that come back at once; and the rig itself, which has to see a bad hub."""

from tests.benchmarks.storm import storm


def test_everything_arrives_when_all_tills_come_back_at_once() -> None:
    (figure,) = storm(tills=10, bar_s=60)
    assert figure.met, figure


def test_a_hub_that_signs_for_what_it_did_not_keep_is_seen() -> None:
    (figure,) = storm(tills=4, bar_s=8, planted="loses_the_last")
    assert not figure.met


def test_a_hub_that_answers_nobody_is_seen() -> None:
    (figure,) = storm(tills=2, bar_s=4, planted="answers_nobody")
    assert not figure.met
    assert figure.more["entries at the hub"] == 0
