"""`save`."""

from __future__ import annotations

import json
from typing import Any

from harness.browser.locate import locate
from harness.browser.numbers import parse_number
from harness.browser.performers.request import call
from harness.browser.performers.support_.target import act
from harness.run.ports import Performed, StepFailed
from harness.scenario.http import MISSING, at_path
from harness.scenario.locators import Locator
from harness.scenario.steps.save import Kept, Save

ACTION = Save


async def perform(session: Any, action: Save, timeout_ms: int) -> Performed:
    """Keeps the values."""
    return Performed(saved={name: await _value(session, kept, timeout_ms) for name, kept in action.values.items()})


async def _value(session: Any, kept: Kept, timeout_ms: int) -> Any:
    value = await _raw(session, kept, timeout_ms)
    if kept.matches is None:
        return value
    found = kept.matches.search(str(value))
    if found is None:
        raise StepFailed(f"`{kept.matches.pattern}` finds nothing in {str(value)[:100]!r}")
    return found[1] if found.re.groups else found[0]


async def _raw(session: Any, kept: Kept, timeout_ms: int) -> Any:
    page = session.view().page
    if kept.url:
        return page.url
    if kept.json_of is not None:
        return await _json(session, kept, timeout_ms)
    if kept.count_of is not None:
        return await session.view().how_many(locate(page, kept.count_of))
    if kept.value_of is not None:
        return await _read(session, kept.value_of, lambda target: target.input_value(timeout=timeout_ms))
    if kept.attribute_of is not None:
        return await _read(session, kept.attribute_of, lambda target: target.get_attribute(kept.name or "", timeout=timeout_ms))
    text_of = kept.text_of or kept.number_of
    assert text_of is not None
    text = " ".join((await _read(session, text_of, lambda target: _shown(session, target, timeout_ms))).split())
    return text if kept.number_of is None else _number(text, session.spec.browser.locale)


async def _shown(session: Any, target: Any, timeout_ms: int) -> str:
    """The text of an element, or what stands in it where it is a field."""
    text = str(await target.inner_text(timeout=timeout_ms))
    is_field = not text and await target.and_(session.view().page.locator("input, textarea")).count() == 1
    return str(await target.input_value(timeout=timeout_ms)) if is_field else text


def _number(text: str, locale: str | None) -> float:
    number = parse_number(text, locale)
    if number is None:
        raise StepFailed(f"{text[:100]!r} is no number")
    return int(number) if number.is_integer() else number  # as one would type it


async def _read(session: Any, locator: Locator, work: Any) -> Any:
    values: list[Any] = []

    async def keep(target: Any) -> None:
        values.append(await work(target))

    await act(session, locator, keep)
    return values[0]


async def _json(session: Any, kept: Kept, timeout_ms: int) -> Any:
    answer = await call(session, kept.json_of, timeout_ms)
    try:
        data = json.loads(answer.text)
    except ValueError:
        raise StepFailed(f"the answer is no JSON: {' '.join(answer.text.split())[:100]!r}") from None
    found = at_path(data, kept.path) if kept.path else data
    if found is MISSING:
        raise StepFailed(f"the answer has no {kept.path}")
    return found
