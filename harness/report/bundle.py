"""One ticket's evidence as one file to attach: a page that stands alone, and an archive with everything behind it.

Nothing is exported in which a secret is found. What does not fit the size asked for is left out, the least telling first, and named.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.diagnostics import problem
from harness.evidence.scan import leaks
from harness.record.files import write_text
from harness.record.model import AttemptRecord, Record, Result, RunInfo
from harness.record.overview import telling_attempt
from harness.record.store import as_json
from harness.report.animation import Scene, animate
from harness.report.html import render_alone
from harness.report.links import inside, result_folder
from harness.report.markdown import verdict
from harness.report.pictures import strip

PAGE_BYTES = 2_000_000
SIZES = ((1280, 62), (1000, 55), (800, 45), (640, 40), (480, 35))
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
EMBEDDED = re.compile(rb"data:image/webp;base64,[A-Za-z0-9+/=]*")
UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


@dataclass(frozen=True)
class Bundle:
    """What was made. `dropped` says what was left out for its size."""

    html: Path
    zip: Path
    dropped: tuple[str, ...]
    result: Result


@dataclass
class _Parts:
    """What goes into the archive: name -> content. Evidence is grouped, the most telling group first."""

    folder: Path
    fixed: dict[str, bytes]
    groups: dict[str, list[str]] = field(default_factory=dict)


def parse_size(text: str) -> int:
    """`10MB`, `500 KiB` or `2000000` in bytes. Raises ValueError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", text)
    unit = (found[2].upper() or "B") if found else ""
    if found is None or unit not in UNITS:
        raise ValueError(f"{text!r} is not a size such as 10MB")
    return int(float(found[1]) * UNITS[unit])


def choose(record: Record, scenario: str | None, customer: str | None = None, environment: str | None = None) -> int:
    """The place of the one result that is meant. Raises Problems that list what there is."""
    places = [
        place
        for place, result in enumerate(record.results)
        if (scenario is None or scenario.removesuffix(".yaml") in (result.scenario, result.key))
        and (customer is None or result.customer == customer)
        and (environment is None or result.environment == environment)
    ]
    if len(places) == 1:
        return places[0]
    shown = [record.results[place] for place in places] or list(record.results)
    names = ", ".join(f"{result.scenario} [{result.customer or '-'}, {result.environment}]" for result in shown[:12])
    more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
    if not places:
        raise problem("no-such-result", "the run has no such result", f"it has {names}{more}" if names else "it has none at all")
    raise problem("several-results", "the run has several such results", f"name one with --scenario and --customer: {names}{more}")


def make_bundle(
    folder: Path, record: Record, place: int, out: Path, max_bytes: int | None = None, secrets: Mapping[str, str] | None = None
) -> Bundle:
    """Writes `<key>.html` and `<key>.zip` into `out`, for the result at `place` of the record of the run in `folder`.

    `secrets` (name to value) are looked for in what was made, beside everything that looks like one. Raises Problems when any is found,
    or when even the page alone is larger than `max_bytes`.
    """
    result = record.results[place]
    _refuse(sentence for attempt in _attempts(result) for sentence in attempt.leaks)
    page, left_out = _page(record.run, result, folder, min(PAGE_BYTES, max_bytes or PAGE_BYTES))
    if max_bytes is not None and len(page) > max_bytes:
        raise problem("bundle-too-large", f"even the page alone takes {shown_size(len(page))}", "give a larger --max-size")
    only = record.model_copy(update={"results": (result,)})
    parts = _parts(folder, only, result, page)
    archive, dropped = _archive(parts, record, result, max_bytes, left_out)
    texts = {f"{result.key}.html": EMBEDDED.sub(b"", page)} | {
        name: data for name, data in parts.fixed.items() if not name.endswith(".html")
    }
    evidence = [(path, (folder / path).read_bytes()) for group in parts.groups.values() for path in group]
    _refuse(leaks([*texts.items(), *evidence], secrets or {}))
    return _write(out, result, page, archive, dropped)


