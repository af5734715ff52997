"""How long one answer takes, from the start of the process to its end: `python -m benchmarks.speed.latency [--rounds N]`.

- One scenario of the demo whose application answers at once, beside a bare script that makes the same requests to staging, does the same
  steps and takes the same pictures and trace; the start of the browser is in both. To its verdict, and to the end of its process.
- `repro --help`, and `repro validate` of a thousand files.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.speed.runs import ROOT, compiled
from harness.demo import SECRETS
from harness.demo.server import serving

SCENARIO = ROOT / "scenarios/login/percent-password.yaml"
FILES = 1000
BARE = """
import asyncio
import base64
import os
import sys
from pathlib import Path

from playwright.async_api import Error, async_playwright, expect

base_url, browser_path, out = sys.argv[1], sys.argv[2], Path(sys.argv[3])
out.mkdir(parents=True)
HEADERS = {"Authorization": f"Bearer {os.environ['REPRO_SECRET_DEMO_ADMIN_TOKEN']}"}
SETTINGS = "/admin/tenants/fjord/settings"


async def main():
    async with async_playwright() as playwright:
        api = await playwright.request.new_context(base_url=base_url, extra_http_headers=HEADERS)
        await api.get("/healthz")
        await api.get("/version")
        before = await (await api.get(SETTINGS)).json()
        await api.post("/admin/tenants/fjord/reset")
        await api.put(SETTINGS, data=before)
        await (await api.get(SETTINGS)).json()
        browser = await playwright.chromium.launch(executable_path=browser_path)
        context = await browser.new_context(locale="no", timezone_id="Europe/Oslo")
        await context.tracing.start(snapshots=True)
        page = await context.new_page()
        cdp = None
        number = 0

        async def shot():
            nonlocal cdp, number
            number += 1
            cdp = cdp or await context.new_cdp_session(page)
            asked = {"format": "jpeg", "quality": 55, "optimizeForSpeed": True}
            for _ in range(5):
                try:
                    answer = await cdp.send("Page.captureScreenshot", asked)
                    break
                except Error:  # the page is being replaced
                    await page.wait_for_load_state()
            (out / f"step-{number}.jpg").write_bytes(base64.b64decode(answer["data"]))

        await page.goto(base_url + "/login")
        await shot()
        await page.get_by_role("textbox", name="Email").fill(os.environ["EMAIL"])
        await page.get_by_role("textbox", name="Password").fill(os.environ["REPRO_SECRET_DEMO_PERCENT_PASSWORD"])
        await shot()
        await page.get_by_role("button", name="Sign in").click()
        await shot()
        await expect(page.get_by_role("alert")).to_contain_text("password is wrong")
        await shot()
        print("verdict", flush=True)
        await context.tracing.stop(path=out / "trace.zip")
        await context.close()
        await api.get("/healthz")
        await api.put(SETTINGS, data=before)
        await browser.close()


asyncio.run(main())
"""


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.latency", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    compiled()
    with serving() as staging, tempfile.TemporaryDirectory(prefix="repro-latency-") as folder:
        print(one_answer(staging.base_url, Path(folder), options.rounds))
    print()
    print(commands(options.rounds))


def one_answer(base_url: str, folder: Path, rounds: int) -> str:
    """The table of one scenario, both in turn."""
    from benchmarks.speed.__main__ import browser

    secrets = {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}
    more = {"REPRO_VAR_DEMO_BASE_URL": base_url, "REPRO_STATE": str(folder / "state"), "EMAIL": "anna@fjord.example"}
    environ = {**os.environ, **secrets, **more, "REPRO_BROWSER": browser("")}
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    ours = [sys.executable, "-m", "harness", "run", str(SCENARIO), "--json", "--reports", str(folder / "reports")]
    found: dict[str, list[tuple[float, float]]] = {"harness": [], "bare script": []}
    for turn in range(rounds):
        theirs = [sys.executable, str(folder / "bare.py"), base_url, environ["REPRO_BROWSER"], str(folder / f"bare-{turn}")]
        pairs: list[tuple[str, list[str], Callable[[str], bool]]] = [("harness", ours, _is_verdict), ("bare script", theirs, _is_said)]
        for name, command, ends in pairs if turn % 2 else reversed(pairs):
            found[name].append(timed(command, environ, ends))
    medians = {name: [statistics.median(column) for column in zip(*pairs, strict=True)] for name, pairs in found.items()}
    lines = [f"| one scenario, medians of {rounds} | to the verdict s | to the end s |", "|---|---:|---:|"]
    lines += [f"| {name} | {verdict:.2f} | {end:.2f} |" for name, (verdict, end) in medians.items()]
    ratios = [ours / theirs for ours, theirs in zip(medians["harness"], medians["bare script"], strict=True)]
    return "\n".join([*lines, f"| ratio (target < 1.50) | {ratios[0]:.2f} | {ratios[1]:.2f} |"])


def _is_verdict(line: str) -> bool:
    event = json.loads(line)
    if event.get("event") != "case":
        return False
    if event["verdict"] != "reproduced":
        raise SystemExit(f"the harness did not reproduce it: {line}")
    return True


def _is_said(line: str) -> bool:
    return line.strip() == "verdict"


def timed(command: list[str], environ: Mapping[str, str], ends: Callable[[str], bool]) -> tuple[float, float]:
    """Seconds until the line that is the verdict, and until the end. Raises SystemExit when there is no verdict."""
    begun = time.monotonic()
    verdict = None
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None and process.stderr is not None
    for line in process.stdout:
        if verdict is None and ends(line):
            verdict = time.monotonic() - begun
    said = process.stderr.read()
    process.wait()
    if verdict is None:
        raise SystemExit(f"no verdict came: {said[-500:]}")
    return verdict, time.monotonic() - begun


def commands(rounds: int) -> str:
    """The table of the commands that need no browser: seconds of CPU and of time, each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="repro-validate-") as folder:
        many_files(Path(folder))
        wanted = {
            ("`repro --help`", "CPU", 0.15): ["--help"],
            (f"`repro validate`, {FILES:,} files", "time", 2.0): ["validate", folder],
        }
        lines = [f"| command, medians of {rounds} | CPU s | time s | target |", "|---|---:|---:|---|"]
        for (name, figure, most), words in wanted.items():
            costs = [cost_of([sys.executable, "-m", "harness", *words]) for _ in range(rounds)]
            cpu, wall = (statistics.median(column) for column in zip(*costs, strict=True))
            met = "met" if (cpu if figure == "CPU" else wall) < most else "**missed**"
            lines.append(f"| {name} | {cpu:.3f} | {wall:.3f} | {figure} < {most:g} s: {met} |")
    return "\n".join(lines)


def cost_of(command: list[str]) -> tuple[float, float]:
    """(CPU, wall) in seconds of a command that has to succeed."""
    before, begun = os.times(), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    wall, after = time.monotonic() - begun, os.times()
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return after.children_user + after.children_system - before.children_user - before.children_system, wall


def many_files(folder: Path) -> None:
    """A workspace with a thousand scenarios, copies of the demo's that differ in their titles."""
    demo = ROOT / "scenarios"
    for name in ("customers", "environments", "flows"):
        shutil.copytree(demo / name, folder / name)
    shutil.copy(demo / "repro.yaml", folder)
    texts = [
        path.read_text(encoding="utf-8")
        for area in ("billing", "dashboard", "integration", "login")
        for path in sorted((demo / area).glob("*.yaml"))
    ]
    for number in range(FILES):
        text = texts[number % len(texts)].replace("title: ", f"title: {number}, ", 1)
        (folder / f"case-{number:04}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
