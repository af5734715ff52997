"""docs/trust.md names every warning, and its table says what `--prove` says."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

from harness.scenario import advice
from harness.verdict.outcome import Outcome
from harness.verdict.proof import Answer, Compared, prove

PAGE = (Path(__file__).resolve().parents[2] / "docs/trust.md").read_text(encoding="utf-8")
YES, NO, UNKNOWN = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE
ANY = (YES, NO, UNKNOWN, None)
MEANT: dict[str, tuple[Outcome | None, ...]] = {
    "reproduced": (YES,),
    "not reproduced": (NO,),
    "not decided": (UNKNOWN,),
    "not reproduced, or inconclusive": (NO, UNKNOWN),
    "none": (None,),
    "not given": (None,),
    "any": ANY,
}
ANSWERS = {"proven": (Answer.PROVEN, "0"), "refuted": (Answer.REFUTED, "1"), "not proven": (Answer.OPEN, "3")}


def rows(after: str) -> list[list[str]]:
    """The cells of the first table behind a heading."""
    table = re.search(r"\n\|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE[PAGE.index(after) :])
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]


def test_every_warning_is_named() -> None:
    tree = ast.parse(Path(advice.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_warning"]
    slugs = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert {row[0].strip("`") for row in rows("## What `repro validate`")} == slugs


def test_the_table_of_proofs_is_whole_and_right() -> None:
    told: dict[tuple[Outcome | None, ...], Answer] = {}
    for customer, control, fixed, answer, code in rows("## Prove a scenario"):
        said = ANSWERS[re.split("[:;]", answer)[0]]
        assert said[1] == code
        for case in itertools.product(MEANT[customer], MEANT[control], MEANT[fixed]):
            assert case not in told, f"{case} is told of twice"
            told[case] = said[0]
    assert set(told) == set(itertools.product((YES, NO, UNKNOWN), ANY, ANY))
    for (customer_, control_, fixed_), answer_ in told.items():
        assert customer_ is not None
        compared = [None if each is None else Compared("there", each, "") for each in (control_, fixed_)]
        assert prove(customer_, *compared, None).answer is answer_, (customer_, control_, fixed_)
