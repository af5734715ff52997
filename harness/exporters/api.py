"""API calls: as Playwright writes them where that says it all, else by the script's own helper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.core.secret import Secret, reveal
from harness.exporters.code import Call, Expr, Lit, helper, lit
from harness.exporters.conditions import plain_headers
from harness.exporters.making import Making
from harness.exporters.values import Runtime
from harness.scenario.action import split_endpoint

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")


def succeeding(making: Making, on: Expr, endpoint: Any, body: Any = None, timeout: Mapping[str, Expr] | None = None, **more: Any) -> Expr:
    """The call whose answer has to be a success, or to have one of the statuses `more` names; `on` is a request context of Playwright's.
    `more` are form, headers and status as the language has them."""
    method, url = split_endpoint(endpoint)
    form = {name: reveal(value) for name, value in more["form"].items()} if more.get("form") is not None else None
    body = body.reveal() if isinstance(body, Secret) else body
    headers, status = lit(plain_headers(more.get("headers"))), more.get("status")
    given: dict[str, Any] = {"form": lit(form), "headers": headers, **(timeout or {})}
    if not status and method in METHODS and making.is_plain(url) and _is_data(making, body):
        options = {name: value for name, value in {"data": lit(body), **given}.items() if value is not None}
        return helper("ok", Call(on, method.lower(), (Lit(url),), options))
    answer = helper("ask", on, Lit(method), Lit(url), json=lit(body), **given)
    return helper("check_answer", answer, status=lit(list(status) if status else None))


def _is_data(making: Making, body: Any) -> bool:
    """Whether Playwright sends it as JSON by itself: objects and lists, and what an earlier answer held."""
    if body is None or isinstance(body, (dict, list)):
        return True
    parts = making.marks.parts(body) if isinstance(body, str) else ()
    return len(parts) == 1 and isinstance(parts[0], Runtime) and parts[0].root == "saved"
