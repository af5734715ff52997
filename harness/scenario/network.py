"""Network profiles: latency and bandwidth as a browser's developer tools name them."""

from __future__ import annotations

from dataclasses import dataclass

from harness.scenario.shapes import Choice, Duration, Either, Number, RecordOf, option


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Added latency in milliseconds; bandwidth in kilobits a second, None is unlimited."""

    latency_ms: int = option(Duration(), "what is added to every round trip", key="latency", default=0)
    download_kbps: float | None = option(Number(0), "kilobits a second towards the browser")
    upload_kbps: float | None = option(Number(0), "kilobits a second from the browser")


# The presets of Chrome's developer tools (front_end/core/sdk/NetworkManager.ts), as they were named before 2024 and since.
PROFILES = {
    "slow-3g": Profile(latency_ms=2000, download_kbps=400, upload_kbps=400),
    "fast-3g": Profile(latency_ms=563, download_kbps=1440, upload_kbps=675),
    "slow-4g": Profile(latency_ms=563, download_kbps=1440, upload_kbps=675),
    "fast-4g": Profile(latency_ms=165, download_kbps=8100, upload_kbps=1350),
}
NETWORK = Either(Choice("online", "offline", *PROFILES), RecordOf(Profile, "a network profile"))
