# SPDX-License-Identifier: Apache-2.0
"""Customers and gift cards, as terminals and the web tell of them."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from firmware.till.sealed import seal
from hub.ledger import audit, dating
from hub.ledger.acts import NewCustomer, register_customers
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Card, Customer, Incident, JournalEntry
from hub.ledger.own import post_own
from hub.ledger.people import plain
from hub.merchants import feed
from hub.merchants.models import Merchant
from loyalty import card
from loyalty.account import Movement, points_of
from loyalty.details import GiftDetails, PersonDetails
from loyalty.entry import Adjusted, Cause, ClockQuality, Visited
from loyalty.feed import CustomerIs
from tests.hub.ledger.test_post import told
from tests.hub.till import NOON, Till


def sealed_for(merchant, details) -> str:
    return seal(merchant.hub_key, asdict(details))


def test_who_joins_at_a_till_is_known_in_full_to_the_hub_alone(till, merchant):
    details = PersonDetails(last_name="Marchand", phone="+262 692 12 34 56", email="Elo@Mail.re")
    till.joins(
        "ana",
        code="2000000000015",
        first_name="Élodie",
        sealed=sealed_for(merchant, details),
        hashes=("aa", "bb"),
    )
    till.send()
    known = Customer.objects.get(uuid="ana")
    assert (str(known), known.phone, known.email) == (
        "Élodie Marchand",
        "+262 692 12 34 56",
        "Elo@Mail.re",
    )
    assert (known.joined_at, known.joined_shop_id) == (NOON, "saint-denis")
    assert known.search == "elodie marchand elo@mail.re 0692123456"
    (item,) = [item for item in told() if isinstance(item, CustomerIs)]
    assert item == CustomerIs(
        id="ana", first_name="Élodie", initial="M", codes=("2000000000015",), hashes=("aa", "bb")
    )


def test_details_nobody_can_open_lose_no_customer(till):
    till.joins("ana", sealed="not sealed to anybody")
    assert till.send().upto == 2
    assert Customer.objects.get().first_name == "Ana"
    assert Incident.objects.get(kind="sealed").subject == "ana"


def test_a_code_belongs_to_who_was_posted_first(till, other, merchant):
    till.joins("ana", code="CARD-1")
    other.joins("bob", code="CARD-1")
    till.send()
    other.send()
    owners = dict(Card.objects.values_list("code", "customer__uuid"))
    assert owners.pop("CARD-1") == "ana"
    ((code, owner),) = owners.items()
    assert owner == "bob"
    assert card.read(code).in_store
    noted = Incident.objects.get(kind="card_taken")
    assert (noted.subject, noted.facts["instead"], noted.facts["code"]) == ("bob", code, "…RD-1")


def test_the_number_given_instead_is_one_that_nobody_has(till, other, shop, merchant):
    merchant.refresh_from_db()
    ours = [card.issue("2000", merchant.next_serial + n) for n in range(3)]
    taken = [NewCustomer(first_name="Léa", code=code) for code in ours[:2]]
    register_customers(shop, taken)
    till.joins("ana", code="CARD-1")
    other.joins("bob", code="CARD-1")
    till.send()
    assert other.send().upto == 2
    assert Card.objects.get(customer__uuid="bob").code == ours[2]


def test_a_customer_may_come_to_a_second_code(till):
    till.joins("ana", code="CARD-1")
    till.joins("ana", code="CARD-2", first_name="Somebody else")
    till.send()
    assert Customer.objects.get().first_name == "Ana"
    assert told()[-2].codes == ("CARD-1", "CARD-2")


def test_text_that_no_column_takes_is_cut_and_not_lost(till, merchant):
    details = PersonDetails(last_name="x" * 500, phone="y" * 500, email="z\0" * 500)
    till.joins("ana", first_name="A\0na" * 50, sealed=sealed_for(merchant, details))
    assert till.send().upto == 2
    assert len(Customer.objects.get().last_name) == 80


def test_who_was_here_last_and_where_is_known(till):
    till.joins("ana")
    till.scans("ana")
    till.send()
    known = Customer.objects.get()
    assert (known.seen_at, known.seen_shop_id) == (NOON, "saint-denis")


def test_a_gift_card_is_known_with_its_people(till, merchant):
    details = GiftDetails(
        code="ABCDEFGH2345K", buyer="Bruno", recipient="Ève", email="e@b.re", message="Fête !"
    )
    till.sells_gift("f1", 4000, sealed=sealed_for(merchant, details), send_on="2026-12-24")
    till.send()
    gift = GiftCard.objects.get()
    assert (gift.code, gift.last4, gift.cents) == ("ABCDEFGH2345K", "345K", 4000)
    assert (gift.buyer, gift.recipient, str(gift.send_on)) == ("Bruno", "Ève", "2026-12-24")


@pytest.mark.parametrize("send_on", ["", "yesterday", "2026-99-99"])
def test_a_card_without_a_day_is_due_at_once_where_it_was_sold(till, send_on):
    till.sells_gift("f1", 4000, send_on=send_on)
    till.send()
    assert str(GiftCard.objects.get().send_on) == "2026-11-21"


def test_names_are_compared_without_accents_or_capitals():
    assert plain("Łukasz ÉLODIE straße") == "łukasz elodie strasse"


# ── time ────────────────────────────────────────────────────────────────────────────────────────


VISIT = Visited(customer="ana", code="")


@pytest.fixture
def clockless(terminal) -> Till:
    """A terminal whose clock nobody has set."""
    return Till(terminal).opened(quality=ClockQuality.GUESS)


def test_fault_27_entries_of_an_untrusted_clock_are_dated_by_the_boots_other_entries(clockless):
    wild = NOON - timedelta(days=9000)
    clockless.write(VISIT, at=wild, mono_ms=1_000, quality=ClockQuality.GUESS)
    clockless.send()
    clockless.write(VISIT, at=wild, mono_ms=8_000, quality=ClockQuality.GUESS)
    clockless.write(VISIT, at=NOON, mono_ms=10_000)
    clockless.send()
    clockless.write(VISIT, at=wild, mono_ms=13_000, quality=ClockQuality.GUESS)
    clockless.send()
    found = JournalEntry.objects.filter(kind="visited").order_by("n")
    assert list(found.values_list("dated", flat=True)) == [False, True, True, True]
    moments = [(at - NOON).total_seconds() for at in found.values_list("at", flat=True)]
    assert moments[1:] == [-2, 0, 3]


@pytest.mark.parametrize("years", [-57, 20, 200])
def test_a_wild_clock_dates_nothing_into_another_age(clockless, years):
    at = NOON.replace(year=NOON.year + years)
    clockless.write(VISIT, at=at, quality=ClockQuality.GUESS)
    clockless.send()
    found = JournalEntry.objects.get(kind="visited")
    assert (found.at, found.dated) == (found.posted_at, False)


def test_a_likely_guess_is_taken_for_what_it_is(clockless):
    clockless.write(VISIT, at=NOON, quality=ClockQuality.GUESS)
    clockless.send()
    found = JournalEntry.objects.get(kind="visited")
    assert (found.at, found.dated) == (NOON, False)


def test_believing_a_wrong_clock_would_be_seen(clockless, monkeypatch):
    """Mutant: whatever a clock shows is when it happened."""
    show = dating.Calendar.date
    believed = ClockQuality.SYNCED
    monkeypatch.setattr(
        dating.Calendar, "date", lambda self, stamp: show(self, replace(stamp, quality=believed))
    )
    with pytest.raises(AssertionError):
        test_a_wild_clock_dates_nothing_into_another_age(clockless, 20)


# ── what stands with a customer ─────────────────────────────────────────────────────────────────


def stands(uuid: str) -> tuple[int, int]:
    return Customer.objects.values_list("own_points", "own_visits").get(uuid=uuid)


def test_points_less_owed_ones_and_visits_stand_with_the_customer(till: Till) -> None:
    till.joins("ana")
    till.sells(1250, "ana")
    till.scans("ana")
    till.send()
    (points, visits) = stands("ana")
    assert (points, visits) == (12, 1)
    till.sells(500, "ana", uses=3)
    till.send()
    assert stands("ana") == (12 - 3 + 5, 1)
    assert audit.faults(till.terminal.merchant_id) == []


def test_points_of_before_somebody_joined_stand_with_them_once_they_have(
    till: Till, merchant: Merchant
) -> None:
    given = Adjusted(cause=Cause.BY_HAND, moves=(Movement(points_of("ana"), 7),), customer="ana")
    with feed.writing(merchant.pk) as out:
        post_own(out, [(None, given)], shop=None)
    assert not Customer.objects.exists()
    till.joins("ana")
    till.send()
    assert stands("ana") == (7, 0)


def test_the_audit_sees_points_that_stand_with_nobodys_account(till: Till) -> None:
    till.joins("ana")
    till.sells(1250, "ana")
    till.send()
    Customer.objects.update(own_points=13)
    (fault,) = audit.faults(till.terminal.merchant_id)
    assert fault.endswith("13 points, 0 visites ; aux comptes 12, 0")
