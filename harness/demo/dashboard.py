"""The dashboard: figures, a chart on a canvas, a list, a widget in a frame."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, jsonify, make_response, render_template

from harness.demo.app import mended, page, settings, signed_in
from harness.demo.invoices import invoices

pages = Blueprint("dashboard", __name__)
SLOW_S = 0.3
MOST = 1000
ACTIVE_USERS = (22, 31, 28, 40, 46, 43, 58, 61)


@pages.get("/dashboard")
@signed_in
def dashboard() -> Any:
    """The page; its figures come by API."""
    points = " ".join(f"{place * 40},{70 - people}" for place, people in enumerate(ACTIVE_USERS))
    return page("dashboard.html", active_users=points)


@pages.get("/api/revenue")
@signed_in
def revenue() -> Any:
    """The figures. The EU region's answer has no `regional` part, which the new dashboard counts on."""
    time.sleep(SLOW_S)
    series = [12, 18, 15, 22, 27, 25, 31]
    answer: dict[str, Any] = {"currency": settings()["billing"]["currency"], "series": series, "total": sum(series) * 1000}
    if settings()["region"] != "eu" or mended("blank-for-eu"):
        answer["regional"] = {"label": settings()["region"].upper()}
    return jsonify(answer)


@pages.get("/api/invoices")
@signed_in
def recent() -> Any:
    """The newest invoices; beyond a thousand the query fails."""
    if int(settings()["data"]["invoices"]) > MOST and not mended("too-many-invoices"):
        return jsonify(error="statement timeout"), 500
    return jsonify([{"number": each.number, "customer": each.customer, "total": each.total} for each in invoices(settings(), most=5)])


@pages.get("/widgets/status")
@signed_in
def status_widget() -> Any:
    """What stands in the frame."""
    if settings()["branding"]["custom_domain"] and not mended("framed-widget"):
        return make_response(render_template("widget.html", text="This content can't be shown here", ok=False), 403)
    return render_template("widget.html", text="All systems work", ok=True)
