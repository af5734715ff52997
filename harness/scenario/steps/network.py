"""`network`: changes the connection."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.network import NETWORK, Profile
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class Network(Action):
    verb = "network"
    summary = "Changes the connection: online, offline, a profile (slow-3g …), or its latency and bandwidth."
    example = "network: offline"

    profile: str | Profile = argument(NETWORK, "online, offline, a profile, or {latency, download_kbps, upload_kbps}")
