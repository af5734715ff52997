"""The target `playwright-python`: a plain script that prints the verdict."""

from __future__ import annotations

from harness.exporters.python import Python
from harness.exporters.python_frame import applied, body, flows, module, options, uses_run
from harness.exporters.script import Script

MAIN = """\
def main() -> int:
    \"\"\"Exit code 0: not reproduced; 1: the symptom was seen; 3: neither, so nothing is known.\"\"\"
    with sync_playwright() as playwright:
        browser = {launch}
        try:
            verdicts = attempts(playwright, browser)
        finally:
            browser.close()
    decided = "reproduced" if "reproduced" in verdicts else "not reproduced"
    if decided == "not reproduced" and 2 * verdicts.count("not reproduced") < len(verdicts):
        decided = "inconclusive"
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
    params = "page: Page, attempt: int" + "".join(f", {account}: Page" for account in script.accounts)
    inner = body(printer, script, 4)
    fresh = ["    run.update(token=token_hex(4), attempt=attempt)"] if uses_run(script) else []
    return [f"def reproduce({params}) -> None:", f"    # {script.title}", *fresh, *inner]


def _main(script: Script) -> list[str]:
    pages = ["open_page(playwright, browser)", "attempt", *("open_page(playwright, browser)" for _ in script.accounts)]
    loop = [
        f"for attempt in range(1, {script.attempts + 1}):",
        "    try:",
        f"        reproduce({', '.join(pages)})",
        '        verdicts.append("not reproduced")',
        "    except SymptomSeen as seen:",
        '        print(f"attempt {attempt}: {seen}")',
        '        verdicts.append("reproduced")',
        "    except (AssertionError, Error) as error:",
        '        print(f"attempt {attempt}: {error}")',
        '        verdicts.append("inconclusive")',
        "    finally:",
        "        for context in browser.contexts:",
        "            context.close()",
    ]
    held = (
        ["    with settings(playwright):", *(f"        {line}" for line in loop)] if script.settings else [f"    {line}" for line in loop]
    )
    head = ["def attempts(playwright: Playwright, browser: Browser) -> list[str]:", '    """How each attempt ended."""']
    launch = f"playwright.{script.browser.engine}.launch({_started(script)})"
    return [*head, "    verdicts: list[str] = []", *held, "    return verdicts", "", "", *MAIN.format(launch=launch).splitlines()]


def _started(script: Script) -> str:
    if script.browser.channel is not None:
        return f"channel={Python(script.marks).text(script.browser.channel)}"
    return 'executable_path=os.environ.get("PLAYWRIGHT_CHROMIUM_EXECUTABLE")'
