"""A workspace on disk: which files there are, and their decoded values. Everything wrong in any of them is gathered, none hides another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from harness.diagnostics import Diagnostic, Problems, Severity, problem
from harness.scenario.answers import Answer, decode_answers
from harness.scenario.customer import Customer, decode_customer
from harness.scenario.environment import Environment, decode_environment
from harness.scenario.nearest import did_you_mean
from harness.scenario.scenario import Flow, Scenario, decode_flow, decode_scenario
from harness.scenario.settings import Settings, decode_settings, expand_variables
from harness.scenario.shapes import Decoder, Invalid
from harness.scenario.source import Node, parse, read_source

MARKER = "repro.yaml"
KINDS = ("environments", "customers", "flows")
ANSWERS_FILE = "answers.yaml"
NOT_SCENARIOS = frozenset((MARKER, ANSWERS_FILE))
SKIPPED_FOLDERS = frozenset((*KINDS, "files", "reports", "node_modules"))

T = TypeVar("T")


@dataclass
class Workspace:
    """The files below one `repro.yaml`. Values are decoded when they are asked for, once; problems gather in `problems`."""

    root: Path
    settings: Settings
    environ: Mapping[str, str]
    shown_root: str
    problems: list[Diagnostic] = field(default_factory=list)
    _cache: dict[tuple[str, str], Any] = field(default_factory=dict)

    def customer(self, name: str) -> Customer | None:
        """The customer, or None when there is none or its file is wrong."""
        return self._get("customers", name, decode_customer)

    def environment(self, name: str) -> Environment | None:
        """The environment, with its variables put in."""
        return self._get(
            "environments", name, lambda id, node, decoder: decode_environment(id, expand_variables(node, self.environ, decoder), decoder)
        )

    def flow(self, name: str) -> Flow | None:
        """The flow."""
        return self._get("flows", name, decode_flow)

    def scenario(self, path: Path) -> Scenario | None:
        """The scenario in a file."""
        key = path.relative_to(self.root).with_suffix("").as_posix()
        found: Scenario | None = self._cached(("scenarios", key), lambda: self._decode(path, key, decode_scenario))
        return found

    def answers(self) -> dict[str, Answer]:
        """The team's `answers.yaml`; empty when there is none, or when it is wrong, which `problems` then say."""
        path = self.root / ANSWERS_FILE
        found: dict[str, Answer] | None = self._cached(
            ("answers", ""),
            lambda: self._decode(path, ANSWERS_FILE, lambda id, node, decoder: decode_answers(node, decoder)) if path.is_file() else {},
        )
        return found or {}

    def names(self, kind: str) -> tuple[str, ...]:
        """What there is in `customers`, `environments` or `flows`."""
        folder = self.root / kind
        return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml")))

    def read_everything(self) -> None:
        """Decodes also the customers, environments and flows that no scenario uses, for their problems; and finds what is never read."""
        for path in sorted(self.root.rglob("*.yml")):
            hint = f"rename it to {path.stem}.yaml"
            message = f"{self.show(path)} is not read: files of a workspace end in .yaml"
            self.problems.append(Diagnostic("wrong-suffix", message, hint=hint, severity=Severity.WARNING))
        self.read_below(self.root)

    def read_below(self, path: Path) -> int:
        """Decodes the customers, environments and flows that stand in this file or folder, for their problems; says how many there are."""
        below = path.resolve()
        count = 0
        for kind, get in (("customers", self.customer), ("environments", self.environment), ("flows", self.flow)):
            for name in self.names(kind):
                file = self.root / kind / f"{name}.yaml"
                if below == file or below in file.parents:
                    get(name)
                    count += 1
        return count

    def exists(self, kind: str, name: str) -> bool:
        """Whether there is such a file, right or wrong."""
        return name in self._listing(kind)

    def all_files(self) -> tuple[Path, ...]:
        """The scenario files, in the order of their ids."""
        return tuple(sorted(_scenario_files(self.root, self.root)))

    def _listing(self, kind: str) -> frozenset[str]:
        found: frozenset[str] = self._cached(("listing", kind), lambda: frozenset(self.names(kind)))
        return found

    def _get(self, kind: str, name: str, decode: Callable[[str, Node, Decoder], T]) -> T | None:
        if name not in self._listing(kind):
            return None
        found: T | None = self._cached((kind, name), lambda: self._decode(self.root / kind / f"{name}.yaml", name, decode))
        return found

    def _cached(self, key: tuple[str, str], make: Callable[[], Any]) -> Any:
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def _decode(self, path: Path, id: str, decode: Callable[[str, Node, Decoder], T]) -> T | None:
        decoder = Decoder()
        try:
            return decode(id, parse(read_source(path, self.show(path))), decoder)
        except Invalid:
            return None
        except Problems as problems:
            self.problems += problems.diagnostics
            return None
        finally:
            self.problems += decoder.problems

    def show(self, path: Path) -> str:
        """The path as the person gave it, or as near as can be."""
        return (Path(self.shown_root) / path.relative_to(self.root)).as_posix()


