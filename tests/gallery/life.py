# SPDX-License-Identifier: Apache-2.0
"""Eight weeks of the demo's sample merchant, which end on a Saturday afternoon: for the pictures."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.gallery.accounts import accounts, mailed, phone, programs
from tests.gallery.audiences import describe
from tests.gallery.counter import serve
from tests.gallery.offers import offer
from tests.gallery.private import agree_and_leave

if TYPE_CHECKING:
    from hub.merchants.models import Merchant, Shop
    from hub.programmes.models import Reward
    from tests.hub.console.world import Counter

ZONE = ZoneInfo("Indian/Reunion")
NOW = datetime(2026, 11, 21, 14, 32, tzinfo=ZONE)
WEEKS = 8

VISITS = {
    1: (18, 34, 22, 14, 16, 30, 21, 6, 8, 17, 26, 20, 4),
    2: (17, 31, 24, 19, 22, 33, 20, 10, 14, 24, 28, 19, 5),
    3: (19, 35, 21, 15, 17, 31, 22, 7, 8, 18, 27, 22, 4),
    4: (20, 37, 25, 18, 21, 36, 26, 9, 12, 23, 34, 29, 8),
    5: (24, 48, 57, 55, 50, 58, 41, 29, 26, 36, 42, 37, 11),
    6: (15, 39, 61, 66, 58, 44, 12),
}
"""Visits of each weekday (Tuesday is 1) by hour from 7 h: those of the drawing."""


def live() -> dict[str, Any]:
    """Let the sample merchant live its weeks.

    Returns:
        the keys of the pages to show, and under "till" a counter that is to leave.
    """
    from hub.ledger import counting, purchasing
    from hub.ledger.acts import create_gift_card
    from hub.merchants.enrolment import enrol
    from hub.merchants.registry import hire, open_merchant, open_shop
    from hub.programmes.publish import publish, rules_of
    from provisioning.demo.people import customers
    from provisioning.demo.sample import LUCET
    from tests.hub.console.world import Counter

    random = Random(21)
    lucet = open_merchant(LUCET.id, LUCET.name, zone=LUCET.zone, card_prefix=LUCET.card_prefix)
    places = [
        open_shop(lucet.pk, p.name, street=p.street, postcode=p.postcode, city=p.city)
        for p in LUCET.places
    ]
    accounts(lucet)
    staff = [
        [hire(lucet.pk, clerk.name, pin=clerk.pin, manager=clerk.manager) for clerk in place.clerks]
        for place in LUCET.places
    ]
    rewards = _offers(lucet)
    rules_of(lucet.pk)
    for _ in range(3):
        publish(lucet.pk, at=NOW - timedelta(weeks=WEEKS))
    people = customers(replace(LUCET, customers=380), random)
    registered = _register(random, people, places)
    names = ("saint-denis-1", "saint-denis-2", "saint-paul-1", "saint-pierre-1")
    tills = [
        Counter(enrol(shop, name)) for name, shop in zip(names, (places[0], *places), strict=True)
    ]
    _sell(random, tills, staff, people, registered)
    _today(lucet, places, tills)
    create_gift_card(
        places[0], cents=2500, buyer="Ginette Fontaine", recipient="Théo Maillot",
        email="theo.maillot@exemple.example", message="Bon anniversaire",
    )  # fmt: skip
    _trouble(tills, registered)
    resembling = _recognise(places, tills, registered)
    counting.count_due()
    purchasing.keep_due()
    return {
        "segment": describe(lucet, registered, random),
        "reward": _edit(rewards).pk,
        "gift": rewards[0].pk,
        "card": lucet.gift_cards.latest("pk").pk,
        "shop": places[0].pk,
        "merchant": _explain(lucet),
        "appointment": _meet(places[0], registered),
        "token": programs(lucet),
        **resembling,
        **offer(lucet, places, now=NOW),
        **serve(places[0], registered[5]),
        **_regular(registered[0]),
        **agree_and_leave(places[0], registered, now=NOW),
        **phone(),
        "till": tills[1],
        "plastic": registered[0].cards.get().pk,
        "staff": staff[0][0].pk,
        "service": lucet.products.exclude(kind="article").first().pk,
        "category": lucet.categories.get(name="Pâtisserie").pk,
        **_to_see(),
        **mailed(),
    }


def _offers(lucet: Any) -> list[Any]:
    """The rewards that are there from the first day, as the shelves are."""
    from hub.programmes.publish import keep_category
    from provisioning.demo.sample import LUCET
    from tests.hub.console.world import reward

    for name in LUCET.categories:
        keep_category(lucet.pk, name=name)
    return [
        reward(
            lucet, offer.kind, offer.title,
            cost=offer.cost, rate_bp=offer.rate_bp, gift_title=offer.gift_title,
        )
        for offer in LUCET.offers
    ]  # fmt: skip


def _regular(customer: Any) -> dict[str, int]:
    """Somebody who comes often, and a sale in which they used points."""
    from hub.ledger.models import JournalEntry

    used = JournalEntry.objects.filter(kind="sold", customer=customer.uuid, points__lt=0)
    return {"customer": customer.pk, "sale": used.latest("at").pk}


def _to_see() -> dict[str, int]:
    """What asks for a person to look at it."""
    from hub.ledger.models import Incident, JournalEntry

    return {
        "incident": Incident.objects.get(kind="gift_twice").pk,
        "shelved": JournalEntry.objects.get(why="place").pk,
    }


def _edit(rewards: "list[Reward]") -> "Reward":
    """Change a reward's title after it was published."""
    discount = next(one for one in rewards if one.kind == "discount")
    discount.title = "Remise de 10 % sur la commande"
    discount.save()
    return discount


