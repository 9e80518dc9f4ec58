# SPDX-License-Identifier: Apache-2.0
"""Claim codes: what a tech types so that a terminal becomes ours, and what both sides make of it.

The code never travels. Each side stretches it into a claim's public name and a key; what passes
between them is sealed with that key, so either proves that it knows the code by saying anything.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from loyalty.giftcard import ALPHABET, normalise, number, spaced

RANDOM_BITS: Final = 60
CHARACTERS: Final = RANDOM_BITS // 5
NAME_BYTES: Final = 16
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
LARGEST: Final = 16 * 1024
"""Bytes of a sealed message."""

_SALT: Final = b"comptoir claim 1"
_COST: Final = 2**14
"""Of scrypt: 16 MiB and some 50 ms for each guess at a recorded exchange."""


class BadCode(ValueError):
    """What was typed can't be a claim code."""


class Forged(ValueError):
    """Not sealed with this claim's key, or not for this place, or damaged."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a code becomes."""

    name: str
    """32 hex digits, by which the hub finds it."""
    key: bytes


def code(random: int) -> str:
    """A code from 60 random bits, as people read it: three groups of four."""
    return spaced(number(random)[:CHARACTERS]).replace(" ", "-")


def claim(typed: str) -> Claim:
    """What a code becomes on either side.

    Raises:
        BadCode: it has another length or other characters.
    """
    bare = normalise(typed)
    if len(bare) != CHARACTERS or not set(bare) <= set(ALPHABET):
        raise BadCode(f"a claim code has {CHARACTERS} letters and digits")
    made = hashlib.scrypt(
        bare.encode(), salt=_SALT, n=_COST, r=8, p=1, dklen=NAME_BYTES + KEY_BYTES
    )
    return Claim(made[:NAME_BYTES].hex(), made[NAME_BYTES:])


def ask(claimed: Claim, facts: Mapping[str, object], *, nonce: bytes) -> bytes:
    """What the terminal sends: the claim's name, then its facts for the hub alone."""
    return bytes.fromhex(claimed.name) + _seal(claimed.key, facts, b"ask", nonce)


def name_of(asked: bytes) -> str:
    """Which claim a terminal speaks of."""
    return asked[:NAME_BYTES].hex()


def read_ask(key: bytes, asked: bytes) -> dict[str, str]:
    """What the terminal says.

    Raises:
        Forged: it does not know the code.
    """
    return _open(key, asked[NAME_BYTES:], b"ask")


def answer(key: bytes, asked: bytes, facts: Mapping[str, object], *, nonce: bytes) -> bytes:
    """What the hub answers to that very message."""
    return _seal(key, facts, _answers(asked), nonce)


def read_answer(claimed: Claim, asked: bytes, answered: bytes) -> dict[str, str]:
    """What the hub says.

    Raises:
        Forged: whoever answered does not know the code, or answered something else.
    """
    return _open(claimed.key, answered, _answers(asked))


def _answers(asked: bytes) -> bytes:
    return b"answer" + hashlib.sha256(asked).digest()


def _seal(key: bytes, facts: Mapping[str, object], place: bytes, nonce: bytes) -> bytes:
    clear = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, clear, place)


def _open(key: bytes, sealed: bytes, place: bytes) -> dict[str, str]:
    if not NONCE_BYTES < len(sealed) <= LARGEST:
        raise Forged("too short or too long")
    try:
        clear = ChaCha20Poly1305(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
        facts = json.loads(clear)
    except (InvalidTag, ValueError, RecursionError) as error:
        raise Forged("not sealed with this claim's key") from error
    if not isinstance(facts, dict) or not all(isinstance(fact, str) for fact in facts.values()):
        raise Forged("not the facts of a claim")
    return facts
