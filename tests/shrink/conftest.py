"""The workspace of the engine's own tests, whose browser is a script."""

from tests.run.conftest import bench

__all__ = ["bench"]
