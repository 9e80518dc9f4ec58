# SPDX-License-Identifier: Apache-2.0
"""Card codes: the in-store EAN-13 that we issue, and every other symbology as it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_CODE: Final = 64
"""Characters; the longest Data Matrix on a loyalty card we met has 40."""

EAN_DIGITS: Final = 13
UPC_DIGITS: Final = 12


class BadCode(StrEnum):
    """Why a reading is no code at all."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    CHECK_DIGIT = "check_digit"


@dataclass(frozen=True, slots=True)
class CardCode:
    """A code as it is looked up: trimmed, of 1 to 64 printable characters."""

    text: str
    in_store: bool
    """An EAN-13 of the range that GS1 leaves to shops (it starts with 2)."""


def read(raw: str) -> CardCode | BadCode:
    """Make sense of one scan or of a number that was typed.

    A number of ours whose check digit is wrong is refused, because a damaged digit could name
    somebody else; other symbologies check themselves and are taken as they are.
    """
    text = raw.strip()
    if not text:
        return BadCode.EMPTY
    if len(text) > LONGEST_CODE:
        return BadCode.TOO_LONG
    if not text.isprintable():
        return BadCode.UNREADABLE
    digits = "".join(text.split())
    if len(digits) == EAN_DIGITS and digits.isascii() and digits.isdigit() and digits[0] == "2":
        if check_digit(digits[:-1]) != int(digits[-1]):
            return BadCode.CHECK_DIGIT
        return CardCode(digits, in_store=True)
    return CardCode(text, in_store=False)


def is_goods(code: str) -> bool:
    """Whether a code is the EAN-13 of goods: outside the range that GS1 leaves to shops."""
    digits = len(code) == EAN_DIGITS and code.isascii() and code.isdigit()
    return digits and code[0] != "2" and check_digit(code[:-1]) == int(code[-1])


def other_length(ean: str) -> str:
    """A UPC-A as an EAN-13, or that as the UPC-A it is; "" for any other code."""
    if len(ean) == UPC_DIGITS and ean.isdigit():
        return f"0{ean}"
    return ean[1:] if len(ean) == EAN_DIGITS and ean.startswith("0") else ""


def check_digit(digits: str) -> int:
    """The thirteenth digit of an EAN-13, of its first twelve (GS1 General Specifications 7.9)."""
    odd, even = (sum(map(int, digits[i::2])) for i in (0, 1))
    return -(odd + 3 * even) % 10


def issue(prefix: str, serial: int) -> str:
    """The card number that a merchant gives to a customer.

    Args:
        prefix: the merchant's own digits, starting with 2.
        serial: counts from 0; it fills what the prefix leaves of twelve digits.

    Raises:
        ValueError: the prefix is not in the in-store range or its numbers are used up.
    """
    width = EAN_DIGITS - 1 - len(prefix)
    if not (prefix.isascii() and prefix.isdigit() and prefix[0] == "2") or width < 1:
        message = f"not an in-store prefix: {prefix!r}"
        raise ValueError(message)
    if not 0 <= serial < 10**width:
        message = f"the prefix {prefix} has no number {serial}"
        raise ValueError(message)
    digits = f"{prefix}{serial:0{width}d}"
    return f"{digits}{check_digit(digits)}"


def mask(code: str) -> str:
    """What logs and screens of others may show of a code: its last four characters."""
    return f"…{code[-4:]}"
