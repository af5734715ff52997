"""A configuration as single settings: nested mappings <-> dotted paths, what differs between two, and mixtures of two. Pure.

A path is the keys joined by dots, `integrations.crm.region`. A key that has a dot or a quotation mark in it, or is empty, is written as a
JSON string: `hosts."a.example.com".port`. Lists are leaves: a list is one setting. So is an empty mapping, which would be lost otherwise.

Nothing here knows what a setting is for: the caller puts the browser's, the network's and the clock beside the tenant's
settings under roots of their own (`browser.locale`, `network.profile`, `clock`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from itertools import accumulate
from typing import Any

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')


class Missing(Enum):
    """The value of a setting that is not there; not the same as null."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing.MISSING


@dataclass(frozen=True)
class SettingDiff:
    """One setting in which a customer and a baseline differ; either value may be MISSING, never both.

    Where one side has a mapping and the other a plain value, the whole mapping is the value. The two depths say how many
    of the path's leading keys are mappings on that side, so that taking the setting away leaves no empty mapping behind that was not there.
    """

    path: str
    customer_value: Any
    baseline_value: Any
    customer_depth: int = 0
    baseline_depth: int = 0


def join_path(keys: Iterable[str]) -> str:
    """The path of these keys."""
    return ".".join(json.dumps(key, ensure_ascii=False) if not key or "." in key or '"' in key else key for key in keys)


def split_path(path: str) -> tuple[str, ...]:
    """The keys of a path. Raises ValueError when it is not one: `a..b`, an open quotation mark."""
    keys: list[str] = []
    at = 0
    while True:
        part = _PART.match(path, at)
        if part is None:
            raise ValueError(f"`{path}` is not the path of a setting")
        keys.append(json.loads(part[0]) if part[0].startswith('"') else part[0])
        at = part.end() + 1
        if part.end() == len(path):
            return tuple(keys)
        if path[part.end()] != ".":
            raise ValueError(f"`{path}` is not the path of a setting")


def flatten(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Path -> value of every setting, in the mapping's order. Values are not copied."""
    return {join_path(keys): value for keys, value in _leaves(mapping, ())}


def unflatten(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The nested mapping that `flatten` came from. Raises ValueError for what is no path, and for a path through another's value."""
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        keys = split_path(path)
        parent = _parent(nested, keys, path)
        if keys[-1] in parent:
            raise ValueError(f"`{path}` is given twice")
        parent[keys[-1]] = value
    return nested


def differences(customer: Mapping[str, Any], baseline: Mapping[str, Any]) -> tuple[SettingDiff, ...]:
    """The settings in which the two differ: the customer's in their order, then those that only the baseline has.

    `mix(baseline, all of them) == customer` and `without(customer, all of them) == baseline`. true and 1 differ, 1 and 1.0 do not.
    """
    return tuple(_differing(_Pair((), customer, baseline, 0, 0)))


def mix(baseline: Mapping[str, Any], diffs: Iterable[SettingDiff]) -> dict[str, Any]:
    """The baseline with these settings as the customer has them. Raises ValueError when a path runs through a plain value."""
    mixed = _copied(baseline)
    for diff in diffs:
        _put(mixed, diff.path, diff.customer_value, diff.customer_depth)
    return mixed


def without(customer: Mapping[str, Any], diffs: Iterable[SettingDiff]) -> dict[str, Any]:
    """The customer's settings, with these as the baseline has them. Raises ValueError when a path runs through a plain value."""
    mixed = _copied(customer)
    for diff in diffs:
        _put(mixed, diff.path, diff.baseline_value, diff.baseline_depth)
    return mixed


def settable(path: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern covers the setting. `*` stands for any text, dots too: `integrations.*` covers `integrations.crm.region`.

    A pattern that covers a mapping covers what is in it: `integrations` and `integrations.crm` cover it as well. Case counts.
    """
    written = [join_path([key]) for key in split_path(path)]
    above = list(accumulate(written, lambda left, key: f"{left}.{key}"))
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in above)


def same(one: Any, other: Any) -> bool:
    """Equality of settings as JSON sees it: true is not 1, 1 is 1.0, and a number that is none equals itself."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (one != one and other != other)


@dataclass(frozen=True)
class _Pair:
    """The two sides at one place, and how many of its keys are mappings on each."""

    keys: tuple[str, ...]
    customer: Any
    baseline: Any
    customer_depth: int
    baseline_depth: int


def _differing(pair: _Pair) -> Iterator[SettingDiff]:
    if _is_split(pair):
        for child in _children(pair):
            yield from _differing(child)
    elif not same(pair.customer, pair.baseline):
        yield SettingDiff(join_path(pair.keys), pair.customer, pair.baseline, pair.customer_depth, pair.baseline_depth)


def _is_split(pair: _Pair) -> bool:
    """Whether to look inside: at mappings on both sides, or on one side, with settings in it, when the other has nothing there."""
    sides = [side for side in (pair.customer, pair.baseline) if side is not MISSING]
    return all(isinstance(side, Mapping) for side in sides) and any(sides)


def _children(pair: _Pair) -> Iterator[_Pair]:
    customer, customer_depth = _inside(pair.customer, pair.customer_depth, pair)
    baseline, baseline_depth = _inside(pair.baseline, pair.baseline_depth, pair)
    for key in dict.fromkeys((*customer, *baseline)):
        yield _Pair((*pair.keys, key), customer.get(key, MISSING), baseline.get(key, MISSING), customer_depth, baseline_depth)


def _inside(side: Any, depth: int, pair: _Pair) -> tuple[Mapping[str, Any], int]:
    return ({}, depth) if side is MISSING else (side, len(pair.keys))


def _leaves(value: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not isinstance(value, Mapping) or (keys and not value):
        yield keys, value
        return
    for key, inner in value.items():
        yield from _leaves(inner, (*keys, key))


def _parent(nested: dict[str, Any], keys: tuple[str, ...], path: str) -> dict[str, Any]:
    """The mapping that holds the last key; made where it is missing."""
    for key in keys[:-1]:
        nested = nested.setdefault(key, {})
        if not isinstance(nested, dict):
            raise ValueError(f"`{path}` runs through `{key}`, which is not a mapping")
    return nested


def _put(nested: dict[str, Any], path: str, value: Any, depth: int) -> None:
    keys = split_path(path)
    if value is MISSING:
        _remove(nested, keys, depth)
        return
    _parent(nested, keys, path)[keys[-1]] = _copied(value) if isinstance(value, Mapping) else value


def _remove(nested: dict[str, Any], keys: tuple[str, ...], depth: int) -> None:
    """Takes the setting away, and the mappings below `depth` keys that this empties."""
    inner = nested.get(keys[0])
    if len(keys) > 1 and not isinstance(inner, dict):
        return
    if len(keys) > 1 and isinstance(inner, dict):
        _remove(inner, keys[1:], depth - 1)
    if len(keys) == 1 or (not inner and depth < 1):
        nested.pop(keys[0], None)


def _copied(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, Mapping) else value for key, value in mapping.items()}
