# SPDX-License-Identifier: Apache-2.0
"""What entries say of customers and gift cards, beside their balances."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hub.ledger import incidents
from hub.ledger.dating import day_of
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Account, Card, Customer, IncidentKind
from hub.ledger.tally import Tally
from hub.merchants import bulk, enrolment, feed, sealed
from hub.merchants.models import Merchant, Terminal
from hub.merchants.words import plain
from loyalty import card, contact
from loyalty.account import Kind, points_of
from loyalty.entry import CardsChanged, GiftSold, Joined, OptedIn, Visited
from loyalty.feed import CustomerIs, GiftCardIs

CHUNK: Final = 2000
"""Rows read at once."""
_TOLD: Final = (
    "uuid",
    "first_name",
    "initial",
    "hashes",
    "head",
    "member",
    "pro",
    "tier",
    "figure",
    "forgotten_at",
)

_BOUGHT: Final = """
SELECT DISTINCT customer FROM ledger_journalentry
WHERE merchant_id = %s AND kind = 'sold' AND outcome = 'posted' AND customer IN %s
"""
_STAND: Final = """
UPDATE ledger_customer SET
seen_shop_id = CASE WHEN seen_at IS NULL OR seen_at <= %s THEN %s ELSE seen_shop_id END,
seen_at = CASE WHEN seen_at IS NULL OR seen_at <= %s THEN %s ELSE seen_at END,
own_points = COALESCE(%s, own_points), own_visits = COALESCE(%s, own_visits)
WHERE merchant_id = %s AND uuid = %s
"""


@dataclass(slots=True)
class People:
    """The customers that some entries of one merchant are about."""

    out: feed.Writing
    now: datetime
    terminal: Terminal | None
    shop_id: str | None
    heads: set[str] = field(default_factory=set)
    """Whom those of them are served as who are one person with others."""
    _known: set[str] = field(default_factory=set)
    _seen: dict[str, datetime] = field(default_factory=dict)
    _bought: set[str] = field(default_factory=set)
    _new: set[str] = field(default_factory=set)

    def load(self, uuids: Iterable[str]) -> None:
        """Look up who is known."""
        found = bulk.select(
            "SELECT uuid, head FROM ledger_customer WHERE merchant_id = %s AND uuid IN %s",
            self.out.merchant.pk,
            among=set(uuids),
        )
        self._known.update(uuid for uuid, _ in found)
        self.heads.update(head for _, head in found if head)

    def hear(self, facts: Joined | CardsChanged | OptedIn | Visited, at: datetime) -> None:
        """What an entry says of its customer and nothing else."""
        match facts:
            case Joined():
                self.join(facts, at)
            case CardsChanged():
                self.change_cards(facts, at)
            case OptedIn(customer=customer):
                self.opt_in(customer, at)
            case Visited(customer=customer):
                self.met(customer, at)

    def join(self, joined: Joined, at: datetime) -> None:
        """A customer was created; the same one again only brings another code."""
        details = self._opened(joined.sealed, joined.customer)
        last_name, phone = details.get("last_name", ""), details.get("phone", "")
        customer, new = Customer.objects.get_or_create(
            merchant=self.out.merchant,
            uuid=joined.customer,
            defaults={"joined_at": at, "joined_shop_id": self.shop_id},
        )
        if new:
            self._new.add(joined.customer)
        if new or customer.stub:
            customer.first_name = _fit(joined.first_name, 60)
            customer.initial = _fit(joined.initial, 4)
            customer.last_name = _fit(last_name, 80)
            customer.phone = _fit(phone, 24)
            customer.email = _fit(details.get("email", ""), 254)
            customer.hashes = _fit(" ".join(joined.hashes), 140)
            customer.search = search_text(customer)
            customer.member = joined.member
            customer.stub = False
            customer.save()
        self._known.add(joined.customer)
        if customer.forgotten_at:
            return
        if joined.code:
            self._give(customer, joined.code)
        self.out.say(customer_item(customer))

    def change_cards(self, changed: CardsChanged, at: datetime) -> None:
        """A customer was given a code, or lost one; another's is left as it is."""
        self.met(changed.customer, at)
        customer = Customer.objects.get(merchant=self.out.merchant, uuid=changed.customer)
        if customer.forgotten_at:
            return
        theirs = customer.cards.all()
        theirs.filter(code__in=changed.found).update(blocked_at=None)
        theirs.filter(code__in=changed.lost, blocked_at=None).update(blocked_at=at)
        if changed.code:
            self._give(customer, changed.code)
        if not customer.stub:
            self.out.say(customer_item(customer))

    def opt_in(self, uuid: str, at: datetime) -> None:
        """A customer who was there already joined the programme."""
        self.met(uuid, at)
        customer = Customer.objects.get(merchant=self.out.merchant, uuid=uuid)
        if customer.forgotten_at:
            return
        customer.member = True
        customer.save(update_fields=["member"])
        if not customer.stub:
            self.out.say(customer_item(customer))

    def buys(self, uuid: str, at: datetime) -> None:
        """A customer was here and bought something."""
        self.met(uuid, at)
        self._bought.add(uuid)

    def who_bought(self, uuids: set[str]) -> set[str]:
        """Those of them who have bought something, now or before."""
        others = uuids - self._bought
        found = bulk.select(_BOUGHT, self.out.merchant.pk, among=others) if others else []
        return {*(uuids & self._bought), *(uuid for (uuid,) in found)}

    def came(self, uuid: str, at: datetime) -> None:
        """A customer was here, for whatever it was."""
        self._seen[uuid] = max(at, self._seen.get(uuid, at))

    def met(self, uuid: str, at: datetime) -> None:
        """A customer was here; one nobody has heard of is noted and waits to be known."""
        self.came(uuid, at)
        if uuid in self._known:
            return
        Customer.objects.create(
            merchant=self.out.merchant,
            uuid=uuid,
            joined_at=at,
            joined_shop_id=self.shop_id,
            stub=True,
        )
        self._known.add(uuid)
        self._new.add(uuid)
        self._note(IncidentKind.UNKNOWN_CUSTOMER, uuid)

    def gift(self, sold: GiftSold, at: datetime) -> None:
        """A gift card was sold; sold twice, both amounts are on it and somebody is told."""
        merchant = self.out.merchant
        if sold.customer:
            self.came(sold.customer, at)
        details = self._opened(sold.sealed, sold.fingerprint)
        code = _fit(details.get("code", ""), 64)
        gift, new = GiftCard.objects.get_or_create(
            merchant=merchant,
            fingerprint=sold.fingerprint,
            defaults={
                "code": code,
                "last4": _fit(code[-4:] or sold.last4[-4:], 4),
                "cents": sold.cents,
                "virtual": sold.virtual,
                "buyer": _fit(details.get("buyer", ""), 80),
                "recipient": _fit(details.get("recipient", ""), 80),
                "email": _fit(details.get("email", ""), 254),
                "message": _fit(details.get("message", ""), 400),
                "send_on": day_of(sold.send_on) or at.astimezone(ZoneInfo(merchant.zone)).date(),
                "sold_at": at,
                "shop_id": self.shop_id,
                "customer": sold.customer or "",
                "points": sold.points,
                "expires_on": day_of(sold.expires_on),
                "single_purpose": sold.single_purpose,
                "vat_bp": sold.vat_bp,
            },
        )
        if gift.expires_on and new:
            self.out.say(gift_item(gift))
        if not new:
            first, gift.cents = gift.cents, gift.cents + sold.cents
            gift.save(update_fields=["cents"])
            self._note(
                IncidentKind.GIFT_TWICE,
                sold.fingerprint,
                last4=gift.last4,
                cents=[first, sold.cents],
            )

    def store(self, tally: Tally) -> None:
        """Write who was last here and where, and what those have of whom something changed."""
        # somebody may have had points before anybody heard that they joined
        tally.load(points_of(uuid) for uuid in self._new)
        standings = tally.standings(self._new)
        note_seen(self.out.merchant.pk, self._seen, shop_id=self.shop_id, standings=standings)

    def _give(self, customer: Customer, code: str) -> None:
        """A code belongs to who was posted first; whoever comes second gets a number of ours."""
        merchant = self.out.merchant
        owned, new = Card.objects.get_or_create(
            merchant=merchant, code=code, defaults={"customer": customer}
        )
        if new and self.terminal:
            enrolment.top_up(self.out, self.terminal, code)
        if new or owned.customer_id == customer.pk:
            return
        instead = free_number(merchant)
        merchant.save(update_fields=["next_serial"])
        Card.objects.create(merchant=merchant, code=instead, customer=customer)
        self._note(
            IncidentKind.CARD_TAKEN,
            customer.uuid,
            code=card.mask(code),
            first=owned.customer.uuid,
            instead=instead,
        )

    def _opened(self, text: str, subject: str) -> dict[str, str]:
        if not text:
            return {}
        try:
            return sealed.open_sealed(self.out.merchant.pk, text)
        except sealed.Unsealable:
            self._note(IncidentKind.SEALED, subject)
            return {}

    def _note(self, kind: IncidentKind, subject: str, **facts: object) -> None:
        incidents.note(
            kind,
            at=self.now,
            merchant_id=self.out.merchant.pk,
            terminal_id=self.terminal.pk if self.terminal else None,
            subject=subject,
            **facts,
        )


