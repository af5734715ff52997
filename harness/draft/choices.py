"""What a new scenario may choose from, and how its file is called. Pure: it reads a workspace."""

from __future__ import annotations

import re

from harness.draft.skeleton import Choice, Choices
from harness.scenario.workspace import Workspace


def slug(ticket: str) -> str:
    """A file's name for a ticket: `SUP-1` is sup-1, and of an address it is the last part."""
    last = ticket.rstrip("/").rpartition("/")[2] if "://" in ticket else ticket
    return re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")[:60]


def choices_of(workspace: Workspace) -> Choices:
    """Customers, environments, flows and areas. What can't be read is listed by its name."""
    customers = [(name, workspace.customer(name)) for name in workspace.names("customers")]
    environments = [(name, workspace.environment(name)) for name in workspace.names("environments")]
    flows = [(name, workspace.flow(name)) for name in workspace.names("flows")]
    settings = workspace.settings
    return Choices(
        tuple(Choice(name, (each.name or "") if each else "") for name, each in customers),
        tuple(Choice(name, (each.name or each.base_url) if each else "") for name, each in environments),
        tuple(Choice(name, (each.title or "") if each else "") for name, each in flows),
        tuple(sorted({path.relative_to(workspace.root).parts[0] for path in workspace.all_files() if path.parent != workspace.root})),
        settings.customer,
        settings.environment,
        _baseline([each.baseline for _, each in customers if each and each.baseline], workspace.names("customers")),
    )


def _baseline(named: list[str], customers: tuple[str, ...]) -> str:
    """The customer that most others name as theirs, or one that is called so."""
    if named:
        return max(sorted(set(named)), key=named.count)
    return next((name for name in customers if "baseline" in name), "baseline")
