# SPDX-License-Identifier: Apache-2.0
"""Gift-card numbers: 60 random bits and a check, and the fingerprint by which tills know them."""

import hashlib
import hmac
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U that a hand could confuse."""

RANDOM_BITS: Final = 60
SHORTEST: Final = 12
"""Characters; a shorter number could be guessed."""

LONGEST: Final = 64


def number(random: int) -> str:
    """A new card's number of 13 characters from 60 random bits; the last one checks the others."""
    if not 0 <= random < 1 << RANDOM_BITS:
        message = "a gift-card number is made of 60 random bits"
        raise ValueError(message)
    body = "".join(ALPHABET[random >> shift & 31] for shift in range(RANDOM_BITS - 5, -1, -5))
    return body + _check(body)


def spaced(code: str) -> str:
    """As people read it: in groups of four."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def normalise(typed: str) -> str:
    """As it is looked up: capitals without spaces or dashes, confusable letters read as digits."""
    bare = "".join(c for c in typed.upper() if c.isalnum())
    return bare.replace("O", "0").replace("I", "1").replace("L", "1")


def plausible(code: str) -> bool:
    """Whether a normalised number is long enough to be a gift card's."""
    return SHORTEST <= len(code) <= LONGEST


def damaged(code: str) -> bool:
    """Whether a normalised number of our own form carries a wrong check character."""
    return _formed(code) and code[-1] != _check(code[:-1])


def ours(code: str) -> bool:
    """Whether a normalised number is one that we could have made.

    Digits alone are a customer's card: of our numbers one in a million has no letter.
    """
    return _formed(code) and not code.isdecimal() and code[-1] == _check(code[:-1])


def fingerprint(key: bytes, text: str) -> str:
    """The keyed hash under which a till keeps a number, a phone or an e-mail (32 hex digits).

    It hinders a thief of the terminal and does not stop one, who holds the key as well.
    """
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def _formed(code: str) -> bool:
    return len(code) == RANDOM_BITS // 5 + 1 and all(c in ALPHABET for c in code)


def _check(body: str) -> str:
    """Any one wrong character and any two neighbours swapped show.

    Each character is weighted by a power of x in GF(32), x⁵ = x² + 1.
    """
    total = 0
    for c in body:
        total = (total ^ ALPHABET.index(c)) << 1
        if total >= len(ALPHABET):
            total ^= 0b100101
    return ALPHABET[total]
