"""The plugin's hooks. It is loaded by every pytest session where the harness is installed, so it imports nothing but pytest until a
scenario file is found or the fixture is used."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.pytest_plugin import hooks

if TYPE_CHECKING:
    from harness.pytest_plugin.items import ScenarioFile
    from harness.pytest_plugin.session import Scenarios
    from harness.pytest_plugin.verdicts import Repro
    from harness.workflow import World

MARKER = "repro.yaml"
TRACES = ("on", "off", "decided")
VERDICTS = ("reproduced", "not_reproduced", "inconclusive")
NOTES = pytest.StashKey[Path]()
SCENARIOS = pytest.StashKey["Scenarios"]()
GATHERED = pytest.StashKey["list[Any]"]()


def at_least_one(text: str) -> int:
    """A whole number from 1 on. Raises ValueError."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"`{text}` is not a whole number of at least 1")
    return int(text)


def verdict(text: str) -> str:
    """One of the words for a verdict. Raises ValueError."""
    if text not in VERDICTS:
        raise ValueError(f"`{text}` is not one of {', '.join(VERDICTS)}")
    return text


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the command line, and the same as ini options."""
    group = parser.getgroup("repro", "customers' tickets as scenarios")
    add = group.addoption
    add("--repro-environment", action="append", default=[], metavar="NAME", help="environment, instead of the scenario's; may be repeated")
    add("--repro-customer", action="append", default=[], metavar="NAME", help="customer, instead of the scenario's; may be repeated")
    add("--repro-control", metavar="NAME", help="control customer, instead of the scenario's")
    add("--repro-attempts", type=at_least_one, metavar="N", help="attempts of each scenario")
    add("--repro-reports", metavar="DIR", help="where the run's folder with its report is made")
    add("--repro-trace", choices=TRACES, help="keep Playwright traces: always, never, or of attempts that decided")
    add("--repro-fail-on", action="append", type=verdict, metavar="VERDICT", help="fail on this verdict too; may be repeated")
    add("--repro-headed", action="store_true", help="show the browser")
    parser.addini("repro_environment", "environments, instead of the scenarios' own", type="args", default=[])
    parser.addini("repro_customer", "customers, instead of the scenarios' own", type="args", default=[])
    parser.addini("repro_attempts", "attempts of each scenario", default="")
    parser.addini("repro_reports", "where runs' folders are made, relative to the ini file", default="")
    parser.addini("repro_fail_on", "verdicts to fail on: reproduced, not_reproduced", type="args", default=[])
    parser.addini("repro_trace", "keep Playwright traces: on, off or decided", default="")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """The hook that gives scenarios what they take from outside."""
    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Where the processes of this session leave notes for each other; nothing is written before there is something to note."""
    _check_ini(config)
    given: dict[str, Any] = getattr(config, "workerinput", {})
    config.stash[NOTES] = Path(given.get("repro_notes") or Path(tempfile.gettempdir()) / f"repro-pytest-{uuid.uuid4().hex}")


def _check_ini(config: pytest.Config) -> None:
    attempts, trace = config.getini("repro_attempts"), config.getini("repro_trace")
    try:
        at_least_one(attempts or "1")
        for word in config.getini("repro_fail_on"):
            verdict(word)
    except ValueError as error:
        raise pytest.UsageError(f"in the ini file, {error}") from None
    if trace and trace not in TRACES:
        raise pytest.UsageError(f"repro_trace is one of {', '.join(TRACES)}, not `{trace}`")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist starts a worker."""
    node.workerinput["repro_notes"] = str(node.config.stash[NOTES])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """A scenario file of a workspace; any other file is none of our business."""
    if file_path.suffix != ".yaml":
        return None
    root = next((folder for folder in file_path.parents if (folder / MARKER).is_file()), None)
    if root is None:
        return None
    from harness.pytest_plugin.items import ScenarioFile

    scenarios = scenarios_of(parent.config)
    if not scenarios.is_scenario(file_path, root):
        return None
    return ScenarioFile.from_parent(parent, path=file_path, scenarios=scenarios, root=root)


def scenarios_of(config: pytest.Config) -> Scenarios:
    """What this process knows of scenarios."""
    if SCENARIOS not in config.stash:
        from harness.diagnostics import Problems
        from harness.pytest_plugin.session import Scenarios

        try:
            config.stash[SCENARIOS] = Scenarios(config, world_of(config), config.stash[NOTES])
        except Problems as problems:
            raise pytest.UsageError(str(problems)) from None
    return config.stash[SCENARIOS]


def world_of(config: pytest.Config) -> World:
    """What scenarios take from outside."""
    from harness.workflow import World

    given: World | None = config.hook.pytest_repro_world(config=config)
    return given if given is not None else World()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is going to be run is known."""
    if SCENARIOS not in session.config.stash:
        return
    from harness.pytest_plugin.items import ScenarioItem

    by_root: dict[Path, list[ScenarioItem]] = {}
    for item in session.items:
        if isinstance(item, ScenarioItem):
            by_root.setdefault(item.root, []).append(item)
    for root, items in by_root.items():
        rows = session.config.stash[SCENARIOS].settle(root, [item.row for item in items])
        for item, row in zip(items, rows, strict=True):
            item.row = row


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    """An open ticket has words of its own: that it reproduces is expected, and that it does not is news."""
    if not isinstance(report, pytest.TestReport) or report.when != "call" or ".yaml::" not in report.nodeid:
        return None
    known = dict(report.user_properties)
    if known.get("status") != "open" or report.failed:
        return None
    if known.get("verdict") == "reproduced":
        return "reproduced", "r", ("REPRODUCED", {"yellow": True})
    if known.get("verdict") == "not_reproduced":
        return "not reproduced", "n", ("NOT REPRODUCED", {"yellow": True})
    return None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
    """Browsers are closed; then the one process that has no other above it writes the report of all of them."""
    config = session.config
    if SCENARIOS in config.stash:
        config.stash[SCENARIOS].close()
    notes = config.stash[NOTES]
    if hasattr(config, "workerinput") or not notes.is_dir():
        return
    from harness.pytest_plugin.gather import gather

    interrupted = exitstatus == pytest.ExitCode.INTERRUPTED and not session.shouldstop
    config.stash[GATHERED] = gather(notes, world_of(config), interrupted, stopped=bool(session.shouldstop or session.shouldfail))
    shutil.rmtree(notes, ignore_errors=True)
    if any(each.report is None for each in config.stash[GATHERED]):
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Where the report is, and which open tickets may be closed."""
    if GATHERED in config.stash:
        terminalreporter.section("scenarios")
        for each in config.stash[GATHERED]:
            for line in each.told:
                terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    """A session that failed to begin has browsers too."""
    if SCENARIOS in config.stash:
        config.stash[SCENARIOS].close()


@pytest.fixture
def repro(request: pytest.FixtureRequest) -> Repro:
    """Runs a scenario in a real browser and gives its verdict: `repro("billing/x.yaml", customer="acme").verdict`."""
    from harness.pytest_plugin.verdicts import Repro

    return Repro(scenarios_of(request.config), (request.path.parent, request.config.rootpath))