def note_seen(
    merchant_id: str,
    seen: Mapping[str, datetime],
    *,
    shop_id: str | None,
    standings: Mapping[str, tuple[int, int]] | None = None,
) -> None:
    """Write when customers were last here, by uuid, and where; who came later stays as they are.

    This alone is what coming means: a sale, a refund, a visit, a gift card, an appointment.

    Args:
        merchant_id: whose customers they are.
        seen: when each was.
        shop_id: where.
        standings: points less owed ones and visits, of whom these changed, in the same statement.
    """
    standings = standings or {}
    rows = []
    for uuid in sorted(standings.keys() | seen.keys()):
        at, shop = (bulk.moment(seen[uuid]), shop_id) if uuid in seen else (None, None)
        points, visits = standings.get(uuid, (None, None))
        rows.append((at, shop, at, at, points, visits, merchant_id, uuid))
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_STAND, rows)


def faults(merchant: Merchant) -> list[str]:
    """Whoever has other points or visits than their accounts hold; a sentence each."""
    held = Account.objects.filter(merchant=merchant, owner=OuterRef("uuid"))

    def balance(kind: str, key: str = "") -> Coalesce:
        return Coalesce(Subquery(held.filter(kind=kind, key=key).values("balance")), 0)

    wrong = Customer.objects.filter(merchant=merchant).annotate(
        points=balance(Kind.POINTS),
        owed=balance(Kind.OWED, Kind.POINTS),
        visits=balance(Kind.VISITS),
    )
    wrong = wrong.exclude(own_points=F("points") - F("owed"), own_visits=F("visits"))
    told = wrong.values_list("pk", "own_points", "own_visits", "points", "owed", "visits")
    return [
        f"client {pk} : {own_points} points, {own_visits} visites ;"
        f" aux comptes {points - owed}, {visits}"
        for pk, own_points, own_visits, points, owed, visits in told
    ]


