"""The demo application itself: what every page shares. The pages stand in `signin`, `dashboard`, `integrations` and `billing`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, render_template, request

from harness.demo.store import Store, User, wrong_settings

VERSION = "2026.1.3"
COOKIE = "orbit_session"
HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class World:
    """What the application is made of. `mended` are the ids of the defects that this instance does not have."""

    store: Store
    mended: frozenset[str]
    admin_token: str
    sso_url: Callable[[], str]


def world() -> World:
    """The running application's world."""
    found: World = current_app.config["WORLD"]
    return found


def mended(defect: str) -> bool:
    """Whether this instance is without a defect."""
    return defect in world().mended


def settings() -> dict[str, Any]:
    """The settings of the signed-in person's tenant."""
    found: dict[str, Any] = g.settings
    return found


def user() -> User:
    """Who is signed in."""
    found: User = g.user
    return found


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page for people who are signed in; others are sent to the sign-in page, API calls get 401."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        person = world().store.session(request.cookies.get(COOKIE, ""))
        if person is None:
            return (jsonify(error="sign in first"), 401) if request.path.startswith("/api/") else redirect("/login")
        g.user, g.settings = person, world().store.settings(person.tenant)
        return view(**values)

    return guarded


def page(template: str, **values: Any) -> str:
    """A page with the frame of the application."""
    accent = g.settings["branding"]["accent"]
    colours = {"accent": accent, "ink": ink_on(accent)} if HEX.fullmatch(accent) else None
    return render_template(template, user=g.user, settings=g.settings, mended=sorted(world().mended), colours=colours, **values)


def ink_on(accent: str) -> str:
    """The colour of the text on a button in the tenant's colour; always white is the defect."""
    if not HEX.fullmatch(accent) or not mended("white-on-white"):
        return "#ffffff"
    red, green, blue = (int(accent[place : place + 2], 16) for place in (1, 3, 5))
    return "#1d2433" if 0.299 * red + 0.587 * green + 0.114 * blue > 150 else "#ffffff"


def create_app(made_of: World) -> Flask:
    """The application."""
    from harness.demo import billing, dashboard, integrations, signin

    app = Flask(__name__)
    app.config["WORLD"] = made_of
    for module in (signin, dashboard, integrations, billing):
        app.register_blueprint(module.pages)
    _add_admin(app)
    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="ok"))
    app.add_url_rule("/version", "version", lambda: jsonify(version=VERSION, sha=f"{VERSION}+{'fixed' if made_of.mended else 'demo'}"))
    app.after_request(_no_store)
    app.register_error_handler(
        404, lambda error: (render_template("message.html", title="Page not found", text="There is nothing here."), 404)
    )
    return app


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _add_admin(app: Flask) -> None:
    """The admin API: settings of a tenant, and forgetting what happened to it."""

    def check(tenant: str) -> None:
        if request.headers.get("Authorization") != f"Bearer {world().admin_token}":
            abort(Response('{"error": "the token is wrong"}', 403, mimetype="application/json"))
        if not world().store.has(tenant):
            abort(Response('{"error": "no such tenant"}', 404, mimetype="application/json"))

    @app.get("/admin/tenants/<tenant>/settings")
    def read(tenant: str) -> Response:
        check(tenant)
        return jsonify(world().store.settings(tenant))

    @app.put("/admin/tenants/<tenant>/settings")
    def write(tenant: str) -> Any:
        check(tenant)
        given = request.get_json(silent=True)
        if not isinstance(given, dict):
            return jsonify(error="settings are a JSON object"), 400
        wrong = sorted(wrong_settings(given))
        if wrong:
            return jsonify(error="; ".join(wrong)), 400
        return jsonify(world().store.put_settings(tenant, given))

    @app.post("/admin/tenants/<tenant>/reset")
    def reset(tenant: str) -> Any:
        check(tenant)
        world().store.reset(tenant)
        return "", 204
