"""A value that is known only when it runs (`${saved.total}`) may stand wherever a condition takes one, and `validate` copes with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.diagnostics import Problems, Source
from harness.draft.write import to_yaml
from harness.scenario.checks import check_scenario
from harness.scenario.conditions import CHECKS
from harness.scenario.scenario import decode_scenario
from harness.scenario.shapes import Decoder, Invalid
from harness.scenario.source import parse, plain
from harness.scenario.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root: Path = tmp_path_factory.mktemp("ws")
    (root / "environments").mkdir()
    (root / "repro.yaml").write_text("environment: staging\n")
    (root / "environments/staging.yaml").write_text("base_url: https://staging.example.com\nallow_evaluate: true\n")
    return open_workspace(root, {})


def with_reference(data: Any) -> Iterator[Any]:
    """The data with one of its values after another replaced by a reference."""
    if isinstance(data, dict):
        yield from ({**data, key: each} for key in data for each in with_reference(data[key]))
    elif isinstance(data, list):
        yield from ([*data[:place], each, *data[place + 1 :]] for place in range(len(data)) for each in with_reference(data[place]))
    elif not isinstance(data, bool):
        yield from ("${saved.x}", "on ${today+1d}")


@pytest.mark.parametrize("key", sorted(set(CHECKS) - {"crashed", "unresponsive"}))  # these take `true` and nothing else
def test_each_condition_can_hold_a_reference_beside_any_other(workspace: Workspace, key: str) -> None:
    plainly = plain(parse(Source("example", CHECKS[key].example_of(key))))
    said = set()
    for data in with_reference(plainly):
        for symptom, expected in ((data, plainly), (plainly, data), (data, data)):
            text = to_yaml({"title": "x", "steps": ["reload"], "symptom": symptom, "expected": expected})
            decoder = Decoder()
            try:
                found = check_scenario(workspace, decode_scenario("x", parse(Source("x.yaml", text)), decoder))
            except (Problems, Invalid):
                found = ()  # where no reference may stand, that is said
            said |= {each.slug for each in (*decoder.problems, *found)}
    assert said & {"same-oracles", "bad-reference", "wrong-type", "wrong-value"}  # read as a value, or refused where none may stand
