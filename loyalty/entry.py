# SPDX-License-Identifier: Apache-2.0
"""What happened: immutable entries, and the one expansion of each into movements.

Terminal and hub both call `movements`; there is no other way from an entry to a balance.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from loyalty.account import (
    Account,
    Holding,
    Kind,
    Movement,
    gift_of,
    loss_of,
    owed_of,
    points_of,
    purse_of,
    rest_of,
    short_of,
    visits_of,
)
from loyalty.basket import Applied, GiftUse, Line
from loyalty.programme import EarnRule, RewardKind


class ClockQuality(StrEnum):
    """Whether the wall clock could be trusted when the entry was made (DESIGN 8)."""

    SYNCED = "synced"
    GUESS = "guess"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When an entry was made, as far as its maker could know."""

    boot_id: str
    mono_ms: int
    wall_ms: int
    """Unix time in milliseconds."""
    quality: ClockQuality


@dataclass(frozen=True, slots=True, kw_only=True)
class Saw:
    """What the decision was made on, so that the hub can audit it later."""

    programme: int
    """Version of the rules."""
    balances: tuple[Holding, ...] = ()
    rights: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The first entry of each segment: who writes it, what it follows and what it holds."""

    gen: int
    hw_id: str
    prev_segment: str = ""
    prev_n: int = 0
    prev_head: str = ""
    """Hex SHA-256 of the last entry of the segment before."""
    software: str
    cursor: int
    """Feed position read up to."""
    epoch: str = ""
    """The hub's life that the position is of: a restored hub waits for a header of its own."""
    holds: tuple[Holding, ...] = ()
    """All that may be spent, but for the rests of sales: those go with their journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """Staff scanned a customer's card: one visit."""

    customer: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A customer was created at the till.

    `sealed` holds full name, phone and e-mail for the hub alone; `hashes` are the keyed hashes of
    phone and e-mail by which this till finds the customer again.
    """

    customer: str
    code: str
    first_name: str
    initial: str
    sealed: str = ""
    hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A sale: what was bought, what was used, what was paid and what it earned."""

    receipt: str
    """Number on the receipt, unique for the terminal."""
    customer: str | None = None
    code: str = ""
    lines: tuple[Line, ...]
    applied: tuple[Applied, ...] = ()
    gifts: tuple[GiftUse, ...] = ()
    total_cents: int
    due_cents: int
    paid_cents: int
    points: int = 0
    earn: EarnRule
    carry_cents: int = 0
    purse_cents: int = 0
    spent: tuple[Holding, ...] = ()
    """Whose accounts its rewards were taken from; empty: the customer's own alone."""
    saw: Saw


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftSold:
    """A gift card was sold and loaded; `sealed` holds its number and its people for the hub."""

    receipt: str
    fingerprint: str
    last4: str
    cents: int
    virtual: bool
    customer: str | None = None
    send_on: str = ""
    """Date the recipient is to be told on, ISO; empty is at once."""
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """What `Joined.sealed` holds once the hub has opened it."""

    last_name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDetails:
    """What `GiftSold.sealed` holds once the hub has opened it."""

    code: str
    buyer: str
    recipient: str
    email: str
    message: str = ""


