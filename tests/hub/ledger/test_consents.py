# SPDX-License-Identifier: Apache-2.0
"""What a person answered last is what counts, whichever of their customers it was noted with."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.ledger import consenting, merging
from hub.ledger.acts import NewCustomer, register_customers
from hub.ledger.consents import Channel, Consent, Surface
from hub.ledger.merges import Merge
from hub.ledger.models import Customer
from hub.merchants.models import Shop
from hub.programmes.publish import publish, published

EMAIL, SMS = Channel.EMAIL, Channel.SMS


@pytest.fixture
def pair(shop: Shop) -> tuple[Customer, Customer]:
    """Ana, and Ana again."""
    if published(shop.merchant_id) is None:
        publish(shop.merchant_id)
    one, other = register_customers(shop, [NewCustomer(first_name="Ana") for _n in range(2)])
    return one, other


def say(customer: Customer, channel: Channel, given: bool, *, days_ago: int = 0) -> list[Consent]:
    at = timezone.now() - timedelta(days=days_ago)
    proof = consenting.Proof(said="dit", surface=Surface.CONSOLE, person_id=None, at=at)
    return consenting.note(customer, {channel: given}, proof)


def merge(one: Customer, other: Customer) -> Merge:
    return merging.merge(one, other, reason="la même", person_id=None)


def part(done: Merge, shop: Shop) -> None:
    assert merging.undo(done.pk, shop.merchant_id, reason="deux", person_id=None)


def accept(*customers: Customer) -> list[tuple[bool, bool]]:
    """By e-mail and by SMS, as their columns say."""
    rows = Customer.objects.in_bulk([one.pk for one in customers])
    return [(rows[one.pk].accepts_email, rows[one.pk].accepts_sms) for one in customers]


def test_a_later_no_of_the_one_who_joins_wins_over_the_others_yes(pair):
    head, member = pair
    say(head, EMAIL, True, days_ago=9)
    say(member, EMAIL, False, days_ago=2)
    merge(head, member)
    assert accept(head, member) == [(False, False), (False, False)]
    standing = consenting.standing(Customer.objects.get(pk=head.pk))
    assert standing[EMAIL] == Consent.objects.get(given=False)


def test_a_later_yes_of_the_one_who_joins_wins_over_the_others_no(pair):
    head, member = pair
    say(head, SMS, False, days_ago=9)
    say(member, SMS, True, days_ago=2)
    merge(head, member)
    assert accept(head, member) == [(False, True), (False, True)]


def test_each_channel_has_its_own_last_answer(pair):
    head, member = pair
    say(head, EMAIL, True, days_ago=3)
    say(head, SMS, True, days_ago=9)
    say(member, EMAIL, False, days_ago=9)
    say(member, SMS, False, days_ago=3)
    merge(head, member)
    assert accept(head) == [(True, False)]


def test_an_answer_of_the_one_who_joins_is_that_of_a_head_who_was_never_asked(pair):
    head, member = pair
    say(member, EMAIL, True)
    merge(head, member)
    assert accept(head) == [(True, False)]


def test_who_part_again_have_what_each_answered(pair, shop):
    head, member = pair
    say(head, EMAIL, True, days_ago=9)
    say(member, EMAIL, False, days_ago=2)
    say(member, SMS, True, days_ago=2)
    done = merge(head, member)
    part(done, shop)
    assert accept(head, member) == [(True, False), (False, True)]


def test_a_no_that_was_said_while_they_were_one_holds_for_both(pair, shop):
    head, member = pair
    say(head, EMAIL, True, days_ago=9)
    say(member, EMAIL, True, days_ago=9)
    done = merge(head, member)
    say(Customer.objects.get(pk=head.pk), EMAIL, False)
    assert accept(head, member) == [(False, False), (False, False)]
    part(done, shop)
    assert accept(head, member) == [(False, False), (False, False)]
    kept = Consent.objects.get(customer=member, given=False)
    assert (kept.surface, kept.before) == (Surface.MERGE, True)


def test_a_yes_that_was_said_while_they_were_one_is_the_heads(pair, shop):
    head, member = pair
    done = merge(head, member)
    say(Customer.objects.get(pk=head.pk), EMAIL, True)
    part(done, shop)
    assert accept(head, member) == [(True, False), (False, False)]


def test_what_was_said_before_what_is_known_is_not_noted(pair):
    head, _other = pair
    say(head, EMAIL, False, days_ago=1)
    assert say(head, EMAIL, True, days_ago=5) == []
    assert accept(head) == [(False, False)]


def test_after_a_merge_the_same_answer_as_the_other_gave_is_nothing_new(pair):
    head, member = pair
    say(member, EMAIL, True, days_ago=2)
    merge(head, member)
    assert say(Customer.objects.get(pk=head.pk), EMAIL, True) == []
