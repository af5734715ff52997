"""The demo's defects as Markdown, for docs/demo.md. `python -m harness.demo.reference` prints the tables."""

from __future__ import annotations

from harness.demo.defects import DEFECTS


def tables() -> str:
    """Both tables: what is wrong on purpose, and what only looks wrong."""
    parts = []
    for kind, title in (("defect", "Defects"), ("by_design", "By design")):
        lines = [f"## {title}\n", "| id | area | cause | trigger | what one sees | scenario |", "|---|---|---|---|---|---|"]
        lines += [f"| {d.id} | {d.area} | {d.cause} | {d.trigger} | {d.seen} | `{d.scenario}` |" for d in DEFECTS if d.kind == kind]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(tables(), end="")
