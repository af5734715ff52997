"""Integrations: a CRM sync that is queued and polled, and a webhook."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from typing import Any

from flask import Blueprint, jsonify

from harness.demo.app import mended, page, settings, signed_in, user, world

pages = Blueprint("integrations", __name__)
QUEUED_S = 0.4
RUNNING_S = 0.8
CONTACTS = 12
TOGETHER_S = 0.7
FAILURES = {
    "expired": "Failed: the CRM's token has expired. Connect it again.",
    "revoked": "Failed: the CRM refuses the token (403). Somebody has revoked it there.",
}
_ONE_AT_A_TIME = threading.Lock()


@pages.get("/integrations")
@signed_in
def integrations() -> Any:
    """The page."""
    key = hashlib.sha256(f"webhook {user().tenant}".encode()).hexdigest()[:24]
    return page("integrations.html", signing_key=f"whk_{key}")


@pages.get("/api/syncs")
@signed_in
def syncs() -> Any:
    """All syncs, the newest first."""
    return jsonify([_job(number, begun) for number, begun in world().store.jobs(user().tenant)])


@pages.post("/api/sync")
@signed_in
def sync() -> Any:
    """Begins a sync. A second request at the same moment joins the first one, but when the race is lost."""
    if not settings()["integrations"]["crm"]["enabled"]:
        return jsonify(error="The CRM integration is switched off. An owner can switch it on."), 409
    with _ONE_AT_A_TIME:
        return _begin_or_join()


def _begin_or_join() -> Any:
    jobs = world().store.jobs(user().tenant)
    minute = [number for number, begun in jobs if time.time() - begun < 60]
    if jobs and time.time() - jobs[0][1] < TOGETHER_S and not _race_lost():
        return jsonify(_job(*jobs[0]) | {"joined": True}), 202
    if len(minute) >= int(settings()["integrations"]["crm"]["sync_limit_per_minute"]):
        return jsonify(error="You can sync once a minute. Try again a little later."), 429
    number = world().store.begin_job(user().tenant)
    return jsonify(_job(number, time.time()) | {"joined": False}), 202


@pages.get("/api/jobs/<int:number>")
@signed_in
def job(number: int) -> Any:
    """One sync's state."""
    found = next(((each, begun) for each, begun in world().store.jobs(user().tenant) if each == number), None)
    return jsonify(_job(*found)) if found else (jsonify(error="no such job"), 404)


def _race_lost() -> bool:
    """Every so often, as `race.double_submit_rate` says: with 0.5 every second time. Counted, so that it is the same in every run."""
    if mended("double-sync"):
        return False
    rate = float(settings()["race"]["double_submit_rate"])
    count = world().store.count(user().tenant, "double")
    return math.floor(count * rate) > math.floor((count - 1) * rate)


def _job(number: int, begun: float) -> dict[str, Any]:
    crm = settings()["integrations"]["crm"]
    age = time.time() - begun
    if age < QUEUED_S or (crm["token"] == "expired" and not mended("sync-queued")):
        return {"id": number, "state": "queued", "message": "Queued"}
    if age < RUNNING_S:
        return {"id": number, "state": "running", "message": "Running"}
    if crm["token"] in FAILURES:
        return {"id": number, "state": "failed", "message": FAILURES[crm["token"]]}
    brought = 0 if crm["mapping"] == "custom" and not mended("sync-empty") else CONTACTS
    return {"id": number, "state": "done", "message": f"Done: {brought} of {CONTACTS} contacts"}


@pages.post("/api/webhook/test")
@signed_in
def send_test_event() -> Any:
    """Sends an event to the webhook, which answers at once; a retry all the same is the defect. Gives how this event was sent."""
    store, tenant = world().store, user().tenant
    earlier = len(store.deliveries(tenant))
    store.deliver(tenant, 1)
    if int(settings()["integrations"]["webhook"]["retries"]) > 0 and not mended("webhook-twice"):
        store.deliver(tenant, 2)
    return jsonify(deliveries=store.deliveries(tenant)[earlier:])
