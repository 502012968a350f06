"""The wrongs are the ones meant: each in one place, and none where no test could see it."""

import ast

from tests.mutation.mutants import mutants

SOURCE = '''
"""Words."""

def price(amount: int, *, least: int = 5) -> str:
    """More words."""
    assert amount, "never"
    if amount < least and not amount == 3:
        raise ValueError(f"too {amount} little")
    log("seen")
    return max(amount + 1, least)
'''


def test_one_small_wrong_at_a_time() -> None:
    found = [(each.line, each.what) for each in mutants(SOURCE)]
    whats = [what for _line, what in found]
    assert "compare: amount < least -> amount <= least" in whats
    assert "compare: amount == 3 -> amount != 3" in whats
    assert "arithmetic: amount + 1 -> amount - 1" in whats
    assert "number: 5 -> 6" in whats
    assert "word: 'seen' -> 'seXen'" in whats
    assert any(what.startswith("bound: max(") for what in whats)
    assert any(what.startswith("not raised: raise") for what in whats)
    assert {what.split(":")[0] for what in whats} == {
        *("compare", "logic", "arithmetic", "number", "word", "bound", "not raised", "not"),
        *("never", "always", "left out", "returns nothing"),
    }


def test_words_for_people_and_assertions_are_left_alone() -> None:
    for each in mutants(SOURCE):
        text = ast.unparse(tree := each.tree(SOURCE))
        assert "More words." in text and "'never'" in text and "too {amount} little" in text
        compile(tree, "mutant", "exec")