def shown_size(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 10**6:.1f} MB" if size >= 10**6 else f"{max(size // 1000, 1)} kB"


def _refuse(found: Iterable[str]) -> None:
    sentences = list(dict.fromkeys(found))
    if sentences:
        more = f", and {len(sentences) - 5} more places" if len(sentences) > 5 else ""
        raise problem(
            "secret-in-bundle",
            f"a secret is left in the evidence, so nothing was exported: {'; '.join(sentences[:5])}{more}",
            "add what shows it to `mask` of the environment and run the scenario again",
        )


def _attempts(result: Result) -> tuple[AttemptRecord, ...]:
    return (*result.attempts, *(result.control.attempts if result.control else ()))


def _write(out: Path, result: Result, page: bytes, archive: bytes, dropped: tuple[str, ...]) -> Bundle:
    try:
        out.mkdir(parents=True, exist_ok=True)
        html, packed = out / f"{result_folder(result.key)}.html", out / f"{result_folder(result.key)}.zip"
        write_text(html, page.decode("utf-8"))
        packed.write_bytes(archive)
    except OSError as error:
        raise problem("unwritable-reports", f"{out} can't be written: {error.strerror}", "use --output DIR") from None
    return Bundle(html, packed, dropped, result)


def _page(run: RunInfo, result: Result, folder: Path, budget: int) -> tuple[bytes, list[str]]:
    """The page with its pictures as large as the budget allows; or with those of the telling attempt only, or with the last one only."""
    telling = telling_attempt(result.attempts, result.verdict)
    choices: list[tuple[str, Callable[[str], bool]]] = [("", lambda path: True)]
    if telling is not None:
        own = {step.screenshot for step in telling.steps} | {telling.deciding_screenshot}
        choices += [("the page's pictures of the other attempts", lambda path: path in own)]
        choices += [("all pictures of the page but the deciding one", lambda path: path == telling.deciding_screenshot)]
    page, left_out = b"", list[str]()
    for reason, wanted in choices:
        for width, quality in SIZES:
            page = render_alone(run, result, folder, _embedder(folder, wanted, width, quality)).encode("utf-8")
            left_out = [reason] if reason else []
            if len(page) <= budget:
                return page, left_out
    return page, left_out


def _embedder(folder: Path, wanted: Callable[[str], bool], width: int, quality: int) -> Callable[[str], str | None]:
    cache: dict[str, str | None] = {}

    def embed(path: str) -> str | None:
        if path not in cache:
            safe = inside(path)
            there = safe is not None and path.lower().endswith(PICTURES) and wanted(path) and (folder / safe).is_file()
            cache[path] = _as_webp(folder / str(safe), width, quality) if there else None
        return cache[path]

    return embed


def _as_webp(path: Path, width: int, quality: int) -> str | None:
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(path).convert("RGB")
    except (OSError, UnidentifiedImageError):
        return None
    if picture.width > width:
        picture = picture.resize((width, max(1, round(picture.height * width / picture.width))))
    into = io.BytesIO()
    picture.save(into, "WEBP", quality=quality, method=2)
    return "data:image/webp;base64," + base64.b64encode(into.getvalue()).decode("ascii")


def _parts(folder: Path, only: Record, result: Result, page: bytes) -> _Parts:
    telling = telling_attempt(result.attempts, result.verdict)
    fixed = {
        "report.html": page,
        "verdict.md": verdict(only.run, result).encode("utf-8"),
        "results.json": as_json(only).encode("utf-8"),
    }
    moving = animate(_scenes(folder, result, telling)) if telling else b""
    if moving:
        fixed["steps.webp"] = moving
    parts = _Parts(folder, fixed)
    others = [attempt for attempt in result.attempts if attempt is not telling]
    control = list(result.control.attempts) if result.control else []
    for name, paths in (
        ("the trace", [telling.trace] if telling else []),
        ("the pictures of the steps", _pictures(telling) if telling else []),
        ("the console and network logs", [telling.console_log, telling.network_log] if telling else []),
        ("the downloads", _downloads(folder, telling) if telling else []),
        ("the traces of the control", [attempt.trace for attempt in control]),
        ("the pictures of the control", [path for attempt in control for path in _pictures(attempt)]),
        ("the traces of the other attempts", [attempt.trace for attempt in others]),
        ("the pictures of the other attempts", [path for attempt in others for path in _pictures(attempt)]),
        ("the logs of the other attempts", [path for a in [*others, *control] for path in (a.console_log, a.network_log)]),
    ):
        there = [safe for path in paths if path and (safe := inside(path)) is not None and (folder / safe).is_file()]
        if there:
            parts.groups[name] = list(dict.fromkeys(there))
    return parts


def _pictures(attempt: AttemptRecord) -> list[str | None]:
    return [*(step.screenshot for step in attempt.steps), attempt.deciding_screenshot]


def _downloads(folder: Path, attempt: AttemptRecord) -> list[str | None]:
    beside = attempt.console_log or attempt.deciding_screenshot
    if beside is None or inside(beside) is None:
        return []
    place = (folder / beside).parent / "downloads"
    return [path.relative_to(folder).as_posix() for path in sorted(place.rglob("*")) if path.is_file()]


def _scenes(folder: Path, result: Result, telling: AttemptRecord) -> list[Scene]:
    """The strip of the page, moving."""
    scenes = []
    for shot in strip(telling, lambda path: path if inside(path) and (folder / path).is_file() else None):
        if shot.link is None:
            continue
        o = shot.outline
        outline = (o.x / o.width, o.y / o.height, o.w / o.width, o.h / o.height) if o else None
        ends = str(result.verdict) if shot.state == "deciding" else None
        scenes.append(Scene(folder / shot.link, f"{shot.label} · {result.title}", shot.text, outline, ends))
    return scenes


def _archive(
    parts: _Parts, record: Record, result: Result, max_bytes: int | None, left_out: Sequence[str]
) -> tuple[bytes, tuple[str, ...]]:
    """The archive with every group that still fits, the most telling first; and what was left out."""

    def made(groups: Sequence[str], dropped: Sequence[str]) -> bytes:
        files = dict(parts.fixed) | {path: (parts.folder / path).read_bytes() for name in groups for path in parts.groups[name]}
        return _zip(files, _manifest(files, record, result, dropped))

    def fits(groups: Sequence[str]) -> bool:
        return max_bytes is None or len(made(groups, list(parts.groups))) <= max_bytes

    if "steps.webp" in parts.fixed and not fits(()):
        del parts.fixed["steps.webp"]
        left_out = [*left_out, "the animation"]
    kept: list[str] = []
    for name in parts.groups:
        kept += [name] if fits([*kept, name]) else []
    dropped = (*left_out, *(name for name in parts.groups if name not in kept))
    archive = made(kept, dropped)
    if max_bytes is not None and len(archive) > max_bytes:
        raise problem("bundle-too-large", f"without any evidence it still takes {shown_size(len(archive))}", "give a larger --max-size")
    return archive, dropped


def _manifest(files: Mapping[str, bytes], record: Record, result: Result, dropped: Sequence[str]) -> bytes:
    about = {
        "run": record.run.id,
        "scenario": result.scenario,
        "customer": result.customer,
        "environment": result.environment,
        "verdict": str(result.verdict),
        "left_out": list(dropped),
        "files": {name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in sorted(files.items())},
    }
    return json.dumps(about, indent=1, ensure_ascii=False).encode("utf-8", "replace")


def _zip(files: Mapping[str, bytes], manifest: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [("manifest.json", manifest), *files.items()]:
            packed = name.lower().endswith((*PICTURES, ".zip"))
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
    return into.getvalue()