def _register(random: Random, people: Any, places: list["Shop"]) -> list[Any]:
    """Give everybody a card, in the shop that is theirs, some time before."""
    from hub.ledger.acts import NewCustomer, register_customers

    registered: list[Any] = [None] * len(people)
    for home, shop in enumerate(places):
        some = [i for i, person in enumerate(people) if person.home == home]
        new = [
            NewCustomer(
                first_name=people[i].first_name,
                last_name=people[i].last_name,
                phone=people[i].phone,
                email=people[i].email,
                code=people[i].code,
                joined_at=NOW - timedelta(weeks=WEEKS, days=random.randrange(1, 200)),
            )
            for i in some
        ]
        for i, customer in zip(some, register_customers(shop, new), strict=True):
            registered[i] = customer
    return registered


def _sell(
    random: Random, tills: list["Counter"], staff: list[Any], people: Any, registered: list[Any]
) -> None:
    """Post the weeks before and today until now, each till its part."""
    from hub.programmes.models import Category
    from loyalty.basket import Line, Use
    from provisioning.demo.sample import LUCET

    shelves = dict(Category.objects.values_list("name", "pk"))
    points: dict[int, int] = dict.fromkeys(range(len(people)), 0)
    at_home = [[i for i, p in enumerate(people) if p.home == home] for home in range(3)]
    zeal = [[people[i].zeal for i in some] for some in at_home]
    first = NOW.replace(hour=0, minute=0) - timedelta(weeks=WEEKS)
    for day in range(WEEKS * 7 + 1):
        midnight = first + timedelta(days=day)
        moments = sorted(
            midnight + timedelta(hours=7 + hour, minutes=random.random() * 60)
            for hour, usual in enumerate(VISITS.get(midnight.weekday(), ()))
            for _ in range(max(0, round(random.gauss(usual, usual**0.5))))
        )
        for at in (moment for moment in moments if moment <= NOW):
            (home,) = random.choices(range(3), (5, 3, 2))
            goods = random.choices(
                LUCET.goods, [sum(g.appeal) for g in LUCET.goods], k=random.randint(1, 5)
            )
            lines = [
                Line(label=g.name, unit_cents=g.cents, category=shelves[g.category]) for g in goods
            ]
            who = random.choices(at_home[home], zeal[home])[0] if random.random() > 0.16 else None
            # each customer keeps to one till, which holds the right to what it gave them
            second = who % 2 if who is not None else random.randrange(2)
            till = tills[second if home == 0 else home + 1]
            clerk = random.choice(staff[home])
            uses: list[Use] = []
            if who is not None:
                till.visit(registered[who], at=at - timedelta(seconds=20))
                if points[who] >= 60 and random.random() < 0.3:
                    uses = [Use(_reward_of(till.merchant, "Café offert"))]
            held = points[who] if who is not None else 0
            till.sell(
                *lines,
                customer=registered[who] if who is not None else None,
                uses=uses,
                held=held,
                at=at,
                staff=clerk,
            )
            if who is not None:
                points[who] += sum(line.cents for line in lines) // 100 - (60 if uses else 0)
        for till in tills:
            till.send()


