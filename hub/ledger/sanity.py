# SPDX-License-Identifier: Apache-2.0
"""What no till of ours writes: such an entry is shelved, for a person to look at.

What a till decided is a fact that the hub never decides again. This only keeps out what no till
could have decided: negative sales, names of accounts that are nobody's, conversions of carry.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from loyalty.account import NOBODY, WITH_RIGHTS, Holding, Kind, Movement
from loyalty.card import LONGEST_CODE
from loyalty.entry import (
    Adjusted,
    CalledIn,
    CardsChanged,
    CarryConverted,
    Cause,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Matured,
    Opened,
    OptedIn,
    OwedPaid,
    Refunded,
    Released,
    Settled,
    SignedOff,
    Sold,
    Visited,
)
from loyalty.money import LARGEST_CENTS, WHOLE_BP
from loyalty.movements import paid_in_points, returned, taken
from loyalty.price import MOST_LINES

MOST_MOVEMENTS: Final = 250
LONGEST_KEY: Final = 64
LONGEST_DAY: Final = 10
LARGEST_FACTOR: Final = 1_000_000
LONGEST_RECEIPT: Final = 40
LONGEST_REASON: Final = 200
MOST_CODES: Final = 50
"""That one entry gives or blocks."""

_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")


def named(text: str) -> bool:
    """Whether it can be the id of somebody or something other than the merchant's side."""
    return _ID.fullmatch(text) is not None and text not in NOBODY


def absurd(entry: Entry, moves: Sequence[Movement]) -> bool:
    """Whether no till of ours could have written this."""
    if not named(entry.id) or (entry.staff and not named(entry.staff)):
        return True
    return _absurd(entry.facts) or len(moves) > MOST_MOVEMENTS


def _absurd(facts: Facts) -> bool:
    match facts:
        case Visited(customer=customer):
            return not named(customer)
        case Joined(customer=customer):
            long = len(facts.code) > LONGEST_RECEIPT + 24
            return not named(customer) or long or facts.welcome not in (0, 1)
        case CardsChanged(customer=customer):
            codes = (facts.code, *facts.lost, *facts.found)
            long = any(len(code) > LONGEST_CODE for code in codes) or len(codes) > MOST_CODES
            return not named(customer) or long or len(facts.note) > LONGEST_REASON
        case OptedIn(customer=customer):
            return not named(customer) or facts.welcome not in (0, 1)
        case Adjusted():
            return _absurd_adjustment(facts)
        case GiftSold():
            right = 0 < facts.cents <= LARGEST_CENTS and named(facts.fingerprint)
            right = right and facts.points >= 0 and len(facts.expires_on) <= LONGEST_DAY
            right = right and 0 <= facts.vat_bp <= WHOLE_BP
            right = right and not _elsewhere(facts.spent, paid_in_points(facts))
            return not right or _nobody(facts.customer) or _unprintable(facts.receipt)
        case Sold():
            return _absurd_sale(facts)
        case Refunded():
            return _absurd_refund(facts)
        case Opened(holds=holds, rests=rests):
            return _absurd_holds((*holds, *(rests or ())))
        case Released(holds=holds):
            return _absurd_holds(holds)
        case CalledIn(order=order):
            return not named(order)
        case SignedOff():
            return False
        case CarryConverted() | OwedPaid() | Settled() | Matured():
            return True


def _absurd_sale(sale: Sold) -> bool:
    figures = [sale.total_cents, sale.due_cents, sale.paid_cents]
    figures += [sale.points, sale.carry_cents, sale.purse_cents, sale.earn.points]
    figures += [figure for use in sale.applied for figure in (use.points, use.cents_off)]
    figures += [gift.cents for gift in sale.gifts]
    figures += [sale.base_cents, sale.due_cents - sale.base_cents, sale.factor_bp]
    return (
        min(figures) < 0
        or sale.factor_bp > LARGEST_FACTOR
        or len(sale.matures) > LONGEST_DAY
        or _absurd_holds(sale.gained)
        or sale.earn.per_cents < 1
        or len(sale.earn.key) > LONGEST_KEY
        or sale.total_cents > LARGEST_CENTS
        or any(not named(gift.fingerprint) for gift in sale.gifts)
        or _nobody(sale.customer)
        or _unprintable(sale.receipt)
        or _elsewhere(sale.spent, taken(sale))
    )


def _absurd_refund(refund: Refunded) -> bool:
    figures = [refund.cents - 1, refund.due_cents, refund.points, refund.purse_cents]
    figures += [refund.points_back, refund.purse_back_cents, refund.earn.points]
    figures += [gift.cents for gift in refund.gifts]
    return (
        min(figures) < 0
        or refund.earn.per_cents < 1
        or len(refund.earn.key) > LONGEST_KEY
        or refund.cents > LARGEST_CENTS
        or abs(refund.carry_cents) > LARGEST_CENTS
        or not named(refund.sale)
        or any(not named(gift.fingerprint) for gift in refund.gifts)
        or len(refund.lines) > MOST_LINES
        or len(refund.reason) > LONGEST_REASON
        or bool(refund.approved_by and not named(refund.approved_by))
        or _unprintable(refund.of)
        or _absurd_holds((*refund.own, *refund.taken))
        or _elsewhere(refund.back, returned(refund))
        or len(refund.matures) > LONGEST_DAY
        or _nobody(refund.customer)
        or _unprintable(refund.receipt)
    )


def _absurd_adjustment(adjusted: Adjusted) -> bool:
    """A till gives and takes points by hand, and nothing else."""
    return adjusted.cause is not Cause.BY_HAND or any(
        move.account.kind is not Kind.POINTS
        or not named(move.account.owner)
        or abs(move.amount) > LARGEST_CENTS
        for move in adjusted.moves
    )


def _absurd_holds(holds: Iterable[Holding]) -> bool:
    return any(
        hold.amount < 0
        or hold.account.kind not in WITH_RIGHTS
        or not named(hold.account.owner)
        or len(hold.account.key) > LONGEST_KEY
        for hold in holds
    )


def _elsewhere(holds: Sequence[Holding], own: Iterable[Holding]) -> bool:
    """Whether the points and cents of these accounts do not come to what one customer's would."""
    sums = [Counter[str](), Counter[str]()]
    for count, some in zip(sums, (holds, own), strict=True):
        for hold in some:
            if hold.account.kind in (Kind.POINTS, Kind.PURSE):
                count[hold.account.kind] += hold.amount
    return bool(holds) and (_absurd_holds(holds) or sums[0] != sums[1])


def _nobody(customer: str | None) -> bool:
    return customer is not None and not named(customer)


def _unprintable(receipt: str) -> bool:
    return len(receipt) > LONGEST_RECEIPT or not receipt.isprintable()
