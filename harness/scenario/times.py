"""Moments as people write them: `2026-01-31T23:55`, `2026-01-31`, with or without an offset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from harness.scenario.shapes import ScalarShape, ShapeError


class Moment(ScalarShape):
    """A date, or a date and time. Without an offset it is the customer's local time."""

    expected = "a date and time such as 2026-01-31T23:55"

    def convert(self, value: Any) -> datetime:
        try:
            return datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise ShapeError(f"expected {self.expected}, found `{value}`") from None