def _reward_of(merchant: "Merchant", title: str) -> str:
    return str(merchant.rewards.get(title=title).pk)


def _today(lucet: "Merchant", places: list["Shop"], tills: list["Counter"]) -> None:
    """Let a few people join today, and a gift card be sold twice while offline."""
    for serial, name in enumerate(("Aurélie", "Fatima", "Loïc", "Maëva", "Ruben"), 480):
        tills[serial % 4].join(name, "Nouveau", serial=serial, at=NOW - timedelta(hours=2))
    for till in (tills[2], tills[3]):
        till.sell_gift_card(2500, fingerprint="f" * 32, last4="04Q2")
        till.send()


def _trouble(tills: list["Counter"], registered: list[Any]) -> None:
    """Let a card have been put back, two programs have written, and a file be damaged; then report."""
    from loyalty.basket import Line
    from loyalty.entry import Saw, Sold, Visited
    from loyalty.programme import EarnRule

    def sold(receipt: str, cents: int, who: Any) -> Sold:
        return Sold(
            receipt=receipt, customer=who.uuid, code=who.cards.first().code,
            lines=(Line(label="Paris-Brest individuel", unit_cents=cents),),
            total_cents=cents, due_cents=cents, paid_cents=cents,
            points=cents // 100, carry_cents=cents % 100, earn=EarnRule(), saw=Saw(programme=3),
        )  # fmt: skip

    at = NOW - timedelta(minutes=50)
    first, second = registered[3], registered[8]
    tills[2].reboot(at=at - timedelta(hours=5))
    for receipt, cents in (("0702", 640), ("0703", 380), ("0704", 1150)):
        tills[2].write(sold(receipt, cents, second), at=at)
    tills[2].send()
    tills[2].fork(sold("0803", 920, first), sold("0804", 450, second), at=at)
    tills[2].reboot(forgets=2, at=at + timedelta(minutes=9))
    tills[2].write(Visited(customer=second.uuid, code=""), at=at + timedelta(minutes=12))
    tills[2].send()
    tills[3].lose_place(sold("1204", 1250, first), at=at)
    tills[3].keep(b'{"id":"5f0e\x00\x00\x00\x00\xff\xff')
    tills[3].send()
    _report(tills)


def _explain(merchant: "Merchant") -> str:
    """Let the merchant have written about the programme; gives the merchant's name on the web."""
    from hub.programmes.models import Explanation

    words = (
        "Depuis 1962, nous connaissons nos clients par leur nom. La carte en est le souvenir.\n\n"
        "# Comment ça marche\n- Montrez votre carte à chaque passage\n- Vos points sont comptés"
        " aussitôt, dans nos trois boutiques\n- Choisissez votre récompense en caisse\n\n"
        "# Et si je perds ma carte ?\nDites-le nous : vos points sont à vous, pas à la carte."
    )
    Explanation.objects.create(merchant=merchant, text=words, changed_at=NOW)
    return merchant.pk


