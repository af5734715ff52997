"""The demo's data: tenants with their settings, people, sessions, jobs, in one SQLite file. No web in here."""

from __future__ import annotations

import copy
import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.demo import SECRETS

DEFAULTS: dict[str, Any] = {
    "plan": "pro",
    "region": "us",
    "features": {"new_dashboard": False, "status_widget": False},
    "branding": {"custom_domain": False, "accent": ""},
    "billing": {"currency": "USD", "reverse_charge": False, "seat_price": 30},
    "data": {"invoices": 12, "deleted_customer": False},
    "integrations": {
        "crm": {"enabled": True, "token": "valid", "mapping": "standard", "sync_limit_per_minute": 60},
        "webhook": {"retries": 0},
    },
    "security": {"totp": False, "lock_after": 5},
    "sso": {"auto_login": False, "provision": True},
    "permissions": {"viewers_download": False},
    "race": {"double_submit_rate": 0},
}
TENANTS = (
    "baseline",
    "acme-eu", "fjord", "pacific", "sakura", "harbour", "maple", "rhine", "lagoon", "tundra", "cedar", "delta", "ember", "grove", "quartz",
    "summit", "willow", "zephyr", "onyx", "pebble", "raven", "birch", "coral",
)  # fmt: skip

SCHEMA = """
create table if not exists tenants (name text primary key, settings text not null);
create table if not exists users (email text primary key, tenant text, name text, role text, password text, failures integer default 0);
create table if not exists sessions (token text primary key, email text, tenant text);
create table if not exists jobs (id integer primary key autoincrement, tenant text, begun real);
create table if not exists events (id integer primary key autoincrement, tenant text, attempt integer);
create table if not exists counters (tenant text, name text, value integer, primary key (tenant, name));
"""


@dataclass(frozen=True)
class User:
    """Somebody who can sign in."""

    email: str
    tenant: str
    name: str
    role: str
    password: str
    failures: int


class Store:
    """One connection behind one lock: small data, short statements."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._run("begin")  # one commit, not one for each row
        for tenant in TENANTS:
            self._create(tenant)
        self._run("commit")

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    def _run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _create(self, tenant: str) -> None:
        self._run("insert or ignore into tenants values (?, ?)", tenant, json.dumps(DEFAULTS))
        people = (("jane", "Jane Doe", "owner", "DEMO_OWNER_PASSWORD"), ("vic", "Vic Ray", "viewer", "DEMO_VIEWER_PASSWORD"),
                  ("anna", "Anna Berg", "owner", "DEMO_PERCENT_PASSWORD"))  # fmt: skip
        for login, name, role, secret in people:
            email = f"{login}@{tenant}.example"
            self._run("insert or ignore into users values (?, ?, ?, ?, ?, 0)", email, tenant, name, role, SECRETS[secret])

    def has(self, tenant: str) -> bool:
        """Whether there is such a tenant."""
        return bool(self._run("select 1 from tenants where name = ?", tenant))

    def settings(self, tenant: str) -> dict[str, Any]:
        """What is in force, whole."""
        rows = self._run("select settings from tenants where name = ?", tenant)
        found: dict[str, Any] = json.loads(rows[0][0])
        return found

    def put_settings(self, tenant: str, given: dict[str, Any]) -> dict[str, Any]:
        """The defaults with what is given; nothing else stays."""
        merged = _merge(copy.deepcopy(DEFAULTS), given)
        self._run("update tenants set settings = ? where name = ?", json.dumps(merged), tenant)
        return merged

    def reset(self, tenant: str) -> None:
        """Forgets what happened: locks, sessions, jobs, events, counters."""
        for table in ("sessions", "jobs", "events", "counters"):
            self._run(f"delete from {table} where tenant = ?", tenant)
        self._run("update users set failures = 0 where tenant = ?", tenant)

    def user(self, email: str) -> User | None:
        """The person, or None."""
        rows = self._run("select * from users where email = ?", email.strip().lower())
        return User(*rows[0]) if rows else None

    def failed(self, email: str, failures: int) -> None:
        """Notes how often a password was wrong in a row."""
        self._run("update users set failures = ? where email = ?", failures, email)

    def begin_session(self, user: User) -> str:
        """A new session's token."""
        token = secrets.token_urlsafe(18)
        self._run("insert into sessions values (?, ?, ?)", token, user.email, user.tenant)
        return token

    def session(self, token: str) -> User | None:
        """Whose session it is."""
        rows = self._run("select email from sessions where token = ?", token)
        return self.user(rows[0][0]) if rows else None

    def end_session(self, token: str) -> None:
        """Signs out."""
        self._run("delete from sessions where token = ?", token)

    def begin_job(self, tenant: str) -> int:
        """A new sync's number."""
        with self._lock:
            self._run("insert into jobs (tenant, begun) values (?, ?)", tenant, time.time())
            return int(self._run("select last_insert_rowid()")[0][0])

    def jobs(self, tenant: str) -> list[tuple[int, float]]:
        """(number, when it began in seconds), the newest first."""
        return [(row[0], row[1]) for row in self._run("select id, begun from jobs where tenant = ? order by id desc", tenant)]

    def deliver(self, tenant: str, attempt: int) -> None:
        """Notes that an event was sent."""
        self._run("insert into events (tenant, attempt) values (?, ?)", tenant, attempt)

    def deliveries(self, tenant: str) -> list[int]:
        """The attempts of all events sent, in order."""
        return [row[0] for row in self._run("select attempt from events where tenant = ? order by id", tenant)]

    def count(self, tenant: str, name: str) -> int:
        """Counts up and gives the new value."""
        with self._lock:
            self._run("insert into counters values (?, ?, 1) on conflict (tenant, name) do update set value = value + 1", tenant, name)
            return int(self._run("select value from counters where tenant = ? and name = ?", tenant, name)[0][0])


def wrong_settings(given: dict[str, Any], known: dict[str, Any] = DEFAULTS, path: str = "") -> Iterator[str]:
    """A sentence for each setting whose value is of another kind than the default. Settings that are not known are kept as they are."""
    for key in given.keys() & known.keys():
        value, kind = given[key], _kind(known[key])
        if _kind(value) != kind:
            yield f"{path}{key} has to be {kind}, found {json.dumps(value)}"
        elif isinstance(value, dict):
            yield from wrong_settings(value, known[key], f"{path}{key}.")


def _kind(value: Any) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", dict: "a mapping"}
    return kinds.get(type(value), "something else")


def _merge(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    for key, value in given.items():
        base[key] = _merge(base[key], value) if isinstance(base.get(key), dict) and isinstance(value, dict) else value
    return base
