"""Holds a browser to the hosts of its environment, below the page: what is not allowed is never connected to.

Chromium resolves every host name and every address through its host rules, so redirects, frames, workers, sockets, beacons,
prefetches and downloads all meet them. WebRTC, which sends datagrams past the resolver, is kept to proxied
connections, of which there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from harness.core.globs import host_allowed, split_port
from harness.scenario.nearest import did_you_mean

FREE_SCHEMES = ("about", "data", "blob", "chrome-error")
HELD_ERRORS = ("ERR_NAME_NOT_RESOLVED", "ERR_ADDRESS_INVALID", "ERR_BLOCKED_BY_CLIENT")


def hosts_of(base_url: str, allow_hosts: Sequence[str]) -> tuple[str, ...]:
    """Everything that may be reached: base_url's host, on any port, and what the environment allows besides."""
    return (urlsplit(base_url).hostname or "", *allow_hosts)


def chromium_rules(hosts: Sequence[str]) -> list[str]:
    """Launch arguments that make every other host unknown to the browser."""
    excluded = [split_port(host)[0] for host in hosts]
    rules = ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in dict.fromkeys(excluded) if host)])
    return [
        f"--host-resolver-rules={rules}",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-quic",
    ]


def with_ports(hosts: Sequence[str]) -> tuple[str, ...]:
    """The patterns that name a port: the resolver knows none, so these are checked request by request."""
    return tuple(host for host in hosts if split_port(host)[1] is not None)


def complaint(url: str, hosts: Sequence[str]) -> str:
    """Why a scenario may not go to an address; empty when it may."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(parts.scheme)
    except ValueError:
        return f"{url[:200]} is not an address"
    if parts.scheme in FREE_SCHEMES:
        return ""
    if parts.scheme not in ("http", "https", "ws", "wss") or not parts.hostname:
        return f"addresses that begin with `{parts.scheme}:` are not allowed"
    if host_allowed(parts.hostname, port, hosts):
        return ""
    hint = did_you_mean(parts.hostname, hosts)
    return f"the host {parts.hostname} is not allowed: the environment's `allow_hosts` does not name it{f' ({hint})' if hint else ''}"
