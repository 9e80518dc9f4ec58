# SPDX-License-Identifier: Apache-2.0
"""The business that every world begins with: made once by the real hub, then copied."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from firmware.config import Config
from loyalty.wire import decode_entry
from tests.simulation.books import Books
from tests.simulation.chance import Hours, determined
from tests.simulation.disk import Image
from tests.simulation.hub import MERCHANT, Hub
from tests.simulation.network import Broker
from tests.simulation.truth import Truth
from tests.simulation.unit import Unit

TERMINALS = ("tilleuls-1", "tilleuls-2", "gare-0001")
SHOP_OF = {"tilleuls-1": "tilleuls", "tilleuls-2": "tilleuls", "gare-0001": "gare"}
NAMES = ("Ana", "Théo", "Zoé", "Luc")
EARN = (3, 250)
"""Points, and the cents of a step: carry matters."""
CAFE, TENTH, PURSE = "cafe", "dixieme", "cagnotte"
"""Rewards: a gift of 10 points, a tenth off for 15 points, cashback of 2 %."""
POINT_CENTS = 20
PIN = "2468"
"""Of who is at all tills, and may pay back."""
CARD_CENTS, TILL_CENTS, UNHEARD_CENTS = 4_00, 12_00, 30_00
"""How far a till may go by itself: so little that a world comes to it."""


@dataclass(frozen=True)
class Template:
    """All that a world needs to begin."""

    books: Books
    hub: sqlite3.Connection
    cards: dict[str, Image]
    hours: Hours
    customers: tuple[str, ...]
    """Their ids."""
    codes: tuple[str, ...]
    """And what they show."""
    truth: Truth = field(default_factory=Truth)
    """What happened already."""
    on_card: dict[str, list[str]] = field(default_factory=dict)
    gifts: tuple[str, ...] = ()


def make(books: Books, folder: Path) -> Template:
    """Open the business and let its terminals read the feed to its end."""
    folder.mkdir()
    hours = Hours()
    luck = Random(0)
    broker = Broker(luck)
    with determined(hours, folder):
        hub = Hub(books, broker, hours)
        _open_business()
        hub.start()
        units = [
            Unit(name, config_of(name), folder, broker=broker, hours=hours, luck=luck)
            for name in TERMINALS
        ]
        for unit in units:
            unit.boot()
        for _ in range(200):
            hours.now_s += 0.5
            broker.now_s = hours.now_s
            run(hub, units)
            if broker.idle and all(unit.serves and unit.counter() for unit in units):
                break
        else:
            raise AssertionError("a new terminal never serves")
        for _ in range(20):
            hours.now_s += 5
            broker.now_s = hours.now_s
            run(hub, units)
        for unit in units:
            unit.shut_down()
        cards = {unit.name: unit.disk.image() for unit in units}
        for unit in units:
            unit.eject()
        hub.work(_drained(broker))
        hub.alive = False
        known = books.read(
            "SELECT c.uuid, k.code FROM ledger_customer c JOIN ledger_card k ON k.customer_id = c.id"
            " ORDER BY c.id"
        )
        joined = {
            entry_id: decode_entry(bytes(raw)).facts
            for entry_id, raw in books.read(
                "SELECT event_id, raw FROM ledger_journalentry WHERE kind = 'joined'"
            )
        }
    customers, codes = zip(*known, strict=True)
    return Template(books, books.copy(), cards, hours, customers, codes, Truth(joined))


def run(hub: Hub, units: list[Unit]) -> None:
    """Deliver what is due, and let everybody whose turn it is take it."""
    frames = []
    for to, frame in hub.broker.arrived():
        if to.startswith("lk/"):
            frames.append((to, frame))
        elif link := hub.broker.links.get(to):
            link.hear(frame)
    hub.work(frames)
    for unit in units:
        if unit.on and (unit.link.waits or unit.wake_s <= unit.hours.now_s):
            unit.step()


def config_of(terminal: str, *, gen: int = 1) -> Config:
    """The settings that the hub writes for a terminal."""
    return Config(
        terminal=terminal,
        gen=gen,
        merchant=MERCHANT,
        shop=SHOP_OF[terminal],
        lookup_key=bytes(32),
        state=Path(),
        host="",
        port=0,
        width=800,
        height=480,
        language="fr",
        scanners=(),
        printer="mock:",
        signal="mock:",
    )


def _open_business() -> None:
    from hub.ledger import acts
    from hub.merchants import enrolment, registry
    from hub.merchants.models import Shop
    from hub.programmes import publish
    from hub.programmes.models import Reward, Rules

    caps = {
        "card_cents": CARD_CENTS,
        "terminal_cents": TILL_CENTS,
        "unheard_cents": UNHEARD_CENTS,
        "refunds_anywhere": True,
    }
    registry.open_merchant(MERCHANT, "Au bon pain", zone="UTC", card_prefix="29", **caps)
    registry.hire(MERCHANT, "Camille", pin=PIN, manager=True)
    for shop in sorted(set(SHOP_OF.values())):
        registry.open_shop(MERCHANT, shop.title(), id=shop)
    for kind, name, cost, rate in (
        ("gift", CAFE, 10, 0),
        ("discount", TENTH, 15, 1000),
        ("cashback", PURSE, 0, 200),
    ):
        Reward.objects.create(
            id=name, merchant_id=MERCHANT, kind=kind, title=name, cost=cost, rate_bp=rate
        )
    rules = {
        "visit_delay_s": 600,
        "earn_points": EARN[0],
        "earn_per_cents": EARN[1],
        "point_value_cents": POINT_CENTS,
    }
    Rules.objects.update_or_create(merchant_id=MERCHANT, defaults=rules)
    publish.publish(MERCHANT)
    people = [acts.NewCustomer(first_name=name) for name in NAMES]
    acts.register_customers(Shop.objects.get(pk="gare"), people)
    for terminal, shop in SHOP_OF.items():
        enrolment.enrol(Shop.objects.get(pk=shop), terminal)


def _drained(broker: Broker) -> list[tuple[str, bytes]]:
    broker.now_s += 1e6
    return [(to, frame) for to, frame in broker.arrived() if to.startswith("lk/")]
