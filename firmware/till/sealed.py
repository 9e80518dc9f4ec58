# SPDX-License-Identifier: Apache-2.0
"""Personal data that only the hub can read: sealed when it is typed, never stored in clear here.

HPKE (RFC 9180) to the merchant's X25519 public key; `hub.merchants.sealed` opens it.
"""

import base64
import json
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
INFO: Final = b"comptoir sealed 1"


def seal(public_key: str, details: Mapping[str, str]) -> str:
    """Seal details to a base64 public key; gives base64 text."""
    key = X25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    clear = json.dumps(details, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(SUITE.encrypt(clear, key, info=INFO)).decode()
