"""Where a result was got: the address and the version of its own environment. Older records know only those of the run as a whole, which
are the result's when the run had no other environment."""

from __future__ import annotations

from harness.record.model import Result, RunInfo


def address_of(run: RunInfo, result: Result) -> str | None:
    """The address of the result's environment; None when it is not known."""
    return result.base_url or _if_only(run, result, run.base_url)


def version_of(run: RunInfo, result: Result) -> str | None:
    """The version of the result's environment; None when it is not known."""
    return result.environment_version or _if_only(run, result, run.environment_version)


def _if_only(run: RunInfo, result: Result, told: str | None) -> str | None:
    return told if run.environment in (None, result.environment) else None
