# SPDX-License-Identifier: Apache-2.0
"""The books that pages are measured on: a year of a merchant's, by the ledger's own writers, kept.

The console's small world with something of each kind, and then what is big: customers as the web
registers them, visits, sales and gift cards as tills send them, articles as the catalogue keeps
them. Made once and kept, since a million entries take their time.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from loyalty.account import points_of
from loyalty.basket import Applied, Line
from loyalty.calendar import ExpiryKind
from loyalty.entry import GiftSold
from loyalty.wire import MOST_ENTRIES, Ack
from tests.bench.moved import move

if TYPE_CHECKING:
    from hub.programmes.models import Product
    from tests.hub.console.world import World
    from tests.hub.till import Till

CUSTOMERS: Final = int(os.environ.get("COMPTOIR_BENCH_CUSTOMERS", "100000"))
ENTRIES: Final = CUSTOMERS * 10
ARTICLES: Final = CUSTOMERS // 50
SHOPS, TILLS = 5, 2
DAYS: Final = 365
ONE_GIFT_IN: Final = 500
ONE_VISIT_IN: Final = 3
AT_ONCE: Final = 10_000
ROOMY: Final = "2000"
EDITION: Final = 1
"""Of what is made here: another number, other books."""
KEYS: Final = "keys.json"
BOOKS: Final = "hub.sqlite3"


def kept(among: Path) -> tuple[dict[str, Any], Path]:
    """The books, made unless they are kept there; gives their objects, and the hub's folder.

    They are made in SQLite; PostgreSQL is given the same ones.

    Raises:
        RuntimeError: the books do not add up.
    """
    url = os.environ.get("HUB_DATABASE_URL", "")
    folder = Path(among, f"books-{EDITION}-{CUSTOMERS}").absolute()
    there = Path(folder, KEYS).exists()
    if not there and url:
        plain = {name: value for name, value in os.environ.items() if name != "HUB_DATABASE_URL"}
        subprocess.run((sys.executable, "-m", "tests.bench.books", among), env=plain, check=True)
        return kept(among)
    if not there:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    os.environ |= {"HUB_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    if url:
        move(folder / BOOKS, url)
    if there:
        due()
    else:
        Path(folder, KEYS).write_text(json.dumps(make()))
    if url:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as the server does by itself, by and by
    return json.loads(Path(folder, KEYS).read_text()), folder


def make() -> dict[str, Any]:
    """Make the books in the hub's database; gives an object for each address, by its kind.

    Raises:
        RuntimeError: the books do not add up.
    """
    from hub.ledger import audit
    from hub.ledger.models import JournalEntry
    from hub.programmes.publish import publish, rules_of
    from tests.hub.console.things import things_of
    from tests.hub.console.world import make_world

    random, now = Random(6), datetime.now(UTC)
    world = make_world()
    world.lucet.card_prefix = ROOMY  # the demo's own leaves room for fewer cards
    world.lucet.save(update_fields=["card_prefix"])
    keys = {kind: own for kind, (own, _other) in things_of(world).items()}
    rules = rules_of(world.lucet.pk)
    rules.expiry, rules.expiry_months = ExpiryKind.AWARD, 12
    rules.save()
    publish(world.lucet.pk, at=now - timedelta(days=DAYS + 1))
    articles = _articles(world)
    tills = _tills(world)
    people = _people(world, random, now)
    happenings = Happenings(people, articles, world.croissant.pk, random)
    _year(tills, happenings, now)
    rules.point_value_cents += 1  # something is there to be published
    rules.save(update_fields=["point_value_cents"])
    due()
    if faults := audit.faults(world.lucet.pk):
        raise RuntimeError(faults[0])
    sales = JournalEntry.objects.filter(merchant=world.lucet, kind="sold", shop=world.denis)
    return keys | {
        "customer": people[0][0],
        "sale": sales.latest("pk").pk,
        "terminal": tills[0].terminal.pk,
        "month": now.date().replace(day=1).isoformat(),
        "year": (now - timedelta(days=DAYS)).date().isoformat(),
    }


def due() -> None:
    """Do what falls due by itself, as the hub would have since."""
    from hub.ledger.running import JOBS

    for name, job in JOBS:
        began = time.monotonic()
        done = job()
        if done:
            _say(f"{name}: {done} in {time.monotonic() - began:.0f} s")


def _articles(world: "World") -> "list[Product]":
    from hub.merchants import feed
    from hub.programmes.publish import keep_category, write_product

    shelves = [keep_category(world.lucet.pk, name=f"Rayon {n}", rank=n) for n in range(20)]
    with feed.writing(world.lucet.pk) as out:
        return [
            write_product(
                out, name=f"Article {n}", category=shelves[n % 20], cents=50 * (1 + n % 60)
            )
            for n in range(ARTICLES)
        ]


def _tills(world: "World") -> "list[Till]":
    from hub.merchants.enrolment import enrol
    from hub.merchants.registry import open_shop
    from tests.hub.console.world import heard
    from tests.hub.till import Till

    more = [open_shop(world.lucet.pk, f"Boutique {n}") for n in range(2, SHOPS)]
    return [
        Till(heard(enrol(shop, f"bench-{n}-{m}"))).opened()
        for n, shop in enumerate([world.denis, world.paul, *more])
        for m in range(TILLS)
    ]


def _people(world: "World", random: Random, now: datetime) -> list[tuple[int, str]]:
    """Key and uuid of each."""
    from hub.ledger.acts import NewCustomer, register_customers
    from hub.merchants.models import Shop
    from provisioning.demo.people import KNOWN

    names = [(first, last) for first, last, *_ in KNOWN]
    shops = list(Shop.objects.filter(merchant=world.lucet).order_by("pk"))
    found: list[tuple[int, str]] = []
    began = time.monotonic()
    for start in range(0, CUSTOMERS, AT_ONCE):
        some = [
            NewCustomer(
                first_name=random.choice(names)[0],
                last_name=f"{random.choice(names)[1]} {chr(65 + i % 26)}",
                phone=f"0692{i:06d}",
                email=f"client.{i}@exemple.example",
                joined_at=now - timedelta(days=DAYS, seconds=-i),
            )
            for i in range(start, min(CUSTOMERS, start + AT_ONCE))
        ]
        shop = shops[start // AT_ONCE % len(shops)]
        found += [(one.pk, one.uuid) for one in register_customers(shop, some)]
        _say(f"{len(found)} customers, {len(found) / (time.monotonic() - began):.0f}/s")
    return found


@dataclass
class Happenings:
    """What happens at tills, by chance."""

    people: list[tuple[int, str]]
    articles: "list[Product]"
    croissant: str
    """The reward that is used."""
    random: Random
    n: int = 0

    def happens(self, till: "Till", at: datetime) -> None:
        """A visit, a sale, or a gift card sold."""
        self.n += 1
        # who comes often comes oftener: the first of all every day, the last hardly ever
        who = self.people[int(len(self.people) * self.random.random() ** 1.5)][1]
        if self.n % ONE_GIFT_IN == 0:
            self._gift(till, at)
        elif self.n % ONE_VISIT_IN == 0:
            till.scans(who, at=at)
        else:
            self._sale(till, who, at)

    def _gift(self, till: "Till", at: datetime) -> None:
        from tests.hub.till import fresh

        sold = GiftSold(
            receipt=fresh("R"), fingerprint=fresh("gift"), last4=f"{self.n % 10_000:04d}",
            cents=self.random.choice((1000, 2500, 5000)), virtual=False, sealed="",
        )  # fmt: skip
        till.write(sold, at=at)

    def _sale(self, till: "Till", who: str, at: datetime) -> None:
        from tests.hub.till import sale

        article = self.articles[int(len(self.articles) * self.random.random() ** 2)]
        line = Line(
            label=article.name, unit_cents=article.cents, quantity=self.random.randint(1, 3),
            category=article.category_id, product=article.pk,
        )  # fmt: skip
        sold = replace(sale(line.cents, who), lines=(line,))
        sold = replace(sold, saw=replace(sold.saw, programme=2))
        gift = Applied(
            reward=self.croissant, kind="gift", title="Croissant offert", points=60, cents_off=0
        )
        if till.rights[points_of(who)] >= gift.points and self.random.random() < 0.5:
            sold = replace(sold, applied=(gift,))
        till.write(sold, at=at)


def _year(tills: "list[Till]", happenings: Happenings, now: datetime) -> None:
    """All of it in the order of time, each till its share, frame after frame."""
    number = ENTRIES - len(happenings.people)
    step = timedelta(days=DAYS - 1) / number
    moments = (now - timedelta(days=DAYS - 1) + step * i for i in range(number))
    for till in tills:
        till.send()
    turns, began, said = cycle(tills), time.monotonic(), 0
    while some := list(islice(moments, MOST_ENTRIES)):
        till = next(turns)
        for at in some:
            happenings.happens(till, at)
        if not isinstance(answer := till.send(), Ack):
            message = f"not posted: {answer}"
            raise TypeError(message)
        till.raws[:] = [b""] * len(till.raws)  # the hub has them
        if happenings.n - said >= AT_ONCE:
            said = happenings.n
            _say(f"{said} entries, {said / (time.monotonic() - began):.0f}/s")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    kept(Path(sys.argv[1]))