def _scenario_files(folder: Path, root: Path) -> Iterable[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or _leads_back(path):
            continue
        if path.is_dir():
            if (path.parent != root or path.name not in SKIPPED_FOLDERS) and not (path / MARKER).exists():
                yield from _scenario_files(path, root)
        elif path.suffix == ".yaml" and not (path.parent == root and path.name in NOT_SCENARIOS):
            yield path


def _leads_back(path: Path) -> bool:
    """Whether it is a link to a folder that it stands in."""
    return path.is_symlink() and path.resolve() in (path.parent.resolve(), *path.parent.resolve().parents)


def open_workspace(start: Path, environ: Mapping[str, str]) -> Workspace:
    """The workspace at or above `start`; a folder `scenarios/` in `start` counts too. Raises Problems."""
    begin = start.resolve()
    if not begin.exists():
        raise _missing(start)
    candidates = [begin, begin / "scenarios", *begin.parents] if begin.is_dir() else list(begin.parents)
    root = next((folder for folder in candidates if (folder / MARKER).is_file()), None)
    if root is None:
        raise problem("no-workspace", f"there is no {MARKER} at or above {start}", "`repro init` makes a workspace")
    shown = _relative(root)
    decoder = Decoder()
    try:
        source = read_source(root / MARKER, (Path(shown) / MARKER).as_posix())
        settings = decode_settings(expand_variables(parse(source), environ, decoder), decoder)
    except Invalid:
        raise Problems(decoder.problems) from None
    return Workspace(root, settings, environ, shown)


def is_part(workspace: Workspace, path: Path) -> bool:
    """Whether the path names customers, environments or flows."""
    below = path.resolve()
    return any(below == folder or folder in below.parents for folder in (workspace.root / kind for kind in KINDS)) and below.exists()


def select_files(workspace: Workspace, paths: Sequence[Path]) -> tuple[Path, ...]:
    """The scenario files that `paths` (files, folders or scenario ids) name, each once. Raises Problems for a path that names none."""
    if not paths:
        return workspace.all_files()
    chosen: dict[Path, None] = {}
    for path in paths:
        chosen.update(dict.fromkeys(_files_of(workspace, path)))
    return tuple(chosen)


def _files_of(workspace: Workspace, path: Path) -> tuple[Path, ...]:
    resolved = path.resolve()
    if not resolved.exists():
        by_id = workspace.root / f"{path.as_posix()}.yaml"
        if by_id.is_file():
            return (by_id,)
        raise _missing(path, workspace)
    if resolved != workspace.root and workspace.root not in resolved.parents:
        if resolved in workspace.root.parents:
            return workspace.all_files()
        raise problem("other-workspace", f"{path} is not in the workspace {workspace.shown_root}", "run one workspace at a time")
    first = next(iter(resolved.relative_to(workspace.root).parts), "")
    if resolved.is_dir() and first in SKIPPED_FOLDERS:
        raise problem("not-a-scenario", f"{path} holds no scenarios", f"name a folder of scenarios; {first}/ is for something else")
    if resolved.is_dir():
        return tuple(sorted(_scenario_files(resolved, workspace.root)))
    if first in KINDS or (resolved.name in NOT_SCENARIOS and resolved.parent == workspace.root):
        raise problem(
            "not-a-scenario", f"{path} is not a scenario", f"it stands in {first}/" if first in KINDS else "it is the workspace's own file"
        )
    return (resolved,)


def _missing(path: Path, workspace: Workspace | None = None) -> Problems:
    near = ""
    if workspace is not None:
        ids = [file.relative_to(workspace.root).with_suffix("").as_posix() for file in workspace.all_files()]
        near = did_you_mean(path.with_suffix("").as_posix(), ids)
    return problem("no-such-file", f"there is no file, folder or scenario `{path}`", near or "`repro list` shows what there is")


def _relative(path: Path) -> str:
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path == here or here in path.parents else path.as_posix()
