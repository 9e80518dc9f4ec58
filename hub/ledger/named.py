# SPDX-License-Identifier: Apache-2.0
"""Whether words that stay when somebody is forgotten would lead to them."""

import re
from collections.abc import Iterator
from typing import Final

from hub.ledger import groups
from hub.ledger.models import Customer
from hub.merchants.words import plain

_PHONE_DIGITS: Final = 9
"""Of a phone number, from its end: what is before them is spelled in many ways."""
_BETWEEN: Final = r"[\W_]*"
"""What people put between the digits of a phone or the signs of a code."""


def names(customer: Customer, text: str) -> bool:
    """Whether a text has a name, a phone, an e-mail or a card of this person, however spelled.

    Every customer that they are counts; names and codes stand as words, a phone with or without its
    country.
    """
    said = plain(text)
    uuids = groups.ones(customer.merchant_id, customer.uuid)
    people = Customer.objects.filter(merchant=customer.merchant_id, uuid__in=uuids)
    return any(
        re.search(pattern, said)
        for person in people.prefetch_related("cards")
        for pattern in _patterns(person)
    )


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _patterns(person: Customer) -> Iterator[str]:
    """What leads to somebody, as it is looked for in a plain text."""
    for whole in (person.last_name, person.email):
        if whole:
            yield re.escape(plain(whole))
    if person.first_name:
        yield _word(re.escape(plain(person.first_name)))
    if digits := "".join(c for c in person.phone if c.isdigit())[-_PHONE_DIGITS:]:
        yield rf"{_spelled(digits)}(?!\d)"
    for card in person.cards.all():
        if signs := "".join(c for c in plain(card.code) if c.isalnum()):
            yield _word(_spelled(signs))


def _word(pattern: str) -> str:
    return rf"(?<!\w){pattern}(?!\w)"


def _spelled(signs: str) -> str:
    return _BETWEEN.join(map(re.escape, signs))
