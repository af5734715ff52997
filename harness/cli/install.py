"""`repro install`."""

from __future__ import annotations

import sys

import typer

from harness.core.exits import Exit


def install() -> None:
    """Find a browser, or install one."""
    import asyncio
    import os

    from harness.browser.find import Found, find_browser, install_browser
    from harness.diagnostics import Problems

    async def found() -> Found | None:
        from playwright.async_api import async_playwright

        async with async_playwright() as playwright:
            try:
                return find_browser("chromium", None, False, playwright.chromium.executable_path, os.environ)
            except Problems:
                return None

    browser = asyncio.run(found())
    if browser is None:
        print("no browser found; trying to install one", file=sys.stderr)
        for tried in install_browser():
            print(f"{'ok    ' if tried.worked else 'failed'}  {tried.command}\n        {tried.said}", file=sys.stderr)
        browser = asyncio.run(found())
    if browser is None:
        print(
            "no browser could be installed. Install Chrome, Chromium or Edge, or set REPRO_BROWSER to a browser's program.", file=sys.stderr
        )
        raise typer.Exit(int(Exit.USAGE))
    print(f"{browser.build}  {browser.path or browser.channel}")
