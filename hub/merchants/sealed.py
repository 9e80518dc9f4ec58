# SPDX-License-Identifier: Apache-2.0
"""Personal data that a terminal sealed when it was typed: only the hub can open it.

HPKE (RFC 9180) to the merchant's X25519 key, whose private half is a file of the hub's own folder;
`firmware.till.sealed` is the other side.
"""

import base64
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
INFO: Final = b"comptoir sealed 1"


class Unsealable(ValueError):
    """Text that was not sealed to this merchant, or was damaged since."""


def make_key(merchant_id: str) -> str:
    """Make a merchant's key pair, keep its private half, give the public one in base64.

    Raises:
        FileExistsError: the merchant has one.
    """
    key = X25519PrivateKey.generate()
    path = _path(merchant_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(key.private_bytes_raw())
        new.flush()
        os.fsync(new.fileno())
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def seal(public_key: str, details: Mapping[str, str]) -> str:
    """Seal details to a base64 public key; gives base64 text."""
    key = X25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    clear = json.dumps(details, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(SUITE.encrypt(clear, key, info=INFO)).decode()


def open_sealed(merchant_id: str, text: str) -> dict[str, str]:
    """Open what was sealed to a merchant.

    Raises:
        Unsealable: it was not, or the text is damaged.
    """
    try:
        clear = SUITE.decrypt(
            base64.b64decode(text, validate=True), _key(_path(merchant_id)), info=INFO
        )
        details = json.loads(clear)
    except (InvalidTag, ValueError, RecursionError) as error:
        raise Unsealable("not sealed to this merchant, or damaged") from error
    if not isinstance(details, dict) or not all(isinstance(v, str) for v in details.values()):
        raise Unsealable("not the details of a person or a gift card")
    return details


@cache
def _key(path: Path) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(path.read_bytes())


def _path(merchant_id: str) -> Path:
    return Path(settings.HUB_DATA) / "keys" / f"{merchant_id}.x25519"
