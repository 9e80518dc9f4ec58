# SPDX-License-Identifier: Apache-2.0
"""What the till answers: plain facts, one screen for each type, never any text of its own."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from loyalty.badge import Badge
from loyalty.basket import Line
from loyalty.entry import GiftSold, Refunded, Sold
from loyalty.refusal import Refusal
from loyalty.tier import Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What every screen may show besides its own facts."""

    offline: bool = False
    """The hub is not heard; everything is kept here and sent later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front(Outcome):
    """Nobody is served: the painted front that invites to scan."""

    merchant: str
    shop: str
    now: datetime
    points: int
    """For each `per_cents` paid; 0: this merchant gives none."""
    per_cents: int
    first_cost: int | None
    """Points of the cheapest reward, None without one."""
    first_title: str = ""
    pitch: str = ""
    """The merchant's own line; empty: made of the rules."""
    colour: str = ""
    """The merchant's own, as #RRGGBB; empty: as the terminal was started with."""


@dataclass(frozen=True, slots=True)
class RewardRow:
    """A reward on the customer's board; `missing` points, 0: ready."""

    title: str
    cost: int
    missing: int
    here: bool = True
    """This till may spend its points by itself."""
    photo: bytes = field(default=b"", repr=False)
    """JPEG, small; empty: none is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSeen:
    """Where a customer stands among the tiers (SPEC J7)."""

    name: str
    """Empty: none yet."""
    next: str = ""
    """Name of the one above; empty: there is none, or nothing is counted."""
    missing: int = 0
    """Until that one, in the criterion's unit."""
    criterion: Criterion = Criterion.AMOUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised(Outcome):
    """A customer looked at their own card (SPEC T1)."""

    first_name: str
    points: int | None
    """None: this merchant gives none."""
    rewards: tuple[RewardRow, ...]
    """At most three, those in reach first."""
    visits: tuple[tuple[date, int], ...]
    """Last three sales: day and points earned."""
    purse_cents: int = 0
    waiting: int = 0
    """Points that can't be used yet."""
    tier: TierSeen | None = None
    """None: the merchant has no tiers."""
    seconds_left: int = 15
    code: str = ""
    qr: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PinAsked(Outcome):
    """Staff unlock the till."""

    typed: int
    wrong: bool = False
    pause_s: int = 0
    """Too many wrong ones: seconds to wait."""
    manager: bool = False
    """A manager allows what somebody else does."""
    not_manager: str = ""
    """Name of who typed a right PIN that does not suffice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSeen:
    """A customer as staff see them."""

    id: str
    name: str
    """First name and initial: Élodie M."""
    code_end: str
    points: int | None
    """None: this merchant gives none."""
    purse_cents: int
    member: bool = True
    """They joined: who has not earns nothing yet."""
    tier: str = ""
    """Its name; empty: none."""


@dataclass(frozen=True, slots=True)
class GiftPaid:
    """Part of the order on a gift card."""

    last4: str
    cents: int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTill(Outcome):
    """The order being made, with or without a customer, and the rewards (SPEC G1–G3)."""

    staff: str
    customer: CustomerSeen | None
    lines: tuple[Line, ...]
    first_line: int = 0
    """Lines above it are scrolled away."""
    rewards: tuple[tuple[str, str, int, int], ...] = ()
    """In the order: id, title, points, cents off."""
    gifts: tuple[GiftPaid, ...] = ()
    total_cents: int = 0
    """Before rewards."""
    due_cents: int = 0
    to_pay_cents: int = 0
    earns: int = 0
    """What it would earn, where the customer has not joined."""
    badges: tuple[Badge, ...] = ()
    photos: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    """Of rewards that have one here: id, small JPEG."""
    gift_cards: bool = True
    """The merchant sells them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: id and name, a price where it has one."""

    id: str
    name: str
    cents: int | None = None
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAsked(Outcome):
    """A new line of the order: an amount on the keypad, in a category."""

    customer: CustomerSeen | None
    cents: int
    categories: tuple[Choice, ...]
    chosen: str = ""
    first_category: int = 0
    has_products: bool = False
    wrong: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsShown(Outcome):
    """Products of a category, to add by a touch."""

    customer: CustomerSeen | None
    categories: tuple[Choice, ...]
    chosen: str
    products: tuple[Choice, ...]
    first: int = 0


class Amount(StrEnum):
    """What an amount is asked for."""

    PURSE = "purse"
    POINTS = "points"
    GIFT_PAYS = "gift_pays"
    GIFT_SOLD = "gift_sold"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountAsked(Outcome):
    """An amount on the keypad, for something else than a line."""

    purpose: Amount
    cents: int
    most_cents: int
    """The largest that makes sense: tapping it types it."""
    about: str = ""
    """Title of the reward or last four characters of the gift card."""
    available_cents: int = 0  # in the purse or on the card; like the others, points for POINTS
    wrong: Refusal | None = None


class Field(StrEnum):
    """What is typed on the keyboard."""

    SEARCH = "search"
    """Card number, name, phone or e-mail (SPEC E1)."""
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PHONE = "phone"
    EMAIL = "email"
    CARD = "card"
    """Code of a card that is in hand already; may be empty."""
    GIFT_NUMBER = "gift_number"
    BUYER = "buyer"
    RECIPIENT = "recipient"
    RECIPIENT_EMAIL = "recipient_email"
    MESSAGE = "message"
    SALE_SEARCH = "sale_search"
    REASON = "reason"
    """Why a sale is paid back, in somebody's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAsked(Outcome):
    """One question, answered on the touch keyboard or, for a number, by a scan."""

    field: Field
    text: str
    capitals: bool = False
    symbols: bool = False
    optional: bool = False
    step: int = 0
    steps: int = 0
    """0: not part of a form."""
    wrong: Refusal | None = None
    scans: bool = False
    """A scan answers it too."""


