"""What holds for every test: nothing of this machine's settings or state is seen, and nothing is left on it."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # a machine that is busy makes no example wrong
pytest_plugins = ["pytester"]
KEPT = ("REPRO_BROWSER", "REPRO_WRITE_GOLDEN")


@pytest.fixture(autouse=True, scope="session")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Locks, notes and used codes go into a folder of the test run."""
    for name in [name for name in os.environ if name.startswith("REPRO_") and name not in KEPT]:
        del os.environ[name]
    os.environ["REPRO_STATE"] = str(tmp_path_factory.mktemp("state"))
