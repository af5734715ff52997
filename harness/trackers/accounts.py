"""Addresses and credentials, from environment variables only. All of them are checked before anything is sent."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.core.secret import Secret
from harness.diagnostics import problem
from harness.trackers.model import Account, Kind

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class _Settings:
    name: str
    url: str
    default: str | None
    token: str
    email: str | None = None
    suffix: str = ""
    header: str = "Authorization"
    scheme: str = "Basic "


SETTINGS = {
    Kind.GITHUB: _Settings("GitHub", "GITHUB_API_URL", "https://api.github.com", "GITHUB_TOKEN", scheme="Bearer "),
    Kind.GITLAB: _Settings("GitLab", "GITLAB_URL", "https://gitlab.com", "GITLAB_TOKEN", header="PRIVATE-TOKEN", scheme=""),
    Kind.JIRA: _Settings("Jira", "JIRA_URL", None, "JIRA_TOKEN", "JIRA_EMAIL"),
    Kind.ZENDESK: _Settings("Zendesk", "ZENDESK_URL", None, "ZENDESK_TOKEN", "ZENDESK_EMAIL", "/token"),
}
TOKENS = tuple(each.token for each in SETTINGS.values())


def account_of(kind: Kind, environ: Mapping[str, str], needs_token: bool = True) -> Account:
    """Whom to talk to, and as whom. Without `needs_token` a credential that is not set is no problem. Raises Problems."""
    settings = SETTINGS[kind]
    asked = [settings.url] if settings.default is None else []
    asked += [name for name in (settings.email, settings.token) if name and needs_token]
    missing = [name for name in asked if not environ.get(name, "").strip()]
    if missing:
        are = "are" if len(missing) > 1 else "is"
        raise problem("tracker-settings", f"{' and '.join(missing)} {are} not set", _hint(settings))
    credential = _credential(settings, environ)
    variables = " and ".join(name for name in (settings.email, settings.token) if name)
    base = _base(settings.url, environ.get(settings.url, "").strip() or settings.default or "")
    return Account(settings.name, base, settings.header, settings.scheme, credential, variables)


def tokens_set(environ: Mapping[str, str]) -> dict[str, str]:
    """The tokens that are set here, name to value: what must not stand in any evidence."""
    return {name: environ[name].strip() for name in TOKENS if environ.get(name, "").strip()}


def _credential(settings: _Settings, environ: Mapping[str, str]) -> Secret:
    token = environ.get(settings.token, "").strip()
    whole = token
    if settings.email:
        pair = f"{environ.get(settings.email, '').strip()}{settings.suffix}:{token}"
        whole = base64.b64encode(pair.encode("utf-8")).decode("ascii")
    if not (whole.isascii() and whole.isprintable() and " " not in whole):
        raise problem("tracker-settings", f"{settings.token} holds characters that no token has", "copy it again, without quotes")
    return Secret(settings.token, whole)


def _base(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment or parts.username or not url.isprintable():
        raise problem("tracker-settings", f"{name} is not the address of a server", "write it as https://tracker.example.com")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise problem("tracker-settings", f"{name} begins with http://, and the token would be sent for anyone to read", "use https://")
    return url.rstrip("/")


def _hint(settings: _Settings) -> str:
    names = [name for name in (settings.url if settings.default is None else None, settings.email, settings.token) if name]
    return f"{settings.name} needs the environment variables {', '.join(names)}" if len(names) > 1 else f"{settings.name} needs {names[0]}"