def free_number(merchant: Merchant) -> str:
    """The merchant's next card number that nobody has; `next_serial` is left to be saved.

    Anybody may have typed or scanned one before its turn came.
    """
    while True:
        code = card.issue(merchant.card_prefix, merchant.next_serial)
        merchant.next_serial += 1
        if not Card.objects.filter(merchant=merchant, code=code).exists():
            return code


def customer_item(customer: Customer) -> CustomerIs:
    """What terminals know of a customer."""
    return next(customer_items(Customer.objects.filter(pk=customer.pk)))


def customer_items(people: QuerySet[Customer]) -> Iterator[CustomerIs]:
    """What terminals know of many customers; a stub has no name to show and no card to find it by."""
    columns = (*_TOLD, "cards__code", "cards__blocked_at")
    rows = people.filter(stub=False).order_by("pk").values_list(*columns)
    for known, cards in groupby(rows.iterator(CHUNK), lambda row: row[:-2]):
        told = dict(zip(_TOLD, known, strict=True))
        codes = sorted((code, blocked) for *_known, code, blocked in cards if code)
        yield CustomerIs(
            id=told["uuid"],
            first_name=told["first_name"],
            initial=told["initial"],
            codes=tuple(code for code, blocked in codes if not blocked),
            hashes=tuple(told["hashes"].split()),
            of=told["head"] if told["head"] != told["uuid"] else "",
            member=told["member"],
            pro=told["pro"],
            tier=told["tier"],
            figure=told["figure"],
            blocked=tuple(code for code, blocked in codes if blocked),
            gone=told["forgotten_at"] is not None,
        )


def gift_item(card: GiftCard) -> GiftCardIs:
    """What terminals know of a gift card beside its money."""
    return GiftCardIs(
        fingerprint=card.fingerprint,
        blocked=card.blocked_at is not None,
        expires_on=card.expires_on.isoformat() if card.expires_on else "",
    )


def search_text(customer: Customer) -> str:
    """What a customer is found by."""
    phone = contact.phone(customer.phone)
    words = (customer.first_name, customer.last_name, customer.email, phone)
    return plain(" ".join(filter(None, words)))[:400]


def _fit(text: str, length: int) -> str:
    """As a column takes it: what people typed is never a reason to lose an entry."""
    return text.replace("\0", "")[:length]
