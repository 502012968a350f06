"""Any order of what people do in a shop leaves books that agree, to the fen and the last number."""

from pathlib import Path

import hypothesis
from hypothesis.stateful import run_state_machine_as_test as run

from tests.property.shop_machine import AroundTheShop

DAYS, STEPS = 4, 25
SOAK_DAYS, SOAK_STEPS = 5_000, 50


def test_any_order_of_things_in_a_shop_leaves_books_that_agree(
    demo_folder: Path, soak: bool
) -> None:
    class Here(AroundTheShop):
        template = demo_folder

    profile = hypothesis.settings(
        max_examples=SOAK_DAYS if soak else DAYS,
        stateful_step_count=SOAK_STEPS if soak else STEPS,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    run(Here, settings=profile)
