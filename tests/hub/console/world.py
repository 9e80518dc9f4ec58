# SPDX-License-Identifier: Apache-2.0
"""Two merchants, their people and what their tills send: the small world of the console's tests.

Isabelle owns Maison Lucet, Bruno works in its shop of Saint-Denis, Charlotte is another merchant,
Odile runs the hub.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from django.utils import timezone

from hub.console.helping import every
from hub.ledger.appointments import Appointment
from hub.ledger.booking import book
from hub.ledger.models import Customer
from hub.ledger.people import search_text
from hub.ledger.post import post
from hub.merchants import factor
from hub.merchants.enrolment import enrol
from hub.merchants.models import Merchant, Person, Role, Shop, Staff, Terminal
from hub.merchants.registry import hire, open_merchant, open_shop
from hub.programmes.models import Product, Reward
from hub.programmes.publish import keep_category, keep_product, publish, published, rules_of
from loyalty import card
from loyalty.account import points_of, purse_of
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.entry import (
    ClockQuality,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Opened,
    Saw,
    Sold,
    Stamp,
    Visited,
)
from loyalty.price import Priced, price
from loyalty.situation import Situation
from loyalty.wire import GENESIS, MOST_ENTRIES, Batch, Nack, chain, decode_entry, encode_entry

PASSWORD = "Comptoir-2026!"
PHONE = b"the secret in a phone"
"""Of Odile: an operator can't do without."""
ENTERING = {"reason": "Sa caisse est muette, il appelle."}
"""What an operator says to go into a merchant's space."""


