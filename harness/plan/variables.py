"""The defaults that `REPRO_*` variables give: `REPRO_WORKERS=4`. Pure: the environment is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.diagnostics import problem


@dataclass(frozen=True)
class FromEnvironment:
    """What the variables say."""

    environ: Mapping[str, str]

    def text(self, name: str) -> str | None:
        """The variable, or None."""
        return self.environ.get(f"REPRO_{name}") or None

    def words(self, name: str) -> tuple[str, ...]:
        """The variable as a list, with commas between."""
        return tuple(word.strip() for word in (self.text(name) or "").split(",") if word.strip())

    def number(self, name: str) -> int | None:
        """The variable as a whole number. Raises Problems."""
        text = self.text(name)
        if text is None:
            return None
        if not text.isdecimal() or int(text) < 1:
            raise problem("wrong-value", f"REPRO_{name} is `{text}`, expected a whole number of at least 1")
        return int(text)
