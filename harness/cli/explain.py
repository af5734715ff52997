"""`repro explain`."""

from __future__ import annotations

import typer


def explain(slug: str = typer.Argument(None, help="The word in brackets of a message: unknown-step.", show_default=False)) -> None:
    """Explain a message: what it means, why it is so, what to do."""
    from harness.diagnostics import problem
    from harness.explanations import EXPLANATIONS
    from harness.scenario.nearest import hint_among

    if slug is None:
        for name, text in sorted(EXPLANATIONS.items()):
            print(f"{name:24} {text.splitlines()[0].split('. ')[0].rstrip('.')}.")
        return
    if slug not in EXPLANATIONS:
        raise problem("unknown-slug", f"there is no message `{slug}`", hint_among(slug, EXPLANATIONS))
    print(f"{slug}\n\n{EXPLANATIONS[slug]}")
