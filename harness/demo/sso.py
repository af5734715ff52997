"""The stand-in for a customer's identity provider: another origin, asks for a name once, and remembers it in a cookie of its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, make_response, redirect, render_template, request

COOKIE = "idp_user"


def create_provider(allowed_host: str) -> Flask:
    """The provider; it sends people back to `allowed_host` only."""
    app = Flask(__name__)

    def back(target: str, name: str) -> Any:
        if urlsplit(target).hostname != allowed_host:
            return render_template("message.html", title="Unknown application", text="This application is not registered."), 400
        return redirect(f"{target}&user={quote(name)}")

    @app.get("/authorize")
    def authorize() -> Any:
        target, name = request.args.get("redirect_uri", ""), request.cookies.get(COOKIE)
        return back(target, name) if name else render_template("provider.html", target=target)

    @app.post("/authorize")
    def submit() -> Any:
        target, name = request.form.get("redirect_uri", ""), request.form.get("name", "")
        response = make_response(back(target, name))
        response.set_cookie(COOKIE, name, httponly=True, samesite="Lax")
        return response

    return app
