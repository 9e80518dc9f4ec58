# SPDX-License-Identifier: Apache-2.0
"""A PIN as tills keep it: the hub makes it, the tills compare with it, offline too."""

import hashlib
import hmac
from typing import Final

DIGITS: Final = 4
SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32


def stored(pin: str, salt: bytes) -> str:
    """`scrypt$salt hex$key hex`; four digits resist a thief of the terminal for minutes only."""
    return f"scrypt${salt.hex()}${_key(pin, salt).hex()}"


def matches(pin: str, kept: str) -> bool:
    """Whether a typed PIN is the one behind what `stored` made; nothing matches the empty text."""
    scheme, _, rest = kept.partition("$")
    salt, _, key = rest.partition("$")
    if scheme != "scrypt" or not key:
        return False
    return hmac.compare_digest(_key(pin, bytes.fromhex(salt)), bytes.fromhex(key))


def _key(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=4096, r=8, p=1, dklen=_KEY_BYTES)
