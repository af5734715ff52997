"""What only one may hold: a tenant, across cases and processes; and a one-time code, which is never given twice."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.core.secret import Secret
from harness.run import totp
from harness.run.locks import Locks
from harness.run.totp import STEP_S, Totp

SECRET = Secret("TOTP", "JBSWY3DPEHPK3PXP")
HOLDER = """
import asyncio, sys
from pathlib import Path
from types import SimpleNamespace
from harness.run.locks import Locks

async def main():
    async with Locks(Path(sys.argv[1])).held(["tenant"], lambda name: None):
        print("held", flush=True)
        sys.stdin.readline()

asyncio.run(main())
"""


def test_another_process_waits_for_the_tenant(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin and other.stdout
        assert other.stdout.readline() == "held\n"

        async def take() -> list[str]:
            said: list[str] = []

            def waiting(name: str) -> None:
                said.append(name)
                other.stdin.write("let go\n")  # type: ignore[union-attr]
                other.stdin.flush()  # type: ignore[union-attr]

            async with Locks(tmp_path).held(["tenant"], waiting):
                said.append("held here")
            return said

        assert asyncio.run(take()) == ["tenant", "held here"]


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "held\n"

        async def take() -> None:
            async with Locks(tmp_path).held(["tenant"], lambda name: other.kill()):
                return

        asyncio.run(take())


def test_two_that_want_the_same_in_another_order_do_not_wait_for_each_other(tmp_path: Path) -> None:
    async def main() -> list[str]:
        locks = Locks(tmp_path)
        done: list[str] = []

        async def one(name: str, *wanted: str) -> None:
            async with locks.held(wanted, lambda waiting: None):
                await asyncio.sleep(0)
                done.append(name)

        async with asyncio.timeout(10):
            await asyncio.gather(one("first", "a", "b"), one("second", "b", "a"))
        return done

    assert asyncio.run(main()) == ["first", "second"]


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(1_000_000 * STEP_S + 10.0)
    monkeypatch.setattr(totp, "time", clock)
    monkeypatch.setattr(totp, "asyncio", SimpleNamespace(sleep=clock.sleep, to_thread=asyncio.to_thread))
    return clock


def test_a_code_is_never_given_twice(tmp_path: Path, clock: Clock) -> None:
    async def main() -> list[tuple[str, float]]:
        found = []
        for maker in (Totp(tmp_path), Totp(tmp_path), Totp(tmp_path)):  # as three runs of this machine would
            found.append(((await maker.code(SECRET)).reveal(), clock.now))
        return found

    given = asyncio.run(main())
    step = 1_000_000
    assert len({code for code, _ in given}) == 3
    assert [now for _, now in given] == [step * STEP_S + 10.0, (step + 1) * STEP_S, (step + 2) * STEP_S]


def test_a_code_that_is_about_to_end_is_not_given(tmp_path: Path, clock: Clock) -> None:
    clock.now = 1_000_001 * STEP_S - 1.0
    asyncio.run(Totp(tmp_path).code(SECRET))
    assert clock.now == 1_000_001 * STEP_S


@pytest.mark.parametrize(("now", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")])
@pytest.mark.parametrize("text", ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "gezd gnbv gy3t qojq gezd gnbv gy3t qojq"])
def test_codes_are_those_of_the_standard(tmp_path: Path, clock: Clock, now: int, code: str, text: str) -> None:
    """The last six digits of RFC 6238's table."""
    clock.now = float(now - now % STEP_S)
    assert asyncio.run(Totp(tmp_path).code(Secret("TOTP", text))).reveal() == code


def test_another_secret_does_not_wait(tmp_path: Path, clock: Clock) -> None:
    before = clock.now
    asyncio.run(Totp(tmp_path).code(SECRET))
    asyncio.run(Totp(tmp_path).code(Secret("OTHER", "KRSXG5CTMVRXEZLU")))
    assert clock.now == before


def test_a_wrong_secret_is_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="<secret TOTP> is not a TOTP secret") as raised:
        asyncio.run(Totp(tmp_path).code(Secret("TOTP", "not base32 at all!")))
    assert "base32 at all" not in str(raised.value)


def test_nothing_on_disk_holds_the_secret(tmp_path: Path, clock: Clock) -> None:
    asyncio.run(Totp(tmp_path).code(SECRET))
    for path in tmp_path.rglob("*"):
        assert SECRET.reveal() not in path.name
        assert SECRET.reveal() not in path.read_text()
