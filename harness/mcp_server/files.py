"""Which files of the workspace an agent may name, and what it may write there. Nothing outside of the workspace, whatever it is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.diagnostics import Diagnostic, Problems, Severity, Source, problem
from harness.scenario.checks import check_scenario
from harness.scenario.nearest import did_you_mean
from harness.scenario.scenario import decode_scenario
from harness.scenario.shapes import Decoder, Invalid
from harness.scenario.source import MAX_BYTES, parse
from harness.scenario.workspace import Workspace


def scenario_paths(workspace: Workspace, names: Sequence[str]) -> tuple[Path, ...]:
    """The files, folders or ids as absolute paths in the workspace; the workspace itself without any. Raises Problems."""
    return tuple(_inside(workspace, name) for name in names) or (workspace.root,)


def _inside(workspace: Workspace, name: str) -> Path:
    root = workspace.root.resolve()
    if not name.isprintable():
        raise problem("not-a-scenario", "a file's name has no control characters", "choose another name")
    within = [base for base in (root, Path.cwd()) if _below(root, base / name)]
    if not within:
        raise problem("other-workspace", f"{name} is not in the workspace {workspace.shown_root}", "name a file below it, or its id")
    places = [(base / each).resolve() for base in within for each in (name, f"{name}.yaml") if _below(root, base / each)]
    found = next((path for path in places if path.exists()), None)
    if found is None:
        ids = [file.relative_to(workspace.root).with_suffix("").as_posix() for file in workspace.all_files()]
        near = did_you_mean(name.removesuffix(".yaml"), ids)
        raise problem("no-such-file", f"there is no file, folder or scenario `{name}`", near or "`workspace` lists what there is")
    return found


def _below(root: Path, path: Path) -> bool:
    """Wherever links lead."""
    return path.resolve() == root or root in path.resolve().parents


def examine(workspace: Workspace, path: Path, content: str) -> tuple[Diagnostic, ...]:
    """What the language has to say of a scenario that is not written yet: errors and warnings."""
    if len(content.encode("utf-8", "replace")) > MAX_BYTES:
        return (Diagnostic("file-too-large", "the scenario is larger than 1 MiB"),)
    decoder = Decoder()
    scenario_id = path.relative_to(workspace.root.resolve()).with_suffix("").as_posix()
    before = len(workspace.problems)
    try:
        scenario = decode_scenario(scenario_id, parse(Source(f"{scenario_id}.yaml", content)), decoder)
        checked = check_scenario(workspace, scenario)
    except Invalid:
        checked = ()
    except Problems as problems:
        checked = problems.diagnostics
    return tuple(dict.fromkeys((*decoder.problems, *checked, *workspace.problems[before:])))


def errors_among(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those that keep a scenario from being run."""
    return tuple(each for each in found if each.severity is Severity.ERROR)


def write_new(path: Path, content: str, overwrite: bool, shown: str) -> None:
    """Writes the file. Raises Problems where there is one already, or where it can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if overwrite else "x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise problem("file-exists", f"{shown} is there already", "give another name, or overwrite=true if it can go") from None
    except OSError as error:
        raise problem("unwritable-file", f"{shown} can't be written: {error.strerror}", "name another file") from None