@dataclass(slots=True)
class Counter:
    """A terminal that writes a journal and sends it, as the real one does."""

    terminal: Terminal
    segment: str = field(default_factory=lambda: uuid.uuid4().hex)
    n: int = 0
    receipts: int = 0
    hw_id: str = "test"
    _boots: int = 0
    _raws: list[bytes] = field(default_factory=list)
    _unsent: list[bytes] = field(default_factory=list)
    _follows: tuple[str, int, str] = ("", 0, "")
    """The segment before: its id, last number and head."""

    @property
    def merchant(self) -> Merchant:
        return self.terminal.merchant

    def write(self, facts: Facts, *, at: datetime | None = None, staff: str = "") -> str:
        """Put an entry into the journal; `send` takes it to the hub."""
        if self.n == 0:
            self._append(self._header(), at, "")
        return self._append(facts, at, staff)

    def reboot(
        self, *, forgets: int = 0, same_boot: bool = False, at: datetime | None = None
    ) -> None:
        """Begin another segment; the card may have forgotten some, its file been replaced."""
        self._boots += not same_boot
        self._begin(self.n - forgets, at)

    def copied(self, *, hw_id: str) -> "Counter":
        """A copy of the card as it is, started in a machine."""
        copy = replace(self, hw_id=hw_id, _raws=list(self._raws), _unsent=[])
        copy._boots += 100
        copy._begin(copy.n, None)
        return copy

    def lose_unsent(self) -> None:
        """What was not sent never will be."""
        self._unsent = []

    def lose_place(self, facts: Facts, *, at: datetime | None = None) -> None:
        """Write an entry that says another number than it has."""
        self._append(facts, at, "", says=self.n + 7)

    def fork(self, *every: Facts, at: datetime | None = None, goes_on: bool = False) -> None:
        """Let another program have written these in the place of the last entries, and send them.

        It may be that program which goes on.
        """
        lo = self.n - len(every) + 1
        raws = [self._raw(facts, at, "", n) for n, facts in enumerate(every, lo)]
        batch = Batch(terminal=self.terminal.pk, gen=self.terminal.gen, segment=self.segment, lo=lo)
        assert isinstance(post(self.terminal.pk, batch, raws), Nack)
        if goes_on:
            self._raws[lo - 1 :] = raws

    def send(self, *, lost: bool = False) -> Nack | None:
        """Send what is in the journal, a batch at a time, until the hub wants something else.

        `lost`: what the hub may want before it is not there any more.
        """
        while self._unsent:
            some, self._unsent = self._unsent[:MOST_ENTRIES], self._unsent[MOST_ENTRIES:]
            lo = self.n - len(self._unsent) - len(some) + 1
            batch = Batch(
                terminal=self.terminal.pk,
                gen=self.terminal.gen,
                segment=self.segment,
                lo=lo,
                lost=lost,
            )
            answer = post(self.terminal.pk, batch, some)
            if isinstance(answer, Nack):
                self._unsent = some + self._unsent
                return answer
        return None

    def join(
        self, first_name: str, family_name: str, *, serial: int, at: datetime | None = None
    ) -> Customer:
        """Create a customer at the till."""
        code = card.issue(self.merchant.card_prefix, serial)
        who = uuid.uuid4().hex
        self.write(
            Joined(customer=who, code=code, first_name=first_name, initial=family_name[:1]), at=at
        )
        self.send()
        customer = Customer.objects.get(merchant=self.merchant, uuid=who)
        customer.last_name = family_name
        customer.search = search_text(customer)
        customer.save()
        return customer

    def visit(self, customer: Customer, *, at: datetime | None = None) -> None:
        """Scan a card at the till."""
        code = customer.cards.first()
        self.write(Visited(customer=customer.uuid, code=code.code if code else ""), at=at)

    def sell(
        self,
        *lines: Line,
        customer: Customer | None = None,
        uses: Sequence[Use] = (),
        gifts: Sequence[GiftUse] = (),
        held: int = 0,
        purse_cents: int = 0,
        at: datetime | None = None,
        staff: Staff | None = None,
    ) -> str:
        """Write a sale, priced by the rules that the till has; gives its receipt."""
        programme = published(self.merchant.pk)
        assert programme is not None
        order = Order(lines=lines, uses=tuple(uses))
        who = customer.uuid if customer else None
        balances = {points_of(who): held, purse_of(who): purse_cents} if who else {}
        moment = at or timezone.now()
        situation = Situation(
            programme=programme,
            shop=self.terminal.shop_id,
            customer=who,
            balances=balances,
            at=moment.astimezone(ZoneInfo(self.merchant.zone)).replace(tzinfo=None),
        )
        priced = price(situation, order)
        assert isinstance(priced, Priced), priced
        self.receipts += 1
        receipt = f"{self.receipts:04d}"
        paid = priced.due_cents - sum(gift.cents for gift in gifts)
        sold = Sold(
            receipt=receipt,
            customer=who,
            lines=lines,
            applied=priced.applied,
            gifts=tuple(gifts),
            total_cents=priced.total_cents,
            due_cents=priced.due_cents,
            paid_cents=paid,
            points=priced.points,
            earn=programme.earn,
            carry_cents=priced.carry_cents,
            purse_cents=priced.purse_cents,
            spent=priced.spent,
            gained=priced.gained,
            earns_cents=priced.earns_cents,
            factor_bp=priced.factor_bp,
            matures=priced.matures,
            saw=Saw(programme=programme.version),
        )
        self.write(sold, at=at, staff=staff.pk if staff else "")
        return receipt

    def sell_gift_card(self, cents: int, *, fingerprint: str, last4: str) -> str:
        """Write a gift card sold at the till."""
        self.receipts += 1
        receipt = f"{self.receipts:04d}"
        self.write(
            GiftSold(
                receipt=receipt,
                fingerprint=fingerprint,
                last4=last4,
                cents=cents,
                virtual=False,
                sealed="",
            )
        )
        return receipt

    def keep(self, raw: bytes) -> None:
        """Put bytes into the journal as they are."""
        self.n += 1
        self._raws.append(raw)
        self._unsent.append(raw)

    def _begin(self, remembered: int, at: datetime | None) -> None:
        head = reduce(chain, self._raws[:remembered], GENESIS).hex()
        self._follows = (self.segment, remembered, head)
        self.segment, self.n, self._raws = uuid.uuid4().hex, 0, []
        self._append(self._header(), at, "")

    def _header(self) -> Opened:
        segment, n, head = self._follows
        return Opened(
            gen=1, hw_id=self.hw_id, software="0.1.0", cursor=0,
            prev_segment=segment, prev_n=n, prev_head=head,
        )  # fmt: skip

    def _append(self, facts: Facts, at: datetime | None, staff: str, says: int = 0) -> str:
        raw = self._raw(facts, at, staff, says or self.n + 1)
        self.keep(raw)
        entry = decode_entry(raw)
        return entry.id

    def _raw(self, facts: Facts, at: datetime | None, staff: str, n: int) -> bytes:
        moment = at or timezone.now()
        stamp = Stamp(
            boot_id=f"boot {self._boots}",
            mono_ms=n,
            wall_ms=int(moment.timestamp() * 1000),
            quality=ClockQuality.SYNCED,
        )
        entry = Entry(id=uuid.uuid4().hex, n=n, stamp=stamp, staff=staff, facts=facts)
        return encode_entry(entry)


@dataclass(slots=True)
class World:
    """Who and what there is before a test begins."""

    lucet: Merchant
    denis: Shop
    paul: Shop
    isabelle: Person
    bruno: Person
    odile: Person
    till: Counter
    till_of_paul: Counter
    marius: Staff
    elodie: Customer
    discount: Reward
    croissant: Reward
    cashback: Reward
    iles: Merchant
    port: Shop
    charlotte: Person
    till_of_port: Counter
    chloe: Customer


