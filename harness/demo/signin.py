"""Signing in: password, lock-out, one-time code, single sign-on with a provider on another origin."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

import pyotp
from flask import Blueprint, make_response, redirect, render_template, request

from harness.demo import SECRETS
from harness.demo.app import COOKIE, mended, world
from harness.demo.store import User

pages = Blueprint("signin", __name__)
PENDING = "orbit_pending"


@pages.get("/")
def home() -> Any:
    """The start page."""
    return redirect("/dashboard")


@pages.get("/t/<tenant>/")
def tenant_home(tenant: str) -> Any:
    """A tenant's own address: with automatic sign-in it goes to the provider at once."""
    store = world().store
    if not store.has(tenant):
        return render_template("message.html", title="Unknown workspace", text="Check the address."), 404
    if store.session(request.cookies.get(COOKIE, "")):
        return redirect("/dashboard")
    if store.settings(tenant)["sso"]["auto_login"]:
        return redirect(f"/sso/start?tenant={quote(tenant)}")
    return render_template("login.html", tenant=tenant, error=None)


@pages.get("/login")
def form() -> Any:
    """The sign-in page."""
    return render_template("login.html", tenant=None, error=None)


@pages.post("/login")
def submit() -> Any:
    """Checks a password."""
    person = world().store.user(request.form.get("email", ""))
    given = request.form.get("password", "")
    if person is None:
        return _refused("The e-mail address or the password is wrong.")
    limit = world().store.settings(person.tenant)["security"]["lock_after"]
    if person.failures >= limit:
        return _refused("Your account is locked for 15 minutes after too many wrong passwords.")
    if (given if mended("percent-password") else unquote(given)) != person.password:
        world().store.failed(person.email, person.failures + 1)
        if person.failures + 1 >= limit:
            return _refused("Your account is locked for 15 minutes after too many wrong passwords.")
        return _refused("The e-mail address or the password is wrong.")
    world().store.failed(person.email, 0)
    if world().store.settings(person.tenant)["security"]["totp"]:
        response = make_response(redirect("/login/code"))
        response.set_cookie(PENDING, person.email, httponly=True, samesite="Lax")
        return response
    return _welcome(person)


@pages.get("/login/code")
def code_form() -> Any:
    """Asks for a one-time code."""
    return render_template("code.html", error=None)


@pages.post("/login/code")
def code_submit() -> Any:
    """Checks a one-time code."""
    person = world().store.user(request.cookies.get(PENDING, ""))
    if person is None:
        return redirect("/login")
    if not pyotp.TOTP(SECRETS["DEMO_TOTP"]).verify(request.form.get("code", "").strip(), valid_window=1):
        return render_template("code.html", error="This code is not valid."), 401
    return _welcome(person, "/" if mended("totp-forgets") else "/login")


@pages.post("/logout")
def leave() -> Any:
    """Signs out."""
    world().store.end_session(request.cookies.get(COOKIE, ""))
    response = make_response(redirect("/login"))
    response.delete_cookie(COOKIE)
    return response


@pages.get("/sso/start")
def sso_start() -> Any:
    """Sends the browser to the identity provider."""
    tenant = request.args.get("tenant", "")
    back = f"{request.host_url}sso/callback?tenant={quote(tenant)}"
    return redirect(f"{world().sso_url()}/authorize?redirect_uri={quote(back, safe='')}")


@pages.get("/sso/callback")
def sso_callback() -> Any:
    """The provider says who it is."""
    tenant, name = request.args.get("tenant", ""), request.args.get("user", "")
    store = world().store
    if not store.has(tenant):
        return redirect("/login")
    person = store.user(f"{name}@{tenant}.example") or (
        store.user(f"vic@{tenant}.example") if store.settings(tenant)["sso"]["provision"] else None
    )
    if person is not None:
        return _welcome(person)
    if store.settings(tenant)["sso"]["auto_login"] and not mended("sso-loop"):
        return redirect(f"/t/{quote(tenant)}/")
    return render_template("message.html", title="No access", text=f"{name} has no access to this workspace. Ask its owner."), 403


def _refused(message: str) -> Any:
    return render_template("login.html", tenant=None, error=message), 401


def _welcome(person: User, path: str = "/") -> Any:
    response = make_response(redirect("/dashboard"))
    response.set_cookie(COOKIE, world().store.begin_session(person), httponly=True, samesite="Lax", path=path)
    return response
