# SPDX-License-Identifier: Apache-2.0
"""The sample businesses are plausible, and the same at each run."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from loyalty.card import CardCode, read
from loyalty.topics import TERMINAL_ID
from provisioning.demo.diary import Visit, events
from provisioning.demo.people import customers
from provisioning.demo.sample import BUSINESSES, LUCET, Business

SUNDAY_EVENING = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.mark.parametrize("business", BUSINESSES, ids=lambda b: b.id)
def test_every_card_and_article_has_a_code_of_its_own_with_a_right_check_digit(
    business: Business,
) -> None:
    codes = [person.code for person in customers(business, Random(1))]
    codes += [goods.ean for goods in business.goods]
    assert all(isinstance(read(code), CardCode) for code in codes)
    assert len(set(codes)) == len(codes)


def test_two_businesses_never_issue_the_same_card() -> None:
    first, second = ({p.code for p in customers(b, Random(1))} for b in BUSINESSES)
    assert not first & second


def test_the_customers_of_the_pictures_are_there() -> None:
    names = {person.name: person.code for person in customers(LUCET, Random(1))}
    assert names["Élodie Marchand"] == "2000417004415"
    assert names["Nguyễn Thị Minh Châu"] == "2000417004101"
    assert len(names) == 160


def test_e_mail_addresses_hold_plain_letters_only() -> None:
    for person in customers(LUCET, Random(1)):
        assert person.email.isascii()
        assert not person.email.startswith(".")


@pytest.mark.parametrize("business", BUSINESSES, ids=lambda b: b.id)
def test_every_article_belongs_to_a_category_of_the_business(business: Business) -> None:
    assert {goods.category for goods in business.goods} <= set(business.categories)


def test_terminals_have_lawful_names() -> None:
    names = [place.terminal for business in BUSINESSES for place in business.places]
    assert all(TERMINAL_ID.fullmatch(name) for name in names)
    assert len(set(names)) == len(names)


def test_the_same_seed_makes_the_same_days() -> None:
    def made() -> list[object]:
        people = customers(LUCET, Random(3))
        return list(events(LUCET, people, Random(3), days=7, until=SUNDAY_EVENING))

    assert made() == made()


def test_the_days_are_in_order_and_end_now() -> None:
    people = customers(LUCET, Random(3))
    happened = list(events(LUCET, people, Random(3), days=14, until=SUNDAY_EVENING))
    moments = [event.at for event in happened]
    assert moments == sorted(moments)
    assert moments[-1] < SUNDAY_EVENING


def test_saturdays_are_busier_than_mondays_and_nobody_comes_at_night() -> None:
    people = customers(LUCET, Random(3))
    happened = list(events(LUCET, people, Random(3), days=28, until=SUNDAY_EVENING))
    visits = [event for event in happened if isinstance(event, Visit)]
    by_day = Counter(visit.at.weekday() for visit in visits)
    assert by_day[5] > by_day[0]
    assert {visit.at.hour for visit in visits} <= set(range(7, 20))
