"""The target `playwright-python`: a plain script that prints the verdict."""

from __future__ import annotations

from harness.exporters.python import Python
from harness.exporters.python_frame import applied, body, flows, module, options, uses_run
from harness.exporters.script import Script

CAN = frozenset(("verdict",))
ONCE = """\
def main() -> int:
    \"\"\"Exit code 0: not reproduced; 1: the symptom was seen; 3: neither, so nothing is known.\"\"\"
    with sync_playwright() as playwright:
        browser = {launch}
        try:
            {run}
        except (AssertionError, Error, LookupError) as error:
            reproduced = str(error).startswith("the symptom is there")
            print(f"{{type(error).__name__}}: {{error}}\\nverdict: {{'reproduced' if reproduced else 'inconclusive'}}")
            return 1 if reproduced else 3
        finally:
            browser.close()
    print("verdict: not reproduced")
    return 0"""
SEVERAL = """\
def outcome(playwright: Playwright, browser: Browser, attempt: int) -> str:
    \"\"\"How an attempt ended.\"\"\"
    try:
        reproduce({pages})
        return "not reproduced"
    except (AssertionError, Error, LookupError) as error:
        print(f"attempt {{attempt}}: {{type(error).__name__}}: {{error}}")
        return "reproduced" if str(error).startswith("the symptom is there") else "inconclusive"
    finally:
        for context in browser.contexts:
            context.close()


def main() -> int:
    \"\"\"Exit code 0: not reproduced; 1: the symptom was seen; 3: neither, so nothing is known.\"\"\"
    outcomes: list[str] = []
    with sync_playwright() as playwright:
        browser = {launch}
        try:
            {run}
        except (AssertionError, Error, LookupError) as error:
            print(f"{{type(error).__name__}}: {{error}}")
        finally:
            browser.close()
    clean = outcomes.count("not reproduced")
    decided = "reproduced" if "reproduced" in outcomes else "not reproduced" if clean and 2 * clean >= len(outcomes) else "inconclusive"
    print(f"verdict: {{decided}}")
    return {{"not reproduced": 0, "reproduced": 1, "inconclusive": 3}}[decided]"""


def write(script: Script, file_name: str) -> str:
    """The text of the file."""
    printer = Python(script.marks)
    lines = [
        *_context(printer, script),
        *_settings(printer, script),
        *flows(printer, script),
        *_attempt(printer, script),
        "",
        "",
        *_main(script),
    ]
    ending = ['if __name__ == "__main__":', "    sys.exit(main())"]
    return module(script, f"python {file_name}", "pip install playwright && playwright install chromium", lines, ending)


def _context(printer: Python, script: Script) -> list[str]:
    return [
        "def open_page(playwright: Playwright, browser: Browser) -> Page:",
        '    """A page in the customer\'s browser."""',
        "    options: dict[str, Any] = {",
        *options(printer, script, 8),
        "    }",
        "    return browser.new_context(**options).new_page()",
        "",
        "",
    ]


def _settings(printer: Python, script: Script) -> list[str]:
    if script.settings is None:
        return []
    return [
        "@contextmanager",
        "def settings(playwright: Playwright) -> Iterator[None]:",
        '    """Puts the customer\'s settings onto the tenant, and what was there back afterwards."""',
        *applied(printer, script.settings, ["        yield"]),
        "",
        "",
    ]


def _attempt(printer: Python, script: Script) -> list[str]:
    attempt = ", attempt: int" if script.attempts > 1 else ""
    params = f"page: Page{attempt}" + "".join(f", {account}: Page" for account in script.accounts)
    inner = body(printer, script, 4)
    fresh = [f"    run.update(token=token_hex(4), attempt={'attempt' if attempt else 1})"] if uses_run(script) else []
    return [f"def reproduce({params}) -> None:", f"    # {script.title}", *fresh, *inner]


def _main(script: Script) -> list[str]:
    page = "open_page(playwright, browser)"
    pages = ", ".join([page, *(["attempt"] if script.attempts > 1 else []), *(page for _ in script.accounts)])
    launch = f"playwright.{script.browser.engine}.launch({_started(script)})"
    several = (
        f"for attempt in range(1, {script.attempts + 1}):",
        '    if "reproduced" not in outcomes:',
        "        outcomes.append(outcome(playwright, browser, attempt))",
    )
    done = several if script.attempts > 1 else (f"reproduce({pages})",)
    held = ("with settings(playwright):", *(f"    {line}" for line in done)) if script.settings else done
    run = f"\n{' ' * 12}".join(held)
    return (SEVERAL if script.attempts > 1 else ONCE).format(pages=pages, launch=launch, run=run).splitlines()


def _started(script: Script) -> str:
    if script.browser.channel is not None:
        return f"channel={Python(script.marks).text(script.browser.channel)}"
    return 'executable_path=os.environ.get("PLAYWRIGHT_CHROMIUM_EXECUTABLE")'
