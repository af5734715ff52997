"""The reference of the language as Markdown, derived from the declarations that decode it.

`python -m harness.scenario.reference` prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.scenario.action import Step
from harness.scenario.condition import COMBINERS, Leaf
from harness.scenario.conditions import CHECKS
from harness.scenario.customer import BrowserSettings, Customer, NetworkSettings
from harness.scenario.environment import Call, Environment, Question
from harness.scenario.http import Answer, JsonMatch
from harness.scenario.locators import ROLES, Locator
from harness.scenario.network import PROFILES
from harness.scenario.scenario import Flow, Scenario
from harness.scenario.settings import Settings
from harness.scenario.shapes import specs
from harness.scenario.steps import VERBS

COMBINED = {
    "all": 'all: [visible: heading "Invoices", hidden: alert]',
    "any": "any: [visible: alert, url: /error*]",
    "not": 'not: {visible: heading "Invoices"}',
}


def page() -> str:
    """docs/reference.md."""
    parts = [
        "# Reference\n\nMade from the code (`python -m harness.scenario.reference`). [language.md](language.md) explains.\n",
        _keys("A scenario", Scenario),
        _verbs(),
        _options_of("Options of one step or a few", VERBS),
        _keys("Options of every step", Step),
        _conditions(),
        _options_of("Operators of one condition or a few", CHECKS),
        _keys("Operators of every condition", Leaf),
        _keys("What an answer must be (`until`, and beside `response` and `api`)", Answer),
        _keys("A value in JSON", JsonMatch),
        _keys("A locator as a mapping", Locator),
        f"\n## Roles\n\n{', '.join(f'`{role}`' for role in sorted(ROLES))}\n",
        _keys("A flow", Flow),
        _keys("A customer", Customer),
        _keys("`browser:` of a customer", BrowserSettings),
        _keys("`network:` of a customer", NetworkSettings),
        f"\nNetwork profiles: online, offline, {', '.join(PROFILES)}.\n",
        _keys("An environment", Environment),
        _keys("A request of an environment (`apply`, `restore`)", Call),
        _keys("A question to an environment (`health`, `version`, `read_back`)", Question),
        _keys("`repro.yaml`", Settings),
    ]
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"\n## {title}\n", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _keys(title: str, cls: type) -> str:
    rows = ((f"`{spec.key}`", spec.doc + (" (required)" if spec.required else "")) for spec in specs(cls).values() if not spec.argument)
    return _table(title, ("key", "what it is"), rows)


def _options(cls: type) -> str:
    return " ".join(f"`{spec.key}`" for spec in specs(cls).values() if not spec.argument)


def _options_of(title: str, classes: Mapping[str, type]) -> str:
    """What each option is, and where it stands beside."""
    beside: dict[tuple[str, str], list[str]] = {}
    for name, cls in sorted(classes.items()):
        for spec in specs(cls).values():
            if not spec.argument:
                beside.setdefault((spec.key, spec.doc), []).append(f"`{name}`")
    rows = ((f"`{key}`", " ".join(names), doc) for (key, doc), names in sorted(beside.items()))
    return _table(title, ("key", "beside", "what it is"), rows)


def _verbs() -> str:
    rows = ((f"`{verb}`", cls.summary, f"`{cls.example}`", _options(cls)) for verb, cls in sorted(VERBS.items()))
    return _table("Steps", ("verb", "what it does", "example", "options"), rows)


def _conditions() -> str:
    rows = [(f"`{key}`", cls.summary[key], f"`{cls.example_of(key)}`", _options(cls)) for key, cls in sorted(CHECKS.items())]
    rows += [(f"`{key}`", text, f"`{COMBINED[key]}`", "") for key, text in COMBINERS.items()]
    return _table("Conditions", ("condition", "when it holds", "example", "operators"), rows)


if __name__ == "__main__":
    print(page(), end="")
