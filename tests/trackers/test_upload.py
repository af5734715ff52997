"""The bundle in the team's own storage, over fsspec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from harness.diagnostics import Problems
from harness.trackers.upload import check_link, planned, upload


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, ...]:
    (tmp_path / "b.zip").write_bytes(b"bundle" * 1000)
    (tmp_path / "b.html").write_bytes(b"<html>")
    return tmp_path / "b.zip", tmp_path / "b.html"


def told(*words: Any) -> str:
    with pytest.raises(Problems) as problems:
        upload(*words)
    return problems.value.diagnostics[0].render()


def test_a_folder(files: tuple[Path, ...], tmp_path: Path) -> None:
    made = upload(files, f"file://{tmp_path}/deep/er")
    assert [(tmp_path / "deep/er" / each.name).read_bytes() for each in made] == [path.read_bytes() for path in files]
    assert [each.link for each in made] == [None, None]
    assert made == planned(files, f"file://{tmp_path}/deep/er", None)


def test_memory_and_an_address_to_read_it(files: tuple[Path, ...]) -> None:
    made = upload(files, "memory://bundles/acme/", "https://evidence.example.com/acme/")
    storage = fsspec.filesystem("memory")
    assert storage.cat(f"/bundles/acme/{made[0].name}") == files[0].read_bytes()
    assert made[0].link == f"https://evidence.example.com/acme/{made[0].name}"
    assert made[0].place == f"memory://bundles/acme/{made[0].name}"


class Flaky(MemoryFileSystem):
    """Writes half of the first `broken` files, and signs links."""

    protocol = "flaky"
    made: list[str] = []
    store: dict[str, Any] = {}
    pseudo_dirs = [""]
    cachable = False
    broken = 0
    puts = 0

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.replace("flaky://", "memory://", 1)))

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        Flaky.made.append(path)

    def put_file(self, lpath: str, rpath: str, *rest: Any, **more: Any) -> None:
        Flaky.puts += 1
        content = Path(lpath).read_bytes()
        if Flaky.broken > 0:
            Flaky.broken -= 1
            self.pipe_file(rpath, content[: len(content) // 2])
            if Flaky.broken % 2:
                raise ConnectionResetError("reset by peer")
            return
        self.pipe_file(rpath, content)

    def sign(self, path: str, expiration: int | None = None, **more: Any) -> str:
        return f"https://signed.example/{path.rsplit('/')[-1]}?for={expiration}"


@pytest.fixture
def flaky() -> type[Flaky]:
    fsspec.register_implementation("flaky", Flaky, clobber=True)
    Flaky.store.clear()
    Flaky.broken = Flaky.puts = 0
    return Flaky


def test_an_upload_that_breaks_off_is_sent_again(files: tuple[Path, ...], flaky: type[Flaky]) -> None:
    flaky.broken = 1
    made = upload(files, "flaky://b")
    assert flaky.puts == 3
    assert flaky().cat(f"b/{made[0].name}") == files[0].read_bytes()
    assert made[0].link == f"https://signed.example/{made[0].name}?for=604800"


@pytest.mark.parametrize(("broken", "why"), [(3, "not complete"), (2, "reset by peer")])
def test_an_upload_that_breaks_off_twice(files: tuple[Path, ...], flaky: type[Flaky], broken: int, why: str) -> None:
    flaky.broken = broken
    assert "could not be put into flaky://b" in told(files, "flaky://b")
    assert flaky.puts == 2


def test_no_bucket_is_made(files: tuple[Path, ...], flaky: type[Flaky]) -> None:
    """S3's file systems make one of a name that was misspelt."""
    upload(files, "flaky://b")
    assert flaky.made == []


def test_what_is_there_is_not_sent_again(files: tuple[Path, ...], flaky: type[Flaky]) -> None:
    assert upload(files, "flaky://b") == upload(files, "flaky://b")
    assert flaky.puts == 2


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("nowhere://x/y", "nowhere://x/y can't be opened"),
        ("bucket/folder", "is not the address of a storage"),
        ("file:///proc/none/x", "could not be put into file:///proc/none/x"),
    ],
)
def test_a_storage_that_is_none(files: tuple[Path, ...], to: str, said: str) -> None:
    assert said in told(files, to)


def test_a_password_in_the_address_is_not_told(files: tuple[Path, ...]) -> None:
    assert planned(files, "sftp://bob:hush@host/x", None)[0].place.startswith("sftp://host/x/b-")
    assert "hush" not in told(files, "nowhere://bob:hush@host/x")


def test_a_link_that_is_none() -> None:
    with pytest.raises(Problems):
        check_link("javascript:alert(1)")
    check_link(None)
    check_link("https://x.example/y")
