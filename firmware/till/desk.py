# SPDX-License-Identifier: Apache-2.0
"""What every flow works with: the store, the clock, the rules in force, and the look-ups."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from firmware.config import Config
from firmware.drivers.base import Reading
from firmware.faults import DiskFull
from firmware.store import cursors, journal, merged, replica, rights
from firmware.store.cards import lost_card
from firmware.store.clock import Clock
from firmware.store.database import Database
from firmware.store.room import Strain, strain
from firmware.till.outcome import CustomerSeen
from firmware.till.sealed import seal
from loyalty import card, contact
from loyalty.account import Account, gathered, points_of, purse_of
from loyalty.card import BadCode, CardCode
from loyalty.details import GiftDetails, PersonDetails
from loyalty.entry import ClockQuality, Entry, Facts
from loyalty.feed import CustomerIs, ShopIs, StaffIs
from loyalty.giftcard import fingerprint, normalise
from loyalty.module import Module
from loyalty.programme import LoyaltyProgramme
from loyalty.refusal import Reason, Refusal
from loyalty.rights import spent_cents
from loyalty.situation import Situation


class NotReady(Exception):
    """The hub was never heard: there is no shop or no programme to serve with."""


@dataclass(slots=True)
class Tries:
    """Wrong PINs since the last right one; outlives the flow, so leaving does not reset it."""

    wrong: int = 0
    paused_until_s: float = field(default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The terminal's own things; one for the life of the till."""

    db: Database
    clock: Clock
    config: Config
    new_id: Callable[[], str]
    """A fresh random id of 32 hex digits."""
    random_bits: Callable[[int], int]
    """So many random bits, for gift-card numbers."""
    tries: Tries = field(default_factory=Tries)
    """At PINs, wherever one is asked for."""

    # ── what is in force ────────────────────────────────────────────────────────────────────────

    def shop(self) -> ShopIs:
        """The shop as the hub last said it. Raises NotReady."""
        shop = replica.shop(self.db)
        if shop is None:
            raise NotReady
        return shop

    def programme(self) -> LoyaltyProgramme:
        """The rules in force here. Raises NotReady."""
        programme = replica.programme(self.db)
        if programme is None:
            raise NotReady
        return programme

    def local(self, wall_ms: int) -> datetime:
        """A moment as the shop's wall clock shows it."""
        return on_clock_of(self.shop(), wall_ms)

    def now(self) -> datetime:
        """Now, on the shop's wall clock."""
        return self.local(self.clock.stamp().wall_ms)

    @property
    def online(self) -> bool:
        """Whether asking the hub makes sense."""
        return cursors.link_state(self.db).reachable

    # ── who it is ───────────────────────────────────────────────────────────────────────────────

    def situation(self, customer: str | None, *gifts: str) -> Situation:
        """Everything a decision about this customer and these gift cards is told."""
        known = replica.customer(self.db, customer) if customer else None
        others = merged.others(self.db, customer) if customer else ()
        people = (customer, *others) if customer else ()
        parts = {a: n for o in people for a, n in replica.balances(self.db, o).items()}
        balances = gathered(parts, customer or "", others)
        programme, today = self.programme(), self.today()
        counted = [r.id for r in programme.rewards if customer and r.options.stock]
        for owner in (*gifts, *counted):
            balances |= replica.balances(self.db, owner)
        held = rights.spendable(self.db, *people, *gifts, *counted)
        return Situation(
            programme=programme,
            shop=self.config.shop,
            customer=customer,
            balances=balances,
            rights=held,
            parts=parts if others else {},
            at=today,
            member=known.member if known else True,
            pro=known.pro if known else False,
            tier=known.tier if known else "",
            stopped=self.stopped(*gifts),
        )

    def today(self) -> datetime | None:
        """The shop's wall clock; None: it can't be trusted, and no rule by the day applies."""
        stamp = self.clock.stamp()
        return self.local(stamp.wall_ms) if stamp.quality is ClockQuality.SYNCED else None

    def stopped(self, *gifts: str) -> frozenset[str]:
        """Those of these gift cards that are blocked or expired."""
        if not gifts:
            return frozenset()
        today = self.today()
        return replica.stopped_gifts(
            self.db, gifts, today=today.date().isoformat() if today else ""
        )

    def together(self, customer: str) -> dict[Account, int]:
        """What a customer has, with whom they were merged."""
        others = merged.others(self.db, customer)
        people = (customer, *others)
        parts = {a: n for o in people for a, n in replica.balances(self.db, o).items()}
        return gathered(parts, customer, others)

    def seen(
        self, customer: CustomerIs, code: str = "", *, rules: LoyaltyProgramme | None = None
    ) -> CustomerSeen:
        """A customer as staff see them; `rules`: those in force, where they were just read."""
        balances, programme = self.together(customer.id), rules or self.programme()
        tier = programme.tier(customer.tier) if customer.tier else None
        points = balances.get(points_of(customer.id), 0)
        shown = code or (customer.codes[-1] if customer.codes else "")
        return CustomerSeen(
            id=customer.id,
            name=f"{customer.first_name} {customer.initial}.".removesuffix(" ."),
            code_end=shown[-4:],
            points=points if programme.has(Module.LOYALTY) else None,
            purse_cents=balances.get(purse_of(customer.id), 0),
            member=customer.member,
            tier=tier.name if tier else "",
        )

    def by_reading(self, reading: Reading) -> tuple[CardCode, CustomerIs | None] | Refusal:
        """Make sense of a scan; more characters than any code has are no code."""
        if reading.too_long:
            return Refusal(Reason.BAD_CODE, {"why": BadCode.TOO_LONG})
        return self.by_code(reading.code)

    def by_code(self, raw: str) -> tuple[CardCode, CustomerIs | None] | Refusal:
        """Make sense of a code: with or without a customer, or why it is none."""
        code = card.read(raw)
        if isinstance(code, BadCode):
            return Refusal(Reason.BAD_CODE, {"why": code})
        return code, replica.customer_by_code(self.db, code.text)

    def taken(self, raw: str) -> Refusal | None:
        """Why a code can't be given to anybody: it is none, or somebody's, lost or not."""
        found = self.by_code(raw)
        if isinstance(found, Refusal):
            return found
        code, customer = found
        owner = customer or lost_card(self.db, code.text)
        return Refusal(Reason.CARD_TAKEN, {"whose": initials(owner)}) if owner else None

    def by_badge(self, reading: Reading) -> StaffIs | None:
        """Whose badge was scanned."""
        code = card.read(reading.code)
        if reading.too_long or isinstance(code, BadCode):
            return None
        badge = self.secret_name(code.text)
        return next((known for known in replica.staff(self.db) if known.badge == badge), None)

    def search(self, text: str) -> tuple[CustomerIs, ...]:
        """Customers that a typed text names here: card, phone, e-mail, or first name."""
        found = self.by_code(text)
        if not isinstance(found, Refusal) and found[1]:
            return (found[1],)
        for whole in (contact.phone(text), contact.email(text)):
            if whole:
                return tuple(replica.customers_by_hash(self.db, self.secret_name(whole)))
        return tuple(replica.customers_by_name(self.db, text))

    def secret_name(self, text: str) -> str:
        """The keyed hash of a phone, an e-mail or a gift-card number."""
        return fingerprint(self.config.lookup_key, text)

    def gift(self, number: str) -> str:
        """The fingerprint of a gift card's number."""
        return self.secret_name(normalise(number))

    def seal(self, details: PersonDetails | GiftDetails) -> str:
        """What only the hub can open. Raises NotReady."""
        return seal(self.shop().hub_key, asdict(details))

    @property
    def room_cents(self) -> int | None:
        """What may still be handed out before the hub has heard of it; None: it hears at once."""
        return None if self.online else rights.unheard_room_cents(self.db)

    def within_ceiling(self, facts: Facts, programme: LoyaltyProgramme) -> Refusal | None:
        """What the hub has not heard of would be forgotten with this card (RIGHTS 5)."""
        cents = spent_cents(facts, programme)
        if not cents or cents <= rights.unheard_room_cents(self.db):
            return None
        most = replica.policy(self.db).unheard_cents
        return Refusal(Reason.TOO_MUCH_UNHEARD, {"cents": cents, "most": most})

    # ── what happens ────────────────────────────────────────────────────────────────────────────

    def write(self, facts: Facts, *, staff: str = "") -> Entry:
        """Put facts into the journal: on the disk when this returns.

        Raises:
            StoreFault: nothing was written; DiskFull while what room is left is kept for sync.
        """
        if strain(self.db.disk()) is Strain.SALES:
            raise DiskFull
        return journal.append(self.db, facts, clock=self.clock, new_id=self.new_id, staff=staff)


def initials(customer: CustomerIs) -> str:
    """Whose a card is, as little as tells staff whom to ask: « É. M. »."""
    letters = (customer.first_name[:1], customer.initial)
    return " ".join(f"{letter}." for letter in letters if letter)


def on_clock_of(shop: ShopIs, wall_ms: int) -> datetime:
    """A moment as that shop's wall clock shows it."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(ZoneInfo(shop.zone))
