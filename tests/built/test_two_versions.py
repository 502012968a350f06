"""From one built version to the next and back: a soak builds both, see `two_versions`.

What a version on trial does is tried in every run by `tests/ui/test_first_start.py`.
"""

import ast
from pathlib import Path

import pytest

from tests.built.later_version import BAD, SAID_ELSEWISE, STEP, STEP_FILE
from tests.built.two_versions import main
from tests.support.processes import ROOT


@pytest.mark.timeout(3600)
def test_a_shop_goes_to_the_next_version_and_back_from_one_that_cannot(
    tmp_path: Path, soak: bool
) -> None:
    if soak:
        assert main(["--keep", str(tmp_path)]) == 0
        return
    for name, before, _after in SAID_ELSEWISE:
        assert (ROOT / name).read_text(encoding="utf-8").count(before) == 1, name
    assert not (ROOT / STEP_FILE).exists()
    assert isinstance(ast.parse(STEP).body[-1], ast.FunctionDef)
    assert len(BAD) == 4
