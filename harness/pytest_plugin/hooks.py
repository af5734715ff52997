"""The hook that this plugin adds to pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness.workflow import World


@pytest.hookspec(firstresult=True)
def pytest_repro_world(config: pytest.Config) -> World | None:
    """What scenarios take from outside: environment variables, clock, and the host of their browsers. The first answer counts."""
