"""`poll`: repeats an API call until its answer is as wanted."""

from dataclasses import dataclass

from harness.core.secret import Secret
from harness.scenario.action import Action
from harness.scenario.http import ANSWER, HEADERS, Answer, Endpoint
from harness.scenario.shapes import Duration, argument, option


@dataclass(frozen=True, kw_only=True)
class Poll(Action):
    verb = "poll"
    summary = "Repeats an API call until its answer is as `until` says: a job that is queued, a sync that runs."
    example = "poll: GET /api/jobs/1"

    endpoint: str | Secret = argument(Endpoint(), "METHOD url")
    until: Answer | None = option(ANSWER, "what the answer must be: {json: {$.state: done}}; left out, any answer under 400")
    every_ms: int = option(Duration(), "the pause between two calls", key="every", default=500)
    headers: dict[str, str | Secret] | None = option(HEADERS, "headers of the request")
