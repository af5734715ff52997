"""A job with a fake browser, in another process: what a pool of processes calls."""

from __future__ import annotations

import json
import os

from harness.jobs import run_job
from harness.workflow import World
from tests.merge.victim import script
from tests.run.fake import FakeHost


def make(job: str, environ: dict[str, str]) -> str:
    """The job and its answer as JSON, and the process that made it."""
    made = run_job(json.loads(job), World(environ=environ, host=FakeHost(script)))
    return json.dumps([os.getpid(), made])
