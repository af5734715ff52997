"""Where things are kept: what is executed only where nobody else can have put it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.core.state import cache_folder


def test_what_is_kept_to_be_faster_lies_in_the_users_cache(tmp_path: Path) -> None:
    assert cache_folder({"HOME": str(tmp_path)}) == tmp_path / ".cache" / "repro"
    assert cache_folder({"HOME": "/nowhere", "XDG_CACHE_HOME": str(tmp_path / "new")}) == tmp_path / "new" / "repro"
    assert cache_folder({"HOME": "/nowhere", "REPRO_STATE": str(tmp_path)}) == tmp_path / "cache"


def test_without_a_home_nothing_is_kept_in_the_temporary_folder_of_all() -> None:
    assert cache_folder({"PATH": "/usr/bin"}) is None


def test_nothing_is_executed_that_another_user_may_have_put_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1, raising=False)
    assert cache_folder({"HOME": str(tmp_path)}) is None
    (tmp_path / ".cache" / "repro").mkdir(parents=True)
    assert cache_folder({"HOME": str(tmp_path)}) is None
