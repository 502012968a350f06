"""The planted faults still fit the source, change it, and name tests that exist."""

import ast

import pytest

from tests.faults.catalogue import Fault, catalogue
from tests.mutation.swapping import ROOT

FAULTS = catalogue()


@pytest.mark.parametrize("fault", FAULTS, ids=[each.name for each in FAULTS])
def test_a_planted_fault_is_one_change_in_one_place(fault: Fault) -> None:
    wrong = fault.tree()
    assert ast.dump(wrong) != ast.dump(ast.parse(fault.source()))
    compile(wrong, fault.path, "exec")
    assert fault.tests and all((ROOT / each).exists() for each in fault.tests)


def test_the_catalogue_covers_what_a_shop_fears() -> None:
    assert len(FAULTS) >= 20
    assert len({each.name for each in FAULTS}) == len(FAULTS)
    rooms = {each.path.split("/")[1] for each in FAULTS}
    assert rooms >= {"payments", "sales", "shifts", "members", "staff", "pricing", "money.py"}
