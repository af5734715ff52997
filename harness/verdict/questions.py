"""What to ask the customer when a verdict did not settle it: the facts that the scenario was never given, most telling first. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What is known of the customer's circumstances; each flag says whether it was given."""

    decided: bool
    customer: bool
    settings: bool
    locale: bool
    timezone: bool
    browser: bool
    clock: bool
    network: bool
    expected: bool
    attempts: int
    further: int = 0
    area: str = ""


def questions(facts: Facts) -> tuple[str, ...]:
    """The questions, most telling first; none when the symptom was seen."""
    if facts.decided:
        return ()
    asked = (
        (not facts.customer, "Which customer and account is it? The scenario ran without anybody's configuration."),
        (
            facts.customer and not facts.settings,
            "Which settings does the tenant have? Ask for an export of its configuration; none was given.",
        ),
        (
            facts.further > 0,
            f"Is it rarer than every time? {facts.further} further clean attempts would rule out, with 95 % confidence,"
            " that it comes in one of five (`repro run --until-confident 0.95`).",
        ),
        (facts.attempts <= 1, "Does it happen every time? If not: how often, and after what? One attempt can't show what comes and goes."),
        (not facts.browser, "Which browser and version do they use, with which extensions (ad blockers above all)?"),
        (not facts.locale, "Which language is the browser set to? Dates, numbers and missing translations depend on it."),
        (not facts.timezone, "In which time zone are they, and which does their profile show?"),
        (not facts.clock, "On which day and at what time did it happen? Month ends and midnight matter."),
        (not facts.network, "From where do they connect: a slow line, a proxy, a VPN?"),
        (not facts.expected, "What should they have seen instead? Without it, only the symptom's absence can be told."),
        (True, "Can they send a recording: Chrome's DevTools Recorder (JSON), a HAR file, or a screen video?"),
    )
    return tuple(question for wanted, question in asked if wanted)
