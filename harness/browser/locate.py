"""Our locators as Playwright's."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import FrameLocator, Page
from playwright.async_api import Locator as PlaywrightLocator

from harness.scenario.locators import Locator

Root = Page | FrameLocator | PlaywrightLocator
_STATES = ("checked", "disabled", "expanded", "level", "pressed", "selected")


def locate(root: Root, locator: Locator) -> PlaywrightLocator:
    """The Playwright locator, strict as all of them are."""
    if locator.frame is not None:
        root = locate(root, locator.frame).content_frame
    base = locate(root, locator.within) if locator.within is not None else root
    found = _by_kind(base, locator)
    if locator.has_text is not None:
        found = found.filter(has_text=locator.has_text)
    if locator.has is not None:
        found = found.filter(has=locate(_page_of(found), locator.has))
    if locator.visible is not None:
        found = found.filter(visible=locator.visible)
    return found.nth(locator.nth) if locator.nth is not None else found


def _page_of(found: PlaywrightLocator) -> Page:
    return found.page


def _by_kind(root: Root, locator: Locator) -> PlaywrightLocator:
    exact: dict[str, Any] = {} if locator.exact is None else {"exact": locator.exact}
    match locator.kind:
        case "role":
            return _by_role(root, locator, exact)
        case "label":
            return root.get_by_label(_text(locator.label), **exact)
        case "placeholder":
            return root.get_by_placeholder(_text(locator.placeholder), **exact)
        case "text":
            return root.get_by_text(_text(locator.text), **exact)
        case "testid":
            return root.get_by_test_id(_text(locator.testid))
        case "alt":
            return root.get_by_alt_text(_text(locator.alt), **exact)
        case "title":
            return root.get_by_title(_text(locator.title), **exact)
        case "css":
            return root.locator(f"css={locator.css}")
        case _:
            return root.locator(f"xpath={locator.xpath}")


def _by_role(root: Root, locator: Locator, exact: dict[str, Any]) -> PlaywrightLocator:
    if locator.role == "iframe":
        return _iframe(root, locator.name)
    states = {state: getattr(locator, state) for state in _STATES if getattr(locator, state) is not None}
    if any(value == "mixed" for value in states.values()):
        return root.locator(_role_selector(locator, states))
    role: Any = locator.role
    return root.get_by_role(role, name=locator.name, **states, **exact)


def _iframe(root: Root, name: str | re.Pattern[str] | None) -> PlaywrightLocator:
    """ARIA snapshots print frames as `iframe`, which is no role that Playwright looks up; their name is the title."""
    frames = root.locator("css=iframe, frame")
    return frames if name is None else frames.and_(_page_of(frames).get_by_title(name))


def _role_selector(locator: Locator, states: dict[str, Any]) -> str:
    """`mixed` is a state that only the selector engine knows."""
    parts = [f"[{state}={str(value).lower()}]" for state, value in states.items()]
    if isinstance(locator.name, re.Pattern):
        parts.append(f"[name=/{locator.name.pattern}/{'i' if locator.name.flags & re.I else ''}]")
    elif locator.name is not None:
        quoted = locator.name.replace("\\", "\\\\").replace('"', '\\"')
        parts.append(f'[name="{quoted}"{"" if locator.exact else "i"}]')
    return f"role={locator.role}" + "".join(parts)


def _text(value: str | re.Pattern[str] | None) -> str | re.Pattern[str]:
    assert value is not None
    return value
