"""`repro.yaml`: what holds for a whole workspace. And `${NAME:-default}`, which only it and environments may use."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from harness.scenario.shapes import Choice, Decoder, Duration, FileName, Many, RecordOf, Text, decode_fields, mapping, option, whole
from harness.scenario.source import Items, Mapping, Node, Scalar, read_plain


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Defaults of a workspace. The command line and `REPRO_*` variables come before them."""

    environment: str | None = option(FileName(), "the environment of scenarios that name none")
    customer: str | None = option(FileName(), "the customer of scenarios that name none")
    reports: str | None = option(Text(), "the folder of the reports; `../reports` or `reports`")
    workers: int | None = option(whole(1, 1000), "attempts at once; the number of cores is the default")
    attempts: int | None = option(whole(1, 10_000), "attempts of scenarios that say nothing")
    within_ms: int | None = option(Duration(), "how long scenarios that say nothing are watched", key="within")
    step_timeout_ms: int | None = option(Duration(), "how long a step may take; 10s is the default", key="step_timeout")
    attempt_timeout_ms: int | None = option(Duration(), "how long an attempt may take altogether; 3m is the default", key="attempt_timeout")
    trace: str | None = option(Choice("on", "off", "decided"), "which traces are kept; decided keeps those that show the verdict")
    screenshots: str | None = option(Choice("on", "off"), "whether each step is pictured")
    fail_on: tuple[str, ...] | None = option(
        Many(Choice("reproduced", "not_reproduced", "inconclusive"), or_one=True), "verdicts that make `repro run` exit with 1"
    )
    ticket_url: str | None = option(Text(), "where tickets are: https://desk.example.com/tickets/{ticket}")


SETTINGS = RecordOf(Settings, "repro.yaml")
_VARIABLE = re.compile(r"\$\$\{|\$\{([A-Z][A-Z0-9_]*)(?::-([^{}]*))?\}")


def decode_settings(node: Node, decoder: Decoder) -> Settings:
    """The workspace's file; an empty one has no settings. Raises Invalid."""
    if isinstance(node, Scalar) and node.value is None:
        return Settings()
    return Settings(**decode_fields(Settings, mapping(node, decoder), node, decoder, "repro.yaml"))


def expand_variables(node: Node, environ: MappingType[str, str], decoder: Decoder) -> Node:
    """The node with `${NAME:-default}` replaced by the environment variable REPRO_VAR_NAME, or the default."""
    if isinstance(node, Items):
        return node._replace(items=tuple(expand_variables(item, environ, decoder) for item in node.items))
    if isinstance(node, Mapping):
        return node._replace(entries=tuple((key, expand_variables(value, environ, decoder)) for key, value in node.entries))
    if "${" not in node.text:
        return node

    def replacement(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        value = environ.get(f"REPRO_VAR_{match[1]}", match[2])
        if value is None:
            raise decoder.invalid(
                "unset-variable", f"`{match[0]}` is not set", node, f"set REPRO_VAR_{match[1]}, or write ${{{match[1]}:-default}}"
            )
        return value

    text = _VARIABLE.sub(replacement, node.text)
    return node._replace(text=text, value=text if node.quoted else read_plain(text))
