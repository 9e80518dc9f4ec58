# SPDX-License-Identifier: Apache-2.0
"""Who comes when and buys what: the rhythm of a neighbourhood shop, drawn by lot from a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from provisioning.demo.people import Person
from provisioning.demo.sample import Business, Goods

FIRST_HOUR: Final = 7

RHYTHM: Final = (
    (9, 16, 11, 7, 8, 14, 9, 3, 3, 7, 11, 8, 2),
    (18, 34, 22, 14, 16, 30, 21, 6, 8, 17, 26, 20, 4),
    (17, 31, 24, 19, 22, 33, 20, 10, 14, 24, 28, 19, 5),
    (19, 35, 23, 15, 17, 31, 22, 7, 8, 18, 27, 22, 4),
    (20, 37, 25, 18, 21, 36, 26, 9, 12, 23, 34, 29, 8),
    (24, 48, 57, 55, 50, 58, 41, 29, 26, 36, 42, 37, 11),
    (15, 39, 61, 66, 58, 44, 12, 0, 0, 0, 0, 0, 0),
)
"""Visits by weekday (Monday first) and hour of the day from 7, in proportion."""

WITH_CARD: Final = 0.72
TREATS: Final = 0.2
"""Of the customers who could use a reward, how many do so."""

AT_HOME: Final = 0.85
"""Of the customers, how many come to the shop that is theirs."""

BUYS_GIFT: Final = 0.012
PAYS_BY_GIFT: Final = 0.03

MORNING_ENDS, NOON_ENDS = 11, 14
"""Hours of the day."""

SMALL_CENTS: Final = 400
"""What costs more is bought once."""

MOST_ZEAL: Final = 11
"""A customer with more buys for a trade."""

COUNTS: Final = (1, 1, 1, 2, 3)
TRADE_COUNTS: Final = (6, 10, 15, 24)
"""How many of a small thing, for oneself and for a trade."""

GIFT_CENTS: Final = (2000, 2500, 3000, 4000, 5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody buys something."""

    at: datetime
    place: int
    person: int | None
    """Place in the list of people; None: without card."""
    bought: tuple[tuple[Goods, int], ...]
    treat: bool
    """They use a reward if they can."""
    by_gift: bool
    """They pay with a gift card if there is one about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftBought:
    """Somebody buys a gift card."""

    at: datetime
    place: int
    cents: int
    person: int


Event = Visit | GiftBought


def events(
    business: Business, people: Sequence[Person], random: Random, *, days: int, until: datetime
) -> Iterator[Event]:
    """Everything that happened in the days before `until` and on its own day, in order.

    No day before it: nothing happened at all.
    """
    if days == 0:
        return
    zone = ZoneInfo(business.zone)
    until = until.astimezone(zone)
    weekly = sum(map(sum, RHYTHM))
    for back in range(days, -1, -1):
        day = until.date() - timedelta(days=back)
        moments = list(_moments(day, business.visits_a_week / weekly, random))
        for minute in sorted(moments):
            at = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
            if at >= until:
                return
            yield from _at(business, people, random, at=at, share=1 - back / days)


def _moments(day: date, scale: float, random: Random) -> Iterator[float]:
    """Minutes of the day at which somebody comes in."""
    for hour, weight in enumerate(RHYTHM[day.weekday()], FIRST_HOUR):
        expected = weight * scale * random.uniform(0.8, 1.2)
        count = int(expected) + (random.random() < expected % 1)
        for _ in range(count):
            yield hour * 60 + random.uniform(0, 60)


def _at(
    business: Business,
    people: Sequence[Person],
    random: Random,
    *,
    at: datetime,
    share: float,
) -> Iterator[Event]:
    person = None
    if random.random() < WITH_CARD:
        (chosen,) = random.choices(range(len(people)), [p.zeal for p in people])
        person = chosen if people[chosen].arrives <= share else None
    if person is not None and random.random() < AT_HOME:
        place = people[person].home
    else:
        (place,) = random.choices(
            range(len(business.places)), [place.share for place in business.places]
        )
    if person is not None and random.random() < BUYS_GIFT:
        yield GiftBought(at=at, place=place, cents=random.choice(GIFT_CENTS), person=person)
        return
    yield Visit(
        at=at,
        place=place,
        person=person,
        bought=_basket(business, random, at=at, large=person is not None and _pro(people[person])),
        treat=random.random() < TREATS and not (person is not None and people[person].saver),
        by_gift=random.random() < PAYS_BY_GIFT,
    )


def _pro(person: Person) -> bool:
    return person.zeal > MOST_ZEAL


def _basket(
    business: Business, random: Random, *, at: datetime, large: bool
) -> tuple[tuple[Goods, int], ...]:
    part = 0 if at.hour < MORNING_ENDS else 1 if at.hour < NOON_ENDS else 2
    appeal = [goods.appeal[part] for goods in business.goods]
    (kinds,) = random.choices((1, 2, 3, 4, 5), (30, 34, 20, 10, 6))
    chosen = dict.fromkeys(random.choices(business.goods, appeal, k=kinds))
    counts = TRADE_COUNTS if large else COUNTS
    return tuple(
        (goods, random.choice(counts) if goods.cents < SMALL_CENTS else 1) for goods in chosen
    )