def _meet(shop: "Shop", registered: list[Any]) -> int:
    """Fill a shop's week with lessons and orders to try; gives one that meets another."""
    from hub.ledger.booking import cancel, miss
    from tests.hub.console.world import appointment, service

    lesson = service(
        shop.merchant, "Cours de viennoiserie", kind="class", minutes=150, cents=4500,
        booking_points=45,
    )  # fmt: skip
    cake = service(shop.merchant, "Essai de pièce montée", minutes=45, cents=2000, earns=False)
    monday = NOW.replace(hour=0, minute=0) - timedelta(days=NOW.weekday())
    plan = (
        (1, 9.5, cake, 2), (1, 14, lesson, 5), (1, 14, lesson, 6), (2, 10, cake, 9),
        (2, 16, cake, 11), (3, 9.5, cake, 13), (4, 14, lesson, 12), (4, 14, lesson, 17),
        (4, 17.5, cake, 21), (5, 10, cake, 4), (5, 15, cake, 7), (5, 15.5, cake, 8),
        (5, 16.5, cake, 10),
    )  # fmt: skip
    made = [
        appointment(
            shop, registered[who], product=what,
            starts_at=monday + timedelta(days=day, hours=hour),
        )
        for day, hour, what, who in plan
    ]  # fmt: skip
    cancel(made[4])
    miss(made[5])
    return made[10].pk


def _report(tills: list["Counter"]) -> None:
    """Let each terminal have said how it is: one is away, one has no paper."""
    from tests.hub.console.world import heard

    for till, state in zip(
        tills, ({}, {}, {"online": False}, {"printer": "PaperOut"}), strict=True
    ):
        heard(till.terminal, **state)
    tills[2].terminal.last_contact = NOW - timedelta(minutes=27)
    tills[2].terminal.save(update_fields=["last_contact"])
    tills[3].terminal.printer_since = NOW - timedelta(minutes=40)
    tills[3].terminal.save(update_fields=["printer_since"])


def _recognise(
    places: list["Shop"], tills: list["Counter"], registered: list[Any]
) -> dict[str, int]:
    """Let a few have joined twice: two are one already, one pair is looked at, others may be."""
    from hub.ledger.acts import NewCustomer, register_customers
    from hub.ledger.merging import merge
    from hub.merchants.models import Person
    from loyalty.basket import Line

    again = [
        NewCustomer(
            first_name=name, last_name=who.last_name, phone=who.phone, email=email,
            joined_at=NOW - timedelta(days=days),
        )
        for name, who, email, days in (
            (registered[14].first_name, registered[14], "", 40),
            (registered[21].first_name, registered[21], registered[21].email, 18),
            ("Marie", registered[33], "", 9),
            (registered[46].first_name[:4], registered[46], "", 2),
        )
    ]  # fmt: skip
    known, looked_at, *_others = register_customers(places[1], again)
    for days, customer in ((12, known), (7, looked_at), (3, looked_at)):
        at = NOW - timedelta(days=days)
        tills[2].sell(Line(label="Galette des rois", unit_cents=2450), customer=customer, at=at)
    tills[2].send()
    owner = Person.objects.get(email="isabelle@lucet.example")
    reason = "Même personne, une nouvelle carte prise à Saint-Paul"
    done = merge(registered[14], known, reason=reason, person_id=owner.pk)
    return {
        "merged": registered[14].pk,
        "merge": done.pk,
        "one": registered[21].pk,
        "other": looked_at.pk,
    }


def leaves(keys: dict[str, Any]) -> None:
    """Ask a living till to leave."""
    from hub.ledger import custody

    custody.leave(keys["till"].terminal, leaving=True)


def classes(keys: dict[str, Any]) -> None:
    """Begin with three tiers, and have everybody classified."""
    from hub.ledger import tiering
    from hub.merchants.models import Merchant
    from hub.programmes import tiers
    from hub.programmes.publish import publish

    lucet = Merchant.objects.get(pk=keys["merchant"])
    tiers.begin(lucet.pk)
    for tier, spent in zip(lucet.tiers.order_by("threshold"), (50_00, 150_00, 300_00), strict=True):
        tier.threshold = spent
        tier.save()
    publish(lucet.pk, at=NOW)
    tiering.evaluate(lucet, now=NOW)
    keys["tier"] = lucet.tiers.latest("threshold").pk
