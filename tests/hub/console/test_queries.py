# SPDX-License-Identifier: Apache-2.0
"""How often each page of the walls' table asks the database, however many rows it shows."""

from collections.abc import Callable
from typing import Any, Final

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.ledger.gifting import create_batch
from hub.merchants import tokens
from hub.merchants.models import Person
from hub.merchants.registry import hire, open_shop
from hub.programmes.models import Reward
from hub.programmes.publish import keep_category, keep_product
from hub.programmes.tiers import Tier
from tests.hub.console.test_costs import some
from tests.hub.console.test_walls import ADDRESSES, Address, ask, entered
from tests.hub.console.things import gift_card, segment, things_of
from tests.hub.console.world import World

OK: Final = 200
SERIAL: Final = 500
"""From which on what is added is numbered: beyond what the world has."""
MOST: Final[dict[str, int]] = {
    "sign-in": 0,
    "sign-up": 2,
    "ask-link": 2,
    "link": 3,
    "profile": 9,
    "profile-address": 7,
    "profile-password": 7,
    "factor": 10,
    "sessions": 9,
    "help": 8,
    "credits": 8,
    "merchants": 8,
    "accounts": 7,
    "account": 6,
    "merchant": 8,
    "merchant-close": 7,
    "terminals-all": 11,
    "jobs": 12,
    "mails": 19,
    "dashboard": 34,
    "dashboard-live": 29,
    "modules": 7,
    "shops": 12,
    "staff": 8,
    "staff-add": 7,
    "staff-one": 8,
    "shop-add": 7,
    "shop": 9,
    "customers": 14,
    "customer": 47,
    "customer-merge": 8,
    "customer-edit": 9,
    "customer-add": 9,
    "customers-known": 4,
    "customer-card": 9,
    "card-batches": 11,
    "card-batch-pdf": 7,
    "card": 10,
    "customer-export": 34,
    "customer-consents": 9,
    "customer-forget": 16,
    "customers-absent": 8,
    "customer-part": 14,
    "lookalikes": 9,
    "segments": 13,
    "segment-add": 8,
    "segment": 14,
    "segment-edit": 14,
    "programmes": 29,
    "programme-add": 28,
    "programme-publish": 23,
    "versions": 10,
    "version": 14,
    "loyalty-product": 11,
    "earning": 16,
    "explanation": 8,
    "public-programme": 6,
    "public-colours": 3,
    "tiers": 17,
    "tier-add": 8,
    "tier-colours": 5,
    "tier": 9,
    "tier-image": 5,
    "programme-photo": 4,
    "public-photo": 4,
    "programme": 32,
    "giftcards": 14,
    "giftcard-create": 9,
    "giftcard": 12,
    "giftcard-batches": 10,
    "giftcard-batch-create": 8,
    "giftcard-batch-pdf": 8,
    "giftcard-liability": 9,
    "gift-offers": 8,
    "gift-exchange": 15,
    "giftcard-rules": 8,
    "sales": 15,
    "sale": 13,
    "receipt": 23,
    "till": 15,
    "till-order": 13,
    "appointments": 11,
    "appointment-list": 12,
    "appointment-create": 10,
    "appointment": 11,
    "services": 10,
    "service-add": 7,
    "service": 8,
    "catalogue": 13,
    "product-add": 11,
    "product-import": 8,
    "member-import": 9,
    "import": 12,
    "product": 13,
    "category": 9,
    "points": 16,
    "points-add": 13,
    "provision": 10,
    "statistics": 21,
    "points-by-customer": 23,
    "expiry": 8,
    "terminals": 8,
    "terminal-enrol": 10,
    "limits": 7,
    "till-front": 7,
    "terminal-journal": 18,
    "terminal-retire": 10,
    "tokens": 9,
    "token-make": 7,
    "token": 9,
    "incidents": 12,
    "incident": 14,
    "shelf": 11,
    "shelf-one": 9,
    "shelf-correct": 12,
    "shelf-bytes": 4,
    "equation": 17,
    "incidents-all": 7,
    "shelf-all": 9,
    "equation-all": 10,
    "deeds": 9,
    "deeds-all": 7,
}
"""By page: what none of its readers goes beyond."""


def more(world: World, n: int) -> None:
    """So many of whatever pages list."""
    some(world, n, serial=SERIAL)
    shelf = keep_category(world.lucet.pk, name="Rayon", rank=SERIAL)
    for i in range(SERIAL, SERIAL + n):
        gift_card(world, "denis")
        create_batch(world.denis, count=1, cents=0, buyer="", person=world.isabelle)
        keep_product(world.lucet.pk, name=f"Article {i}", category=shelf, cents=100)
        hire(world.lucet.pk, f"Renfort {i}", pin="1357")
        open_shop(world.lucet.pk, f"Boutique {i}")
        Tier.objects.create(merchant=world.lucet, name=f"Statut {i}")
        segment(world.lucet, f"Segment {i}")
        Reward.objects.create(merchant=world.lucet, kind="gift", title=f"N° {i}", cost=9)
        tokens.make(world.lucet.pk, f"Agenda {i}", [], by_id=world.isabelle.pk)
        world.till.keep(b"torn %d" % i)
    world.till.send()


def test_every_page_has_a_number() -> None:
    pages = {address.name for address in ADDRESSES if address.method == "get"}
    shown = {
        a.name
        for a in ADDRESSES
        if a.method == "get" and OK in (a.nobody, a.merchant, a.shop, a.operator)
    }
    assert set(MOST) == shown <= pages


def test_no_page_asks_more_often_than_its_number_however_many_rows_there_are(
    world: World, as_: Callable[[Person], Client]
) -> None:
    things = things_of(world)
    more(world, 7)
    assert not dict(_beyond(world, things, as_))


def _beyond(world: World, things: dict[str, tuple[object, object]], as_: Callable) -> Any:
    accounts = (None, world.isabelle, world.bruno, world.odile)
    clients = [entered(as_(one), one, world.lucet) if one else Client() for one in accounts]
    for address in ADDRESSES:
        answers = (address.nobody, address.merchant, address.shop, address.operator)
        for client, person, expected in zip(clients, accounts, answers, strict=True):
            if address.method == "get" and expected == OK:
                client.get("/aide/")  # whoever has just signed in is looked up once more
                asked = _asked(client, address, things.get(address.of, (None,))[0])
                if asked > MOST[address.name]:
                    yield f"{address.name} {address.query}, to {person or 'nobody'}", asked


def _asked(client: Client, address: Address, thing: object) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer: Any = ask(client, address, thing)
        assert answer.status_code == OK, address.name
        _ = b"".join(answer)
    return len(queries)
