"""The target `playwright-test`: a test for @playwright/test."""

from __future__ import annotations

from collections.abc import Sequence

from harness.exporters.code import Call, Do, Expr, Lit, Name
from harness.exporters.head import head
from harness.exporters.helpers import needed, sections, typescript_names
from harness.exporters.oracles import Watched
from harness.exporters.script import Script
from harness.exporters.typescript import TypeScript, camel

CAN = frozenset(("together",))
VALUES = ("devices", "expect", "request", "test")
TYPES = (
    *("APIRequestContext", "APIResponse", "BrowserContext", "CDPSession", "ConsoleMessage", "Dialog", "Download"),
    *("Locator", "Page", "Request", "Response", "WebError"),
)
NODE = {
    "createHmac": "node:crypto",
    "randomBytes": "node:crypto",
    "readFileSync": "node:fs",
    "path": "node:path",
    "isDeepStrictEqual": "node:util",
}


def write(script: Script, file_name: str) -> str:
    """The text of the file."""
    printer = TypeScript(script.marks)
    body = [*_use(printer, script), *_settings(printer, script), *_flows(printer, script), *_test(printer, script)]
    code = "\n".join(body)
    helpers = [sections("typescript")[name] for name in needed("typescript", code)]
    about = head(script, f"npx playwright test {file_name}", "npm install --save-dev @playwright/test && npx playwright install chromium")
    address = f'(process.env.BASE_URL ?? {printer.text(script.base_url)}).replace(/\\/+$/, "")'
    lines = [*(f"// {line}".rstrip() for line in about), "", *_imports("\n".join([code, *helpers])), "", f"const BASE_URL = {address};", ""]
    return "\n".join([*lines, *body, "", "// Helpers", "", "\n\n".join(helpers)]) + "\n"


def _imports(code: str) -> list[str]:
    """Only what is used."""
    used = typescript_names(code)
    lines = [f'import {{ {", ".join(name for name in VALUES if name in used)} }} from "@playwright/test";']
    types = [name for name in TYPES if name in used]
    lines += [f'import type {{ {", ".join(types)} }} from "@playwright/test";'] if types else []
    for module in dict.fromkeys(NODE.values()):
        names = [name for name, where in NODE.items() if where == module and name in used]
        if names:
            lines.append(f'import path from "{module}";' if names == ["path"] else f'import {{ {", ".join(names)} }} from "{module}";')
    return lines


def _use(printer: TypeScript, script: Script) -> list[str]:
    browser = script.browser
    launch = "launchOptions: { executablePath: process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE }"
    lines = ["// The customer's browser.", "test.use({"]
    lines += [f"  ...device({printer.text(browser.device)}),"] if browser.device else []
    lines.append(f'  browserName: "{browser.engine}",')
    lines.append(f"  channel: {printer.text(browser.channel)}," if browser.channel else f"  {launch},")
    lines += _options(printer, script)
    lines.append("});")
    serial = ['test.describe.configure({ mode: "serial" });'] if script.attempts > 1 else []
    return [*lines, *serial, ""]


PLAIN_OPTIONS = frozenset(
    (
        *("base_url", "locale", "timezone_id", "viewport", "color_scheme", "user_agent", "permissions", "geolocation"),
        *("extra_http_headers", "java_script_enabled", "http_credentials", "storage_state"),
    )
)


def _options(printer: TypeScript, script: Script) -> list[str]:
    """Those that Playwright Test has no name for go through to the context."""
    known = {name: value for name, value in script.browser.options.items() if name in PLAIN_OPTIONS}
    others = {name: value for name, value in script.browser.options.items() if name not in PLAIN_OPTIONS}
    lines = [f"  {camel(name)}: {printer.expr(value, 2)}," for name, value in known.items()]
    inner = ", ".join(f"{camel(name)}: {printer.flat(value)}" for name, value in others.items())
    return [*lines, *([f"  contextOptions: {{ {inner} }},"] if others else [])]


def _settings(printer: TypeScript, script: Script) -> list[str]:
    settings = script.settings
    if settings is None:
        return []
    headers: dict[str, Expr] = {"extra_http_headers": Lit(settings.headers)} if settings.headers else {}
    opened = printer.expr(Call(Name("request"), "new_context", (), {"base_url": Name("BASE_URL"), **headers}), 2)
    lines = [
        f"const SETTINGS = {printer.expr(Lit(settings.wanted))};",
        "",
        "// Puts the customer's settings onto the tenant.",
        "test.beforeAll(async () => {",
        f"  const api = {opened};",
    ]
    lines += [*printer.block((*settings.before, *settings.apply), 2), "  await api.dispose();", "});", ""]
    if not settings.restore:
        return lines
    guard = ['  if (!("before" in saved)) return; // nothing was changed'] if settings.before else []
    lines += ["// Puts back what was there before.", "test.afterAll(async () => {", *guard, f"  const api = {opened};"]
    return [*lines, *printer.block(settings.restore, 2), "  await api.dispose();", "});", ""]


def _flows(printer: TypeScript, script: Script) -> list[str]:
    return [line for function in script.functions for line in (*printer.function(function), "")]


def _test(printer: TypeScript, script: Script) -> list[str]:
    title = printer.text(script.title)
    inner = _body(printer, script)
    if "run" in typescript_names("\n".join(inner)):
        inner = [
            f'  Object.assign(run, {{ token: randomBytes(4).toString("hex"), attempt: {"attempt" if script.attempts > 1 else 1} }});',
            *inner,
        ]
    needs = "{ page, browser }" if script.accounts else "{ page }"
    body = [f"  test.setTimeout({printer.data(script.timeout_ms)});", *inner]
    if script.attempts == 1:
        return [f"test({title}, async ({needs}) => {{", *body, "});"]
    head = [
        f"for (let attempt = 1; attempt <= {script.attempts}; attempt++) {{",
        f"  test(`${{{title}}}, attempt ${{attempt}}`, async ({needs}) => {{",
    ]
    return [*head, *(f"  {line}" if line else line for line in body), "  });", "}"]


def _body(printer: TypeScript, script: Script) -> list[str]:
    lines = [f"  let {camel(account)} = await (await browser.newContext()).newPage();" for account in script.accounts]
    lines += [*printer.block(script.prepare, 2), ""]
    lines += [line for watched in script.watched for line in _oracle(printer, watched)]
    indent = 4 if script.cleanup else 2
    done = [*printer.block(script.setup, indent), *printer.block(script.steps, indent), *printer.block(script.watch, indent)]
    if not script.cleanup:
        return lines + done
    return [*lines, "  try {", *done, "  } finally {", *_cleanup(printer, script), "  }"]


def _cleanup(printer: TypeScript, script: Script) -> list[str]:
    lines: list[str] = []
    for each in script.cleanup:
        lines += ["    try {", *printer.statement(each, 6), "    } catch (error) {", "      console.warn(error);", "    }"]
    return lines


def _oracle(printer: TypeScript, watched: Watched) -> Sequence[str]:
    body = printer.block([Do(check) for check in watched.checks], 4)
    return [f"  const {watched.name} = async () => {{", f"    // {watched.about}", *body, "  };", ""]
