"""The target `pytest`: a test for pytest-playwright."""

from __future__ import annotations

from harness.exporters.literals import one_line
from harness.exporters.python import Python
from harness.exporters.python_frame import applied, body, flows, module, options, uses_run
from harness.exporters.script import Script


def write(script: Script, file_name: str) -> str:
    """The text of the file."""
    printer = Python(script.marks)
    lines = [*_fixtures(printer, script), *flows(printer, script), *_test(printer, script)]
    install = "pip install pytest-playwright && playwright install chromium"
    return module(script, f"pytest {file_name}", install, lines)


def _fixtures(printer: Python, script: Script) -> list[str]:
    browser = script.browser
    playwright = ", playwright: Playwright" if browser.device else ""
    lines = [
        '@pytest.fixture(scope="session")',
        f"def browser_context_args(browser_context_args: dict[str, Any]{playwright}) -> dict[str, Any]:",
        '    """The customer\'s browser."""',
        "    return {",
        "        **browser_context_args,",
        *options(printer, script, 8),
        "    }",
        "",
        "",
    ]
    if browser.channel is not None:
        lines += [
            '@pytest.fixture(scope="session")',
            "def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:",
            f'    """{one_line(browser.channel)}, as the customer has it."""',
            f'    return {{**browser_type_launch_args, "channel": {printer.text(browser.channel)}}}',
            "",
            "",
        ]
    if browser.engine != "chromium":
        lines += [
            '@pytest.fixture(scope="session")',
            "def browser_type(playwright: Playwright) -> BrowserType:",
            f'    """{browser.engine}, as the customer has it."""',
            f"    return playwright.{browser.engine}",
            "",
            "",
        ]
    return lines + (_settings(printer, script) if script.settings else [])


def _settings(printer: Python, script: Script) -> list[str]:
    assert script.settings is not None
    return [
        '@pytest.fixture(scope="module", autouse=True)',
        "def settings(playwright: Playwright) -> Iterator[None]:",
        '    """Puts the customer\'s settings onto the tenant, and what was there back afterwards."""',
        *applied(printer, script.settings, ["        yield"]),
        "",
        "",
    ]


def _test(printer: Python, script: Script) -> list[str]:
    contexts = ", new_context: Callable[..., BrowserContext]" if script.accounts else ""
    attempt = ", attempt: int" if script.attempts > 1 else ""
    lines = [f'@pytest.mark.parametrize("attempt", range(1, {script.attempts + 1}))'] if script.attempts > 1 else []
    lines.append(f"def test_{script.name}(page: Page{contexts}{attempt}) -> None:")
    run = f"    run.update(token=token_hex(4), attempt={'attempt' if attempt else 1})"
    fresh = [run] if uses_run(script) else []
    inner = [f"    {account} = new_context().new_page()" for account in script.accounts] + body(printer, script, 4)
    return [*lines, *fresh, *inner]
