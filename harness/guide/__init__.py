"""The language on one page, for whoever writes a scenario for the first time: an AI agent, or a person in a hurry.

The lists of verbs and conditions are made from their declarations, so the page can't fall behind them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.scenario.condition import COMBINERS
from harness.scenario.conditions import CHECKS
from harness.scenario.reference import COMBINED
from harness.scenario.scenario import Scenario
from harness.scenario.shapes import specs
from harness.scenario.steps import VERBS

MOST_TOKENS = 6_000
CHARS_A_TOKEN = 3.1
"""Fewer than any tokenizer that was tried needs for a token of this text (3.3 to 3.6), so that an estimate errs upwards."""


def guide() -> str:
    """The page as Markdown, at most 6,000 tokens long."""
    text = (Path(__file__).parent / "guide.md").read_text(encoding="utf-8")
    parts = {"keys": _further_keys(), "verbs": "\n".join(_verbs()), "conditions": "\n".join(_conditions())}
    for name, content in parts.items():
        text = text.replace(f"@{name}@", content)
    return text


def estimated_tokens(text: str) -> int:
    """At least as many as a language model's tokenizer makes of it."""
    return int(len(text) / CHARS_A_TOKEN) + 1


def _further_keys() -> str:
    told = {"title", "ticket", "area", "report", "customer", "control", "setup", "steps", "symptom", "expected", "within"}
    return ", ".join(f"`{key}`" for key in specs(Scenario) if key not in told)


def _verbs() -> Iterator[str]:
    for _, cls in sorted(VERBS.items()):
        yield _line(cls.example, cls.summary, cls)


def _conditions() -> Iterator[str]:
    for key, cls in sorted(CHECKS.items()):
        yield _line(cls.example_of(key), cls.summary[key], cls)
    for key, text in COMBINERS.items():
        yield _line(COMBINED[key], text)


def _line(example: str, summary: str, cls: type | None = None) -> str:
    options = [spec.key for spec in specs(cls).values() if not spec.argument] if cls else []
    return f"{example}  # {summary.rstrip('.')}" + (f" [{', '.join(options)}]" if options else "")
