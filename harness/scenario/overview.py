"""What a workspace holds, as rows of plain data: for whoever chooses a customer, a flow, an environment, or looks for a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.scenario.scenario import Param, Scenario
from harness.scenario.workspace import Workspace

CONFIGURATION = ("browser", "network", "clock", "settings")
NOT_SHOWN = frozenset(("http_credentials", "cookies", "headers", "local_storage"))
"""What may hold somebody's credentials."""


def scenario_rows(scenarios: Sequence[Scenario], workspace: Workspace) -> list[dict[str, Any]]:
    """id, status, area, customer, ticket, tags and title of each."""
    return [
        {
            "id": scenario.id,
            "status": scenario.status,
            "area": scenario.area or "",
            "customer": scenario.customer or workspace.settings.customer or "",
            "ticket": scenario.ticket or "",
            "tags": list(scenario.tags),
            "title": scenario.title,
        }
        for scenario in scenarios
    ]


def customer_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """Every customer that can be read: who they are, their accounts by name, and their configuration as written."""
    found = [customer for name in workspace.names("customers") if (customer := workspace.customer(name)) is not None]
    return [
        {
            "id": customer.id,
            "name": customer.name or "",
            "tenant": customer.tenant or "",
            "baseline": customer.baseline or "",
            "accounts": sorted(customer.accounts or {}),
            **{key: _shown(customer.data[key]) for key in CONFIGURATION if key in customer.data},
        }
        for customer in found
    ]


def environment_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """Every environment that can be read; `default` is the one of repro.yaml."""
    found = [each for name in workspace.names("environments") if (each := workspace.environment(name)) is not None]
    return [
        {
            "id": each.id,
            "name": each.name or "",
            "base_url": each.base_url,
            "allow_evaluate": each.allow_evaluate,
            "default": each.id == workspace.settings.environment,
        }
        for each in found
    ]


def flow_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """Every flow that can be read, with the parameters that have to be given and those that may be."""
    found = [flow for name in workspace.names("flows") if (flow := workspace.flow(name)) is not None]
    return [
        {
            "id": flow.id,
            "title": flow.title or "",
            "needs": sorted(name for name, param in (flow.params or {}).items() if _must_be_given(param)),
            "takes": sorted(name for name, param in (flow.params or {}).items() if not _must_be_given(param)),
        }
        for flow in found
    ]


def _shown(value: Any) -> Any:
    return {key: each for key, each in value.items() if key not in NOT_SHOWN} if isinstance(value, dict) else value


def _must_be_given(param: Param | None) -> bool:
    return param is None or param.default is None
