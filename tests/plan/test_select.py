"""Tags, shards and keys: what of a workspace is run, and under which names."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import workflow
from harness.diagnostics import Problems
from harness.plan.select import in_shard, tags_fit
from harness.scenario.scenario import Scenario, decode_scenario
from harness.scenario.shapes import Decoder
from harness.scenario.source import Source, parse


def scenario(tags: str = "[billing, slow]", status: str = "open") -> Scenario:
    text = f"title: T\narea: invoices\ntags: {tags}\nstatus: {status}\nsteps: [reload]\nsymptom: {{visible: alert}}\n"
    return decode_scenario("a", parse(Source("a.yaml", text)), Decoder())


@pytest.mark.parametrize(
    ("expression", "fits"),
    [
        ("billing", True),
        ("login", False),
        ("billing and slow", True),
        ("billing and not slow", False),
        ("not login", True),
        ("not not billing", True),
        ("login or billing and slow", True),
        ("(login or billing) and not slow", False),
        ("invoices", True),
        ("open and not fixed", True),
        ("(billing)and(slow)", True),
        ("Billing", False),
    ],
)
def test_tag_expressions(expression: str, fits: bool) -> None:
    assert tags_fit(scenario(), expression) is fits


@pytest.mark.parametrize("expression", ["", "and", "billing and", "(billing", "billing)", "billing slow", "not", "or billing", "()"])
def test_wrong_tag_expressions_are_told(expression: str) -> None:
    with pytest.raises(Problems, match="is not a tag expression"):
        tags_fit(scenario(), expression)


def test_shards_are_disjoint_and_make_the_whole() -> None:
    items = list(range(10))
    shards = [in_shard(items, f"{number}/3") for number in (1, 2, 3)]
    assert sorted(item for shard in shards for item in shard) == items
    assert max(map(len, shards)) - min(map(len, shards)) <= 1
    assert in_shard(items, None) == items
    assert in_shard(items, "5/20") == [4]
    assert in_shard(items, "20/20") == []


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "1/0", "a/b", "1/3/5", "-1/3", "1.5/3", ""])
def test_wrong_shards_are_told(shard: str) -> None:
    with pytest.raises(Problems, match="is not a shard"):
        in_shard([1, 2, 3], shard)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for folder in ("environments", "customers"):
        (tmp_path / folder).mkdir()
    (tmp_path / "repro.yaml").write_text("environment: staging\nattempts: 2\nwithin: 5s\n")
    (tmp_path / "environments/staging.yaml").write_text("base_url: https://staging.example.com\n")
    (tmp_path / "environments/live.yaml").write_text("base_url: https://live.example.com\nstep_timeout: 3s\n")
    for name in ("acme", "other"):
        (tmp_path / f"customers/{name}.yaml").write_text(f"tenant: {name}\n")
    return tmp_path


def planned(root: Path, **options: object):
    asked = workflow.Options(paths=(root,), **options)  # type: ignore[arg-type]
    return workflow.plan(workflow.check(asked, {}), asked)


def write(root: Path, name: str, more: str = "") -> None:
    path = root / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"title: T\nsteps: [reload]\nsymptom: {{visible: alert}}\n{more}")


def test_several_customers_are_several_rows_with_keys_of_their_own(workspace: Path) -> None:
    write(workspace, "billing/a")
    write(workspace, "billing-a", "control: other\n")
    plan = planned(workspace, customers=("acme", "other"))
    keys = [case.key for case in plan.cases]
    assert len(set(keys)) == len(keys) == 5
    assert [case.customer.id for case in plan.cases if case.customer] == ["acme", "other", "acme", "other", "other"]
    assert [key.endswith("--control") for key in keys] == [False, False, False, True, False]


def test_keys_differ_where_only_the_case_of_letters_does(workspace: Path) -> None:
    write(workspace, "invoice")
    write(workspace, "Invoice")
    keys = [case.key for case in planned(workspace).cases]
    assert len({key.lower() for key in keys}) == 2


def test_keys_are_safe_names_of_folders(workspace: Path) -> None:
    write(workspace, "strange name: ä?" + "x" * 150)
    (key,) = [case.key for case in planned(workspace).cases]
    assert len(key) <= 100
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert not key.startswith(".")


def test_a_control_that_is_the_customer_itself_is_not_run_twice(workspace: Path) -> None:
    write(workspace, "a", "customer: acme\ncontrol: acme\n")
    (row,) = planned(workspace).rows
    assert row.control is None


def test_the_command_line_comes_before_the_scenario_and_that_before_the_workspace(workspace: Path) -> None:
    write(workspace, "a", "customer: acme\nattempts: 3\nwithin: 1s\n")
    write(workspace, "b", "customer: acme\n")
    first, second = planned(workspace).cases
    assert (first.limits.attempts, first.limits.within_ms) == (3, 1000)
    assert (second.limits.attempts, second.limits.within_ms) == (2, 5000)
    first, second = planned(workspace, attempts=7, environments=("live",)).cases
    assert (first.limits.attempts, second.limits.attempts) == (7, 7)
    assert first.environment.id == "live"
    assert first.limits.step_timeout_ms == 3000


def test_one_tenant_is_locked_in_each_environment_by_itself(workspace: Path) -> None:
    write(workspace, "a", "customer: acme\n")
    (staging,) = planned(workspace).cases
    (live,) = planned(workspace, environments=("live",)).cases
    assert staging.locks != live.locks
    assert planned(workspace).cases[0].locks == staging.locks
