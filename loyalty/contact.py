# SPDX-License-Identifier: Apache-2.0
"""Phones and e-mails as they are compared: both sides hash what this makes of them."""

from typing import Final

_COUNTRIES: Final = ("262", "33")
"""La Réunion and Mayotte, then metropolitan France: written 0… at home."""

_SHORTEST_PHONE: Final = 6

_NOT_IN_EMAIL: Final = frozenset(' ,;:<>()[]\\"')
"""What an address can't hold unquoted (RFC 5322 3.2.3); nobody's is quoted."""


def phone(typed: str) -> str:
    """A phone number as it is compared: "+262 692 12 34 56" is "0692123456"; "" for no number."""
    allowed = set("0123456789+.-/() \u00a0\u202f")
    if not set(typed) <= allowed:
        return ""
    digits = "".join(c for c in typed if c.isdigit())
    abroad = typed.lstrip().startswith("+") or digits.startswith("00")
    if abroad:
        digits = digits.removeprefix("00")
        for country in _COUNTRIES:
            if digits.startswith(country):
                digits = "0" + digits.removeprefix(country).removeprefix("0")
                break
    return digits if len(digits) >= _SHORTEST_PHONE else ""


def email(typed: str) -> str:
    """An e-mail address as it is compared; "" for what can't be one."""
    text = typed.strip().lower()
    name, _, host = text.partition("@")
    labels = [*name.split("."), *host.split(".")]
    fits = "." in host and "@" not in host and all(labels)
    return text if fits and text.isprintable() and not _NOT_IN_EMAIL & set(text) else ""
