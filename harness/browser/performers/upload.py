"""`upload`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.performers.support_.files import workspace_file
from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.upload import Upload

ACTION = Upload

_IS_FILE_FIELD = "e => e.matches('input[type=file]') || !!(e instanceof HTMLLabelElement && e.control && e.control.type === 'file')"


async def perform(session: Any, action: Upload, timeout_ms: int) -> Performed:
    """Gives files of the workspace to a file field, or to the dialog that a button opens."""
    performed = Performed()
    for locator, names in action.fields:
        files = [workspace_file(session.spec.workspace, name) for name in names]
        performed = await act(session, locator, partial(_give, session, files, timeout_ms))
    return performed


async def _give(session: Any, paths: list[Path], timeout_ms: int, target: PlaywrightLocator) -> None:
    if await target.evaluate(_IS_FILE_FIELD, timeout=timeout_ms):
        await target.set_input_files(paths, timeout=timeout_ms)
        return
    async with session.view().page.expect_file_chooser(timeout=timeout_ms) as chooser:
        await target.click(timeout=timeout_ms)
    await (await chooser.value).set_files(paths, timeout=timeout_ms)
