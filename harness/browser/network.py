"""The customer's connection: offline, or slower than the harness's own."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from playwright.async_api import BrowserContext, CDPSession, Page

from harness.run.ports import StepFailed
from harness.scenario.network import PROFILES, Profile

# A page keeps the connection of every session that asked for one, so one session a page asks.
_SESSIONS: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


async def emulate(context: BrowserContext, page: Page, profile: str | Profile | None, chromium: bool) -> None:
    """Gives a context that connection. Only Chromium can be slowed down. Raises StepFailed where it can't."""
    if profile is None:
        return
    await context.set_offline(profile == "offline")
    chosen = PROFILES.get(profile) if isinstance(profile, str) else profile
    if chosen is None and not chromium:
        return
    if not chromium:
        raise StepFailed("only Chromium can slow a connection down")
    cdp = _SESSIONS.get(page)
    if cdp is None:
        cdp = _SESSIONS[page] = await context.new_cdp_session(page)
    limits = chosen or Profile()
    await cdp.send(
        "Network.emulateNetworkConditions",
        {
            "offline": profile == "offline",
            "latency": limits.latency_ms,
            "downloadThroughput": _bytes_a_second(limits.download_kbps),
            "uploadThroughput": _bytes_a_second(limits.upload_kbps),
        },
    )


def _bytes_a_second(kbps: float | None) -> float:
    """-1 is unlimited in the protocol."""
    return -1 if kbps is None else kbps * 1000 / 8