class ReleaseCause(StrEnum):
    """Why a right went back."""

    COVERED = "covered"
    """The feed has caught up with what this till earned or sold."""
    UNUSED = "unused"
    """It was asked for, and then not spent."""
    RECALLED = "recalled"
    """The hub wants it for another till."""
    LEAVING = "leaving"
    """The terminal leaves: it gives back everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Parts of rights given back to the hub: it may grant them elsewhere."""

    cause: ReleaseCause
    holds: tuple[Holding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """A sale was paid back, whole or in part: the inverse of what it did (`loyalty.refund`)."""

    receipt: str
    sale: str
    """Id of the sale's entry."""
    customer: str | None = None
    cents: int
    """Of the sale's total before rewards; out of its rest."""
    due_cents: int
    gifts: tuple[GiftUse, ...] = ()
    """Back onto gift cards; the other cents due were handed back in money."""
    points: int = 0
    """Earned ones taken back: what is not there any more is owed."""
    earn: EarnRule
    carry_cents: int = 0
    purse_cents: int = 0
    points_back: int = 0
    purse_back_cents: int = 0
    back: tuple[Holding, ...] = ()
    """Whose accounts both go back to; empty: the customer's own alone."""
    own: tuple[Holding, ...] = ()
    """What the till took of its own rights: the hub takes the rest of what is free."""
    reason: str = ""
    """A word of `loyalty.refund.RefundReason`, or what somebody typed."""
    of: str = ""
    """Number on the sale's receipt."""
    lines: tuple[Line, ...] = ()
    """What came back over the counter."""
    approved_by: str = ""
    """Id of the staff whose PIN allowed it; who did it stands in the entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledIn:
    """The boot that writes this is alive: answers the hub's order (RIGHTS 9)."""

    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff:
    """The last entry of a terminal that leaves: it holds nothing, and writes nothing after it."""

    gen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryConverted:
    """The hub turned full steps of carry into points; no terminal ever does.

    Negative steps: a refund took more carry than there was, and points pay for it.
    """

    customer: str
    earn: EarnRule
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedPaid:
    """The hub let free points or purse cents pay what a refund could not take back."""

    customer: str
    kind: Kind
    amount: int
    by: str = ""
    """Another customer who is the same person, and whose account pays; empty: their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a restored hub paid once it knew what its terminals hold (RIGHTS 12)."""

    account: Account
    topped_up: int = 0
    """By the loss reserve: terminals hold more of it than there was."""
    paid: int = 0
    """Of what was short, by the account."""
    lost: int = 0
    """Of what was short, by the loss reserve."""


Facts = (
    Opened
    | Visited
    | Joined
    | Sold
    | GiftSold
    | Refunded
    | Released
    | CalledIn
    | SignedOff
    | CarryConverted
    | OwedPaid
    | Settled
)

KINDS: Final[dict[str, type[Facts]]] = {
    "opened": Opened,
    "visited": Visited,
    "joined": Joined,
    "sold": Sold,
    "gift_sold": GiftSold,
    "refunded": Refunded,
    "released": Released,
    "called_in": CalledIn,
    "signed_off": SignedOff,
    "carry_converted": CarryConverted,
    "owed_paid": OwedPaid,
    "settled": Settled,
}
"""Name on the wire of each kind of entry, version 1 each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One immutable line of a journal."""

    id: str
    n: int
    """Place in its segment, from 1 without gaps."""
    stamp: Stamp
    staff: str = ""
    """Who did it; empty is the customer or the machine itself."""
    facts: Facts

    @property
    def kind(self) -> str:
        """Its name on the wire."""
        return next(name for name, kind in KINDS.items() if kind is type(self.facts))


def movements(facts: Facts) -> tuple[Movement, ...]:
    """What an entry moves, each movement against the merchant's side of the same account."""
    match facts:
        case Opened() | Joined() | Released() | CalledIn() | SignedOff():
            return ()
        case Visited(customer=customer):
            return (Movement(visits_of(customer), 1),)
        case GiftSold(fingerprint=fingerprint, cents=cents):
            return (Movement(gift_of(fingerprint), cents),)
        case CarryConverted(customer=customer, earn=earn, steps=steps):
            return (
                Movement(carry_of(customer, earn), -steps * earn.per_cents),
                Movement(points_of(customer), steps * earn.points),
            )
        case OwedPaid(customer=customer, kind=kind, amount=amount, by=by):
            owed = owed_of(Account(kind, customer))
            return (Movement(Account(kind, by or customer), -amount), Movement(owed, -amount))
        case Settled(account=account):
            return (
                Movement(account, facts.topped_up - facts.paid),
                Movement(loss_of(account), -facts.topped_up - facts.lost),
                Movement(short_of(account), -facts.paid - facts.lost),
            )
        case Sold():
            return tuple(m for m in _of_sale(facts) if m.amount)
        case Refunded():
            return tuple(m for m in _of_refund(facts) if m.amount)


def _of_sale(sale: Sold) -> list[Movement]:
    found = [Movement(gift_of(gift.fingerprint), -gift.cents) for gift in sale.gifts]
    if sale.customer is None:
        return found
    found += [Movement(hold.account, -hold.amount) for hold in sale.spent or taken(sale)]
    found += [
        Movement(points_of(sale.customer), sale.points),
        Movement(purse_of(sale.customer), sale.purse_cents),
        Movement(carry_of(sale.customer, sale.earn), sale.carry_cents),
    ]
    return found


def taken(sale: Sold) -> tuple[Holding, ...]:
    """What its rewards took, as the customer's own."""
    if sale.customer is None:
        return ()
    purse = sum(use.cents_off for use in sale.applied if use.kind is RewardKind.CASHBACK)
    return (
        Holding(points_of(sale.customer), sum(use.points for use in sale.applied)),
        Holding(purse_of(sale.customer), purse),
    )


def returned(refund: Refunded) -> tuple[Holding, ...]:
    """What it gives back of what rewards had taken, as the customer's own."""
    if refund.customer is None:
        return ()
    return (
        Holding(points_of(refund.customer), refund.points_back),
        Holding(purse_of(refund.customer), refund.purse_back_cents),
    )


def _of_refund(refund: Refunded) -> list[Movement]:
    """What is taken comes last: a reward that comes back pays what its sale had earned."""
    found = [Movement(rest_of(refund.sale), -refund.cents)]
    found += [Movement(gift_of(gift.fingerprint), gift.cents) for gift in refund.gifts]
    if refund.customer is None:
        return found
    points, purse = points_of(refund.customer), purse_of(refund.customer)
    return [
        *found,
        *(Movement(hold.account, hold.amount) for hold in refund.back or returned(refund)),
        Movement(points, -refund.points),
        Movement(purse, -refund.purse_cents),
        Movement(carry_of(refund.customer, refund.earn), -refund.carry_cents),
    ]


def rest_opened(sale_id: str, sale: Sold) -> Movement:
    """What a sale puts into its rest: noted when somebody first touches it."""
    return Movement(rest_of(sale_id), sale.total_cents)


def carry_of(customer: str, earn: EarnRule) -> Account:
    """The customer's carry under one earning rule."""
    return Account(Kind.CARRY, customer, earn.key)


def customer_of(facts: Facts) -> str | None:
    """The customer an entry is about, if any."""
    match facts:
        case Opened() | Released() | CalledIn() | SignedOff() | Settled():
            return None
        case _:
            return facts.customer