def make_world() -> World:
    """Open the two merchants; nothing is sold yet."""
    lucet = open_merchant(
        "maison-lucet", "Maison Lucet", zone="Indian/Reunion", card_prefix="2000417"
    )
    denis = open_shop(lucet.pk, "Saint-Denis", city="Saint-Denis", postcode="97400")
    paul = open_shop(lucet.pk, "Saint-Paul", city="Saint-Paul", postcode="97460")
    iles = open_merchant("librairie-des-iles", "Librairie des Îles", card_prefix="2000555")
    port = open_shop(iles.pk, "Le Port")
    account = Person.objects.open_account
    isabelle = account(
        "isabelle@lucet.example", PASSWORD, name="Isabelle Lucet", role=Role.MERCHANT,
        merchant=lucet,
    )  # fmt: skip
    bruno = account(
        "bruno@lucet.example", PASSWORD, name="Bruno Hoarau", role=Role.SHOP, shop=denis
    )
    charlotte = account(
        "charlotte@iles.example", PASSWORD, name="Charlotte Riv", role=Role.MERCHANT, merchant=iles
    )
    odile = account("odile@hub.example", PASSWORD, name="Odile Payet", role=Role.OPERATOR)
    factor.set_up(odile, PHONE, factor.code_now(PHONE))
    # who works here has closed the explanations; those who open a section first have their own test
    Person.objects.update(explained=every())
    discount = reward(lucet, "discount", "Remise de 10 %", cost=200, rate_bp=1000)
    croissant = reward(lucet, "gift", "Croissant", cost=60, gift_title="Croissant offert")
    cashback = reward(lucet, "cashback", "Cagnotte 3 %", cost=0, rate_bp=300)
    reward(iles, "gift", "Marque-page", cost=20, gift_title="Marque-page offert")
    for merchant in (lucet, iles):
        rules_of(merchant.pk)
        publish(merchant.pk)
    till, till_of_paul, till_of_port = (
        Counter(heard(enrol(shop, name)))
        for shop, name in (
            (denis, "saint-denis-1"),
            (paul, "saint-paul-1"),
            (port, "le-port-1"),
        )
    )
    return World(
        lucet=lucet,
        denis=denis,
        paul=paul,
        isabelle=isabelle,
        bruno=bruno,
        odile=odile,
        till=till,
        till_of_paul=till_of_paul,
        marius=hire(lucet.pk, "Marius", pin="2468"),
        elodie=till.join("Élodie", "Marchand", serial=441),
        discount=discount,
        croissant=croissant,
        cashback=cashback,
        iles=iles,
        port=port,
        charlotte=charlotte,
        till_of_port=till_of_port,
        chloe=till_of_port.join("Chloé", "Secrète", serial=7),
    )


def reward(
    merchant: Merchant, kind: str, title: str, *, cost: int, rate_bp: int = 0, gift_title: str = ""
) -> Reward:
    """Add a reward to the draft."""
    return Reward.objects.create(
        merchant=merchant,
        kind=kind,
        title=title,
        cost=cost,
        rate_bp=rate_bp,
        gift_title=gift_title,
        rank=Reward.objects.filter(merchant=merchant).count(),
    )


def service(merchant: Merchant, name: str = "Soin", **more: object) -> Product:
    """Offer a service of 45 minutes that earns 20 points."""
    category = keep_category(merchant.pk, name="Prestations")
    usual = {"kind": "service", "cents": 6000, "minutes": 45, "earns": True, "booking_points": 20}
    return keep_product(merchant.pk, category=category, name=name, **{**usual, **more})


def appointment(
    shop: Shop, customer: Customer, *, starts_at: datetime | None = None, **more: object
) -> Appointment:
    """Let somebody come to a shop, tomorrow unless said."""
    product = more.pop("product", None) or service(shop.merchant)
    return book(
        shop,
        customer,
        product,
        starts_at=starts_at or timezone.now() + timedelta(days=1),
        minutes=product.minutes,
    )


def heard(terminal: Terminal, *, minutes_ago: int = 0, **more: object) -> Terminal:
    """Let a terminal have spoken of itself."""
    terminal.online = True
    terminal.last_contact = timezone.now() - timedelta(minutes=minutes_ago)
    terminal.printer = terminal.scanner = "ok"
    terminal.software = "0.1.0"
    for name, value in more.items():
        setattr(terminal, name, value)
    terminal.save(update_fields=["online", "last_contact", "printer", "scanner", "software", *more])
    return terminal


def baguette(cents: int = 120, quantity: int = 1) -> Line:
    """Give a line of bread."""
    return Line(label="Baguette", unit_cents=cents, quantity=quantity)
