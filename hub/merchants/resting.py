# SPDX-License-Identifier: Apache-2.0
"""Secrets of the hub's own, as they rest in its database: a copy of it alone opens no account.

The key is a file beside those of the merchants, made when it is first needed.
"""

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings

NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32


class Unreadable(Exception):
    """Sealed with another key, for another account, or damaged."""


def seal(clear: bytes, *, about: str) -> str:
    """Seal a secret to what it is about, so that it opens in no other row; gives base64."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(
        nonce + ChaCha20Poly1305(_key(_path())).encrypt(nonce, clear, about.encode())
    ).decode()


def unseal(text: str, *, about: str) -> bytes:
    """Open what was sealed.

    Raises:
        Unreadable: it was not, with this key and about this.
    """
    try:
        raw = base64.b64decode(text, validate=True)
        cipher = ChaCha20Poly1305(_key(_path()))
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(about) from error


def digest(text: str, *, about: str) -> str:
    """What stands for a code that is only compared: 64 hex digits, keyed."""
    return hmac.new(_key(_path()), f"{about}|{text}".encode(), hashlib.sha256).hexdigest()


@cache
def _key(path: Path) -> bytes:
    """The key of the file; of two processes that find none, one makes it and both read it."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        made = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
            new.write(secrets.token_bytes(KEY_BYTES))
            new.flush()
            os.fsync(new.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_bytes()


def _path() -> Path:
    return Path(settings.HUB_DATA) / "keys" / "accounts.key"
