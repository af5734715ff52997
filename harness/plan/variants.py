"""Customers between a customer and a baseline: the same tenant, with some settings of the one and some of the other. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

from harness.diagnostics import Source
from harness.plan.model import Case
from harness.scenario.customer import Customer, decode_customer
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse
from harness.verdict.settings import SettingDiff, differences, mix

PARTS = ("settings", "browser", "network", "clock")


def configuration_of(customer: Customer) -> dict[str, Any]:
    """Everything of a customer that can differ: the tenant's settings at the top, browser, network and clock below their names."""
    data = customer.data
    settings = dict(data.get("settings") or {})
    return {**settings, **{part: data[part] for part in PARTS[1:] if data.get(part) is not None}}


def differing(customer: Customer, baseline: Customer) -> tuple[SettingDiff, ...]:
    """What differs, the likeliest causes first: the tenant's settings before those of the browser."""
    found = differences(configuration_of(customer), configuration_of(baseline))
    return tuple(sorted(found, key=lambda diff: diff.path.partition(".")[0] in PARTS))


def variant(customer: Customer, baseline: Customer, chosen: Iterable[SettingDiff]) -> Customer:
    """The customer with the baseline's configuration, but for the chosen settings, which are the customer's."""
    mixed = mix(configuration_of(baseline), chosen)
    rest = {key: value for key, value in customer.data.items() if key not in PARTS}
    parts = {part: mixed.pop(part) for part in PARTS[1:] if part in mixed}
    return _decoded(customer.id, {**rest, **parts, "settings": mixed})


def _decoded(id: str, data: Mapping[str, Any]) -> Customer:
    """A customer from plain data: JSON is YAML 1.2, so the file's own decoder reads it."""
    return decode_customer(id, parse(Source(f"{id} (mixed)", json.dumps(data, ensure_ascii=False))), Decoder())


def probe_case(case: Case, customer: Customer, number: int) -> Case:
    """The case of one probe: its attempts are told one by one when to stop."""
    return dataclasses.replace(case, key=f"{case.key[:80]}--probe-{number}", customer=customer)
