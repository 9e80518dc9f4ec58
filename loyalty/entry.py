# SPDX-License-Identifier: Apache-2.0
"""What happened: immutable entries, each with its facts; `movements` expands them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from loyalty.account import OF_CUSTOMERS, Account, Holding, Kind, Movement
from loyalty.basket import Applied, GiftUse, Line
from loyalty.programme import PLAIN, EarnRule


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
    at: str = ""
    """The shop's wall clock, ISO to the minute; empty: it was not to be trusted."""
    member: bool = True
    pro: bool = False
    tier: str = ""


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
    cursor: int = 0  # of older software; nothing rests on it (RIGHTS 14)
    epoch: str = ""
    """The hub's life that it knew: a restored hub waits for a header of its own."""
    holds: tuple[Holding, ...] = ()
    """All that may be spent, but for the rests of sales: those go with their journal."""
    rests: tuple[Holding, ...] | None = None
    """Of sales that somebody has touched, what may be refunded; None: it does not say."""
    heard: bool | None = None
    """Whether the hub had said what it made of the segment before; None: it does not say."""
    sold_since: str = ""
    """The segment from which on the rests of its own sales are its own; empty: from the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """Staff scanned a customer's card: one visit."""

    customer: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A customer was created at the till."""

    customer: str
    code: str
    first_name: str
    initial: str
    sealed: str = ""
    """`PersonDetails`, for the hub alone."""
    hashes: tuple[str, ...] = ()
    """Keyed ones of phone and e-mail, by which this till finds the customer again."""
    welcome: int = 0
    """1: a welcome reward may be used on the first order."""
    member: bool = True
    """Whether they joined the programme with it (SPEC C15)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsChanged:
    """A customer was given another code, or one of theirs was lost: it leads nowhere (SPEC E5, E11)."""

    customer: str
    code: str = ""
    """Given to them; empty: none was."""
    lost: tuple[str, ...] = ()
    """Blocked from now on."""
    found: tuple[str, ...] = ()
    """Blocked before, and good again."""
    note: str = ""
    """Why, in somebody's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedIn:
    """A customer who was there already joined the programme: from now on they earn (SPEC C15)."""

    customer: str
    welcome: int = 1


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
    earns_cents: int | None = None
    """The part of what was due that earned; None: all of it."""
    factor_bp: int = PLAIN
    """What multiplied the points of the whole steps."""
    matures: str = ""
    """Day from which the points can be spent; empty: at once."""
    spent: tuple[Holding, ...] = ()
    """What rewards took, account by account; software before it left it to `applied` to say."""
    gained: tuple[Holding, ...] = ()
    """What rewards added besides the purse."""
    saw: Saw

    @property
    def base_cents(self) -> int:
        """What earned."""
        return self.due_cents if self.earns_cents is None else self.earns_cents


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
    points: int = 0
    spent: tuple[Holding, ...] = ()
    """Points that paid it (SPEC H4), and whose where the customer is several; empty: their own."""
    expires_on: str = ""
    """First day on which it can't be used, ISO; empty: never."""
    single_purpose: bool = False
    """VAT is due now, at this one rate; else when and as it pays."""
    vat_bp: int = 0


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
    matures: str = ""
    """Day of the waiting points that `points` are taken from; empty: points that don't wait."""
    back: tuple[Holding, ...] = ()
    """What rewards had taken and comes back, account by account; software before it: see above."""
    taken: tuple[Holding, ...] = ()
    """What rewards had added besides the purse."""
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
    key: str = ""
    """Of the account, where its kind has several."""


class Cause(StrEnum):
    """Why something was given or taken by itself or by hand (SPEC I6)."""

    BY_HAND = "by_hand"
    SERVICE = "service"
    """An appointment is over (SPEC C17)."""
    BIRTHDAY = "birthday"
    WELCOME = "welcome"
    LIMIT = "limit"
    """A limit is opened when a till first asks for it."""
    STOCK = "stock"
    """The merchant counted again."""
    LAPSE = "lapse"
    """A welcome after the first order, a birthday after its window."""
    EXPIRY = "expiry"
    GIFT_EXPIRY = "gift_expiry"
    CLOSED = "closed"
    """Whose it was is nobody any more (SPEC M4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """The hub or a person gave or took something, and says why."""

    cause: Cause
    moves: tuple[Movement, ...]
    customer: str | None = None
    note: str = ""
    """The description that the customer reads (SPEC I3)."""
    about: str = ""
    """What it is for: a day, an appointment, a reward."""
    programme: int = 0
    """Version of the rules, where a rule did it."""
    approved_by: str = ""
    """Id of the staff whose PIN allowed it, where it was done at a till."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matured:
    """Points that waited are there; the hub alone lets them mature."""

    customer: str
    day: str
    """That they waited for."""
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a restored hub paid once it knew what its terminals hold (RIGHTS 12)."""

    account: Account
    topped_up: int = 0
    """By the loss reserve: terminals hold more of it than there was. Negative: it gets that back."""
    paid: int = 0
    """Of what was short, by the account."""
    lost: int = 0
    """Of what was short, by the loss reserve."""


Facts = (
    Opened
    | Visited
    | Joined
    | CardsChanged
    | Sold
    | GiftSold
    | Refunded
    | Released
    | CalledIn
    | SignedOff
    | CarryConverted
    | OwedPaid
    | Settled
    | OptedIn
    | Adjusted
    | Matured
)

KINDS: Final[dict[str, type[Facts]]] = {
    "opened": Opened,
    "visited": Visited,
    "joined": Joined,
    "cards_changed": CardsChanged,
    "sold": Sold,
    "gift_sold": GiftSold,
    "refunded": Refunded,
    "released": Released,
    "called_in": CalledIn,
    "signed_off": SignedOff,
    "carry_converted": CarryConverted,
    "owed_paid": OwedPaid,
    "settled": Settled,
    "opted_in": OptedIn,
    "adjusted": Adjusted,
    "matured": Matured,
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


def customer_of(facts: Facts) -> str | None:
    """The customer an entry is about, if any."""
    if isinstance(facts, Settled):
        return facts.account.owner if facts.account.kind in OF_CUSTOMERS else None
    if isinstance(facts, Opened | Released | CalledIn | SignedOff):
        return None
    return facts.customer
