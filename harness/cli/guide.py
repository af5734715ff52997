"""`repro guide`."""

from __future__ import annotations

from harness.cli import options


def guide(json: options.AsJson = False) -> None:
    """Print the language on one page, with examples: enough for an AI agent, or a person in a hurry, to write a scenario."""
    from harness.guide import estimated_tokens
    from harness.guide import guide as page

    text = page()
    if json:
        import json as writer

        print(writer.dumps({"guide": text, "tokens_at_most": estimated_tokens(text)}, ensure_ascii=False))
    else:
        print(text, end="")
