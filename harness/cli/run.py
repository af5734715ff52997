"""`repro run`."""

from __future__ import annotations

import sys

import typer

from harness.cli import options
from harness.core.exits import BisectExit, Exit
from harness.diagnostics import problem


def run_command(
    paths: options.Paths = None,
    environment: options.Environments = None,
    customer: options.Customers = None,
    control: options.Control = None,
    attempts: options.Attempts = None,
    measure: options.Measure = False,
    until_confident: options.UntilConfident = None,
    workers: options.Workers = None,
    tag: options.Tag = None,
    shard: options.Shard = None,
    balance: options.Balance = None,
    last_failed: options.LastFailed = False,
    resume: options.Resume = None,
    prove: options.Prove = False,
    fixed: options.Fixed = None,
    fail_on: options.FailOn = None,
    fail_fast: options.FailFast = False,
    headed: options.Headed = False,
    reports: options.Reports = None,
    trace: options.Trace = None,
    screenshots: options.Screenshots = None,
    json: options.AsJson = False,
    git_bisect: bool = typer.Option(False, "--git-bisect", help="Exit codes for `git bisect run`: 0 good, 1 bad, 125 skip, 128 stop."),
) -> None:
    """Run scenarios in a real browser and write the verdict report."""
    from harness import workflow
    from harness.cli.choices import one_of, verdicts
    from harness.cli.progress import Progress, print_record
    from harness.plan.variables import FromEnvironment

    world = workflow.World()
    settings = FromEnvironment(world.environ)
    asked = workflow.Options(
        paths=tuple(paths or ()),
        environments=tuple(environment or settings.words("ENVIRONMENT")),
        customers=tuple(customer or ()),
        control=control,
        attempts=attempts or settings.number("ATTEMPTS"),
        measure=measure,
        workers=workers or settings.number("WORKERS"),
        tag=tag or settings.text("TAG"),
        shard=shard or settings.text("SHARD"),
        headed=headed,
        reports=reports,
        trace=one_of("--trace", trace or settings.text("TRACE"), ("on", "off", "decided")),
        screenshots=one_of("--screenshots", screenshots or settings.text("SCREENSHOTS"), ("on", "off")),
        fail_fast=fail_fast,
        until_confident=until_confident,
        balance=balance,
        last_failed=last_failed,
        resume=resume,
        prove=prove,
        fixed=fixed,
        command=("repro", *sys.argv[1:]),
    )
    if fixed and not prove:
        raise problem("fixed-without-prove", "--fixed says where a scenario is proven, and --prove is not there", "add --prove")
    named = verdicts(fail_on or settings.text("FAIL_ON"))
    with Progress(json=json) as progress:
        finished = workflow.run(asked, world, progress.event, progress.began)
    if json:
        progress.finished(finished.short, finished.folder)
    else:
        print_record(finished.short, finished.report)
    from harness.report.github import tell_github  # with all that it needs, which is not needed before

    for line in tell_github(finished.short, world.environ):
        print(line, file=sys.stderr)
    if finished.defects:
        raise finished.defects[0]  # with what was done kept, and a log of this
    raise typer.Exit(int(bisect_code(finished) if git_bisect else workflow.exit_of(finished, named)))


def bisect_code(finished: object) -> BisectExit | Exit:
    """Good, bad, skip, or stop: one verdict over all results; a run that says nothing is skipped."""
    from harness import workflow

    assert isinstance(finished, workflow.Finished)
    return workflow.bisect_exit(finished)
