"""One-time codes (RFC 6238): made at the moment of use, one sign-in at a time, and never the same code twice.

Which code was used last is kept in a file of the machine, so that two runs side by side do not use one code twice either.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from harness.core.secret import Secret

STEP_S = 30
MARGIN_S = 2


@dataclass(frozen=True)
class Totp:
    """Makes codes for the secrets of one machine; `folder` holds what was used last."""

    folder: Path

    async def code(self, secret: Secret) -> Secret:
        """A code that was not used before, valid for two more seconds at least. Waits for the next one where it must.
        Raises ValueError when the secret is no base32 text."""
        digest = hashlib.sha256(secret.reveal().encode()).hexdigest()[:32]
        try:
            key = _key(secret.reveal())
        except ValueError:  # whose message may quote the secret
            raise ValueError(f"{secret!r} is not a TOTP secret (base32)") from None
        step = await asyncio.to_thread(self._reserve, digest)
        wait = step * STEP_S - time.time()
        if wait > 0:
            await asyncio.sleep(wait)
        return Secret("TOTP_CODE", _code(key, step))

    def _reserve(self, digest: str) -> int:
        """The next time step whose code nobody has used."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"totp-{digest}"
        with FileLock(path.with_suffix(".lock")):
            last = int(path.read_text()) if path.is_file() else 0
            step = max(int((time.time() + MARGIN_S) // STEP_S), last + 1)
            path.write_text(str(step))
        return step


def _key(text: str) -> bytes:
    """The key of a base32 text, short ones too: most authenticators give out 80 bits."""
    plain = "".join(text.split()).replace("-", "").rstrip("=").upper()
    key = base64.b32decode(plain + "=" * (-len(plain) % 8))
    if not key:
        raise ValueError("it is empty")
    return key


def _code(key: bytes, step: int) -> str:
    """Six digits, as RFC 4226 cuts them out of the HMAC."""
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"