class Question(StrEnum):
    """What is chosen among a few large buttons."""

    GIFT = "gift"
    """Pay with a gift card, sell one, or give one for points."""
    EXCHANGE = "exchange"
    """So many points for such a gift card?"""
    GIFT_KIND = "gift_kind"
    """Virtual (e-mailed) or physical."""
    SEND_ON = "send_on"
    """Today, tomorrow, in a week, …: the day the recipient is told."""
    ABANDON = "abandon"
    """Drop the order that is under way?"""
    REFUND_REASON = "refund_reason"
    OTHER_CARD = "other_card"
    """Is the card they had lost, or do both lead to them?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceAsked(Outcome):
    """One question with a few answers."""

    question: Question
    options: tuple[Choice, ...]
    """Ids are fixed words (pay, sell, virtual, physical, keep, drop, a reason) or ISO dates."""
    step: int = 0
    steps: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSome(Outcome):
    """Customers that a search named; none: says so and offers to add one (SPEC E6)."""

    text: str
    customers: tuple[CustomerSeen, ...]
    asking: bool = False
    """The hub is being asked as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingHub(Outcome):
    """A right is being asked for, or what is new; at most two seconds."""

    what: str = ""
    """Kind of account: points, purse, gift; or a sale."""
    amount: int = 0
    customer: str = ""
    code: str = ""
    """Masked: a card that this till has not heard of, instead of the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Everything that a printed or shown receipt says."""

    merchant: str
    shop: str
    terminal: str
    at: datetime
    staff: str
    sold: Sold | GiftSold | Refunded
    customer: str = ""
    """First name."""
    balance: int | None = None
    """Points after it, as this till knows them; None without a customer."""
    again: bool = False
    """A reprint says so."""
    gift_code: str = ""
    """A number that is shown once: a virtual card's, at its sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved(Outcome):
    """A sale is on the disk: said only after the commit."""

    receipt: Receipt
    first_name: str = ""
    points: int = 0
    matures: date | None = None
    """Day from which they can be used; None: at once, or no day is known."""
    spent_points: tuple[tuple[str, int], ...] = ()
    """Title of each reward and its points."""
    balance: int | None = None
    """None: nobody's, or this merchant gives no points."""
    paid_cents: int = 0
    waiting: bool = False
    """Offline, and the hub does not have it: it is kept here."""
    qr: bool = False
    printing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Outcome):
    """Something was not done; nothing is lost."""

    refusal: Refusal
    customer: CustomerSeen | None = None
    drop_rewards: bool = False
    """Offer to go on without what can't be used here now."""
    code: str = ""
    """The unknown code, masked."""
    staff: bool = False


class Trouble(StrEnum):
    """What a person must repair."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    PRINTER_AWAY = "printer_away"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterTrouble(Outcome):
    """The receipt could not be printed; the sale is saved (SPEC T3)."""

    trouble: Trouble
    receipt: Receipt
    qr: bool = False


class Broken(StrEnum):
    """Why the till can't serve."""

    NOT_READY = "not_ready"
    """No programme or shop yet: the hub was never heard."""
    DISK_FULL = "disk_full"
    BUSY = "busy"
    STORE = "store"
    """The database can't be written or trusted."""
    BUG = "bug"
    LEAVING = "leaving"
    """It is being taken out of service: it gives back and sends everything."""
    LEFT = "left"
    """It is out of service, and the hub has everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfOrder(Outcome):
    """The till can't serve; says what to do, keeps what it has."""

    broken: Broken
    waiting: int = 0
    """Entries kept on this terminal that the hub does not have yet."""
