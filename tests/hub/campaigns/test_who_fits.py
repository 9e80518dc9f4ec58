# SPDX-License-Identifier: Apache-2.0
"""Who the database says fits is who plain Python says fits, whatever was asked of whomever (K1)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from hub.campaigns import audiences
from hub.campaigns import conditions as ask
from hub.campaigns.conditions import Condition, Day
from hub.campaigns.conditions.dealings import NO_TIER
from hub.campaigns.tree import Block, Join, Tree
from hub.ledger import forgetting, history, merging, purchasing
from hub.ledger.models import Customer
from hub.merchants.models import Merchant, Shop
from hub.merchants.registry import open_shop
from hub.programmes.tiers import Tier
from loyalty.basket import Line
from loyalty.entry import Joined
from loyalty.refund import refunded
from loyalty.wire import Ack
from tests.hub.till import Till, fresh, sale

CATEGORIES = ("bread", "cakes", "drinks")
PRODUCTS = {"baguette": "bread", "tart": "cakes", "eclair": "cakes", "": "drinks"}
ZONE = ZoneInfo("Indian/Reunion")
PEOPLE, SALES, TREES = 24, 90, 120


@dataclass(slots=True)
class Bill:
    """A sale as a person with a pencil would note it."""

    day: date
    lines: list[Line]
    cents: int


@dataclass(slots=True)
class Person:
    """Somebody, with every customer that they are."""

    head: Customer
    bills: list[Bill] = field(default_factory=list)

    @property
    def sums(self) -> history.Balances:
        return history.balances(self.head)


@dataclass(slots=True)
class Town:
    """Some customers of one merchant, and what they did."""

    random: Random
    merchant: Merchant
    shops: list[Shop]
    till: Till
    tiers: list[str]
    now: datetime
    bills: dict[str, list[Bill]] = field(default_factory=dict)

    def fill(self) -> None:
        for n in range(PEOPLE):
            self.till.write(
                Joined(customer=f"c{n}", code=f"29c{n}", first_name="Ana", initial="M"),
                at=self.some_time(),
            )
            self.bills[f"c{n}"] = []
        self.till.send()
        for n in range(SALES):
            self.sell(f"c{self.random.randrange(PEOPLE)}")
            if n % 7 == 0:
                self.till.scans(f"c{self.random.randrange(PEOPLE)}", at=self.some_time())
            assert isinstance(self.till.send(), Ack)
        for one in Customer.objects.filter(merchant=self.merchant):
            self.describe(one)
        purchasing.keep_due()
        for one, other in (("c0", "c1"), ("c2", "c3"), ("c1", "c4")):
            self.merge(one, other)
        forgetting.forget(self.of("c5"), reason="demandé", person_id=None)

    def sell(self, who: str) -> None:
        at, lines = self.some_time(), list(self.lines())
        sold = replace(sale(sum(line.cents for line in lines), who), lines=tuple(lines))
        entry = fresh("sale")
        self.till.write(sold, entry_id=entry, at=at)
        bill = Bill(at.astimezone(ZONE).date(), lines, sold.due_cents)
        self.bills[who].append(bill)
        match self.random.randrange(6):
            case 0:
                back, said = sold.total_cents, []
            case 1:
                said = [self.random.choice(lines)]
                back = said[0].cents
            case 2:
                back, said = sold.total_cents // 3, []
            case _:
                return
        part = refunded(sold, sale=entry, left=sold.total_cents, cents=back, receipt=fresh("R"))
        self.till.write(replace(part, lines=tuple(said)), at=at)
        bill.cents -= part.due_cents
        bill.lines = [] if back == sold.total_cents else [one for one in lines if one not in said]

    def lines(self) -> Iterator[Line]:
        for product in self.random.sample(sorted(PRODUCTS), self.random.randint(1, 3)):
            cents = self.random.randint(1, 40) * 50
            category = PRODUCTS[product]
            yield Line(label="x", unit_cents=cents, category=category, product=product)

    def some_time(self) -> datetime:
        return self.now - timedelta(minutes=self.random.randrange(400 * 24 * 60))

    def of(self, uuid: str) -> Customer:
        return Customer.objects.get(merchant=self.merchant, uuid=uuid)

    def describe(self, one: Customer) -> None:
        pick = self.random.choice
        today = self.now.astimezone(ZONE).date()
        near = today - timedelta(days=self.random.choice((-1, 0, 1, 200)))
        one.gender, one.postcode = pick(("f", "m", "x", "")), pick(("", "97400", "97460", "75011"))
        if pick((True, True, False)):
            one.birthday = f"{near:%m-%d}"
            one.birth_year = pick((None, today.year - 30, today.year - 60, 2008))
        one.tier = pick(("", *self.tiers))
        one.joined_shop, one.seen_shop = pick(self.shops), pick((*self.shops, None))
        one.accepts_email, one.accepts_sms = pick((True, False)), pick((True, False))
        one.save()

    def merge(self, one: str, other: str) -> None:
        merging.merge(self.of(one), self.of(other), reason="la même", person_id=None)

    def people(self) -> list[Person]:
        found: dict[str, Person] = {}
        for one in Customer.objects.filter(merchant=self.merchant, forgotten_at=None):
            head = self.of(one.head) if one.head else one
            person = found.setdefault(head.uuid, Person(head))
            person.bills += self.bills[one.uuid]
        return list(found.values())

    def condition(self) -> Condition:
        pick, least = self.random.choice, self.random.random() < 0.5
        months = pick((0, 1, 2, 6, 12))
        return pick(
            (
                ask.IsGender(pick(("f", "m", "x", ""))),
                ask.IsAged(least=least, years=pick((18, 30, 60))),
                ask.HasBirthday(pick((0, 2, 5, 11))),
                ask.LivesIn(pick(("974", "97400", "75 97460"))),
                ask.OfShop(pick(("joined", "seen")), pick(self.shops).pk),
                ask.Accepts(pick(("email", "sms")), agreed=least),
                ask.BoughtCategory(did=least, article=pick(CATEGORIES), months=months),
                ask.BoughtProduct(did=least, article=pick(sorted(PRODUCTS)[1:]), months=months),
                ask.BoughtNothing(pick((1, 3, 10))),
                ask.HasSpent(least=least, cents=pick((0, 1, 2000, 9000)), months=months),
                ask.HasVisited(least=least, times=pick((1, 3, 5))),
                ask.HasPoints(least=least, points=pick((0, 10, 60))),
                ask.HasTier(pick((NO_TIER, "gone", *self.tiers))),
            )
        )

    def tree(self) -> Tree:
        def block() -> Block:
            some = tuple(self.condition() for _ in range(self.random.randint(1, 3)))
            return Block(self.random.choice(list(Join)), some)

        blocks = tuple(block() for _ in range(self.random.randint(1, 3)))
        return Tree(self.random.choice(list(Join)), blocks)


def fits(person: Person, tree: Tree, today: date) -> bool:
    """As one would go through it by hand."""
    joins = {Join.ALL: all, Join.ANY: any}
    return joins[tree.join](
        joins[block.join](so(person, one, today) for one in block.conditions)
        for block in tree.blocks
    )


def so(person: Person, condition: Condition, today: date) -> bool:
    """Whether one condition holds."""
    head = person.head
    match condition:
        case ask.IsGender(gender):
            return head.gender == gender
        case ask.IsAged(least, years):
            age = aged(head, today)
            return age is not None and (age >= years) == least
        case ask.HasBirthday(month):
            return head.birthday[:2] == f"{month or today.month:02}"
        case ask.LivesIn(begins):
            return head.postcode.startswith(tuple(begins.split()))
        case ask.OfShop(tie, shop):
            return shop == (head.joined_shop_id if tie == "joined" else head.seen_shop_id)
        case ask.Accepts(channel, agreed):
            return agreed == (head.accepts_email if channel == "email" else head.accepts_sms)
        case ask.BoughtCategory(did, article, months):
            return did == any(one.category == article for one in lines(person, today, months))
        case ask.BoughtProduct(did, article, months):
            return did == any(one.product == article for one in lines(person, today, months))
        case ask.BoughtNothing(months):
            joined = head.joined_at.astimezone(ZONE).date()
            return not list(lines(person, today, months)) and joined < before(today, months)
        case ask.HasSpent(least, cents, months):
            return (spent(person, today, months) >= cents) == least
        case ask.HasVisited(least, times):
            return (person.sums.visits >= times) == least
        case ask.HasPoints(least, points):
            return (person.sums.points - person.sums.owed_points >= points) == least
        case ask.HasTier(tier):
            return head.tier == ("" if tier == NO_TIER else tier)
    raise AssertionError(condition)


def aged(one: Customer, today: date) -> int | None:
    if not one.birth_year or not one.birthday:
        return None
    month, day = map(int, one.birthday.split("-"))
    return today.year - one.birth_year - ((today.month, today.day) < (month, day))


def before(today: date, months: int) -> date:
    """The day so many months ago; the last of its month where that is shorter."""
    first = today.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    day = first + timedelta(days=today.day - 1)
    while day.month != first.month:
        day -= timedelta(days=1)
    return day


def lines(person: Person, today: date, months: int) -> Iterator[Line]:
    for bill in person.bills:
        if not months or bill.day >= before(today, months):
            yield from bill.lines


def spent(person: Person, today: date, months: int) -> int:
    since = before(today, months).replace(day=1) if months else date.min
    bills = [bill for bill in person.bills if bill.day >= since]
    # who has no bill at all has spent less than any amount, 0 included
    return sum(bill.cents for bill in bills) if bills else -1


@pytest.fixture
def town(request, merchant: Merchant, shop: Shop, till: Till) -> Town:
    shops = [shop, open_shop(merchant.pk, "Saint-Paul")]
    tiers = [Tier.objects.create(merchant=merchant, name=name).pk for name in ("Argent", "Or")]
    made = Town(Random(request.param), merchant, shops, till, tiers, timezone.now())
    made.fill()
    return made


@pytest.mark.parametrize("town", range(4), indirect=True)
def test_the_database_and_a_pencil_find_the_same_people(town: Town) -> None:
    day, people = audiences.today_of(town.merchant), town.people()
    trees = {str(n): town.tree() for n in range(TREES)}
    expected = {
        key: {person.head.pk for person in people if fits(person, tree, day.today)}
        for key, tree in trees.items()
    }
    for key, tree in trees.items():
        found = list(audiences.members(tree, day).values_list("pk", flat=True))
        assert len(found) == len(set(found)), tree
        assert set(found) == expected[key], tree
        assert Tree.read(tree.said()) == tree
    numbers = audiences.numbers(trees, day)
    assert numbers == {key: len(found) for key, found in expected.items()}
    assert len(set(numbers.values())) > 5, "the people are too much alike to tell anything"


def test_a_year_has_a_day_less_where_somebody_was_born_on_the_29th_of_february(
    merchant: Merchant, till: Till
) -> None:
    till.joins("ana")
    till.send()
    Customer.objects.update(birthday="02-29", birth_year=2008)
    adult = Tree(Join.ALL, (Block(Join.ALL, (ask.IsAged(least=True, years=18),)),))
    for today, number in ((date(2026, 2, 28), 0), (date(2026, 3, 1), 1)):
        assert audiences.number(adult, Day(merchant, today)) == number
