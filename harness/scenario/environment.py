"""An environment: where staging is, which hosts belong to it, and how a customer's settings get onto it and off again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from harness.core.secret import Secret
from harness.diagnostics import Source
from harness.scenario.http import HEADERS, STATUSES, Endpoint, JsonPath
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import (
    Bool,
    Data,
    Decoder,
    Duration,
    Fixed,
    Many,
    Map,
    RecordOf,
    ShapeError,
    Text,
    Word,
    decode_fields,
    mapping,
    option,
    required,
)
from harness.scenario.source import Node, plain


class BaseUrl(Text):
    """http or https, with a host."""

    expected = "a URL such as https://staging.example.com"

    def convert(self, value: Any) -> str:
        if isinstance(value, Secret):
            raise ShapeError("base_url can't be a secret")
        text = str(super().convert(value)).rstrip("/")
        try:
            parts = urlsplit(text)
            fits = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        except ValueError:
            fits = False
        if not fits:
            raise ShapeError(f"expected {self.expected}, found `{text}`")
        return text


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request of the harness to staging."""

    request: str | Secret = required(Endpoint(), "METHOD url")
    json: Any = option(Data(), "the body as JSON; or, for read_back and version, the path of the value in the answer")
    form: dict[str, str | Secret] | None = option(Map(Text()), "the body as a form")
    headers: dict[str, str | Secret] | None = option(HEADERS, "headers of this request")
    expect_status: tuple[str, ...] | None = option(STATUSES, "the status that the answer must have; any below 400 is the default")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request whose answer is read."""

    request: str | Secret = required(Endpoint(), "METHOD url")
    json: str | None = option(JsonPath(), "where in the JSON answer the value is; left out, the whole answer")
    headers: dict[str, str | Secret] | None = option(HEADERS, "headers of this request")
    expect_status: tuple[str, ...] | None = option(STATUSES, "the status that the answer must have; any below 400 is the default")


CALLS = Many(RecordOf(Call, "a request"))
QUESTION = RecordOf(Question, "a request")


@dataclass(frozen=True, kw_only=True)
class Environment:
    """An environment as written; `data` is the whole file as plain data, which `${environment.…}` looks into."""

    id: str
    source: Source = field(compare=False, repr=False)
    data: dict[str, Any] = field(compare=False, repr=False)
    name: str | None = option(Text(), "the environment's name, for the reader")
    base_url: str = required(Fixed(BaseUrl()), "where staging is: https://staging.example.com")
    allow_hosts: tuple[str, ...] = option(
        Many(Fixed(Text()), or_one=True), "further hosts that pages may reach: *.cdn.example.com", default=()
    )
    health: Question | None = option(QUESTION, "a request that answers while staging is up")
    version: Question | None = option(QUESTION, "a request that tells which version runs")
    headers: dict[str, str | Secret] | None = option(HEADERS, "headers of the harness's own requests (apply, read_back …), not of pages")
    apply: tuple[Call, ...] = option(CALLS, "how a customer's settings get onto staging", default=())
    read_back: Question | None = option(QUESTION, "asks which settings are in force; compared with those wanted")
    restore: tuple[Call, ...] = option(
        CALLS, "how staging is put back afterwards; ${saved.before} is what read_back answered before", default=()
    )
    customer_settable: tuple[str, ...] = option(Many(Text()), "settings that customers can change themselves: integrations.*", default=())
    mask: tuple[Locator, ...] = option(
        Many(LOCATOR), "elements that are covered in every picture, their texts hidden everywhere", default=()
    )
    allow_evaluate: bool = option(Bool(), "whether scenarios may run JavaScript in the page", default=False)
    secrets: tuple[str, ...] = option(Many(Word()), "names of the secrets that this environment's requests use", default=())
    step_timeout_ms: int | None = option(Duration(), "how long a step may take here", key="step_timeout")
    notes: str | None = option(Text(), "anything for the reader")


def decode_environment(name: str, node: Node, decoder: Decoder) -> Environment:
    """An environment's file. Raises Invalid when it can't be used."""
    values = decode_fields(Environment, mapping(node, decoder), node, decoder, "an environment")
    return Environment(id=name, source=node.source, data=plain(node), **values)
