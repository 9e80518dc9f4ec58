# SPDX-License-Identifier: Apache-2.0
"""Sales of another till: the same rules, the same ledger, and only what is free."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.ledger import audit, selling
from hub.ledger.acts import NewCustomer, create_gift_card, register_customers
from hub.ledger.bonus import adjust_points
from hub.ledger.merging import merge
from hub.ledger.models import JournalEntry
from hub.merchants import feed
from hub.merchants.models import Merchant
from hub.merchants.tokens import May
from hub.programmes.models import Reward
from hub.programmes.publish import keep_category, keep_product, publish
from loyalty.account import gift_of, points_of
from loyalty.feed import SaleSeen
from loyalty.wire import decode_item
from tests.hub.api.conftest import Program


@pytest.fixture
def elodie(shop):
    (customer,) = register_customers(shop, [NewCustomer(first_name="Élodie")])
    return customer


@pytest.fixture
def croissant(merchant):
    reward = Reward.objects.create(
        merchant=merchant, kind="gift", title="Croissant", cost=60, gift_title="Croissant offert"
    )
    publish(merchant.pk)
    return reward


def sale(cents: int = 2500, **more: object) -> dict[str, object]:
    lines = [{"label": "Pain", "unit_cents": cents}]
    return {"shop": "saint-denis", "receipt": "W-1", "lines": lines} | more


def points(program: Program, customer) -> int:
    return program.get(f"/customers/{customer.uuid}/balance").body["points"]


def test_a_sale_earns_what_any_till_would_give(program, elodie):
    told = program.post("/sales", sale(2550, customer=elodie.uuid))
    assert told.status == 201
    assert (told.body["points"], told.body["to_pay_cents"]) == (25, 2550)
    assert points(program, elodie) == 25
    program.post("/sales", sale(50, customer=elodie.uuid))
    assert points(program, elodie) == 26, "what was carried makes a whole step"


def test_a_sale_without_a_customer_earns_nothing(program):
    told = program.post("/sales", sale(2550))
    assert (told.status, told.body["points"]) == (201, 0)


def test_the_tills_of_the_shop_hear_of_it(program, elodie, merchant, terminal):
    before = feed.position(merchant.pk)
    program.post("/sales", sale(customer=elodie.uuid))
    items = [decode_item(line) for line in feed.stretch(terminal, before).lines]
    assert [item.points for item in items if isinstance(item, SaleSeen)] == [25]


def test_a_sale_is_listed_with_the_program_that_made_it(program, merchant):
    told = program.post("/sales", sale(receipt="W-77"))
    row = JournalEntry.objects.get(event_id=told.body["id"])
    token = merchant.tokens.get()
    assert (row.receipt, row.shop_id, row.staff) == ("W-77", "saint-denis", token.pk)


def test_a_reward_is_used_as_at_a_till(program, elodie, croissant):
    adjust_points(elodie, 100, note="Bienvenue", shop=None, person_id=None)
    told = program.post("/sales", sale(customer=elodie.uuid, uses=[{"reward": croissant.pk}]))
    assert told.status == 201
    assert told.body["applied"] == [
        {"reward": croissant.pk, "title": "Croissant offert", "points": 60, "cents_off": 0}
    ]
    assert points(program, elodie) == 100 - 60 + 25


def test_a_reward_that_is_too_dear_is_refused_with_its_figures(program, elodie, croissant):
    adjust_points(elodie, 50, note="Bienvenue", shop=None, person_id=None)
    asked = sale(customer=elodie.uuid, uses=[{"reward": croissant.pk}])
    told = program.post("/sales", asked)
    assert (told.status, told.reason) == (409, "not_enough")
    assert told.body["facts"] == {"kind": "points", "needed": 60, "have": 50}
    assert told.headers["Content-Type"] == "application/problem+json"
    assert points(program, elodie) == 50
    assert not JournalEntry.objects.filter(kind="sold").exists()


def test_what_a_till_holds_is_not_ours_to_spend(program, elodie, croissant, till):
    """RIGHTS: the hub spends what is free, never what a terminal was given."""
    adjust_points(elodie, 100, note="Bienvenue", shop=None, person_id=None)
    till.send()
    till.ask(points_of(elodie.uuid), 50)
    balance = program.get(f"/customers/{elodie.uuid}/balance").body
    assert (balance["points"], balance["points_free"]) == (100, 50)
    told = program.post("/sales", sale(customer=elodie.uuid, uses=[{"reward": croissant.pk}]))
    assert (told.status, told.reason) == (409, "not_here_now")
    assert told.body["facts"] == {"kind": "points", "lacking": 10}


def test_without_looking_at_what_is_held_it_would_be_spent_twice(
    program, elodie, croissant, till, monkeypatch
):
    """Mutant: the hub takes the balance for what it may spend."""
    adjust_points(elodie, 60, note="Bienvenue", shop=None, person_id=None)
    till.send()
    till.ask(points_of(elodie.uuid), 60)

    def all_of_it(merchant_id, owners, *, suspended):
        told = funds(merchant_id, owners, suspended=suspended)
        return selling.Funds(shown=told.shown, free=told.shown)

    funds = selling.funds
    monkeypatch.setattr(selling, "funds", all_of_it)
    told = program.post("/sales", sale(10, customer=elodie.uuid, uses=[{"reward": croissant.pk}]))
    assert told.status == 201
    assert audit.faults(elodie.merchant_id)


def test_nothing_is_free_while_a_restored_hub_does_not_know_all(
    program, elodie, croissant, merchant
):
    """RIGHTS 11."""
    adjust_points(elodie, 100, note="Bienvenue", shop=None, person_id=None)
    Merchant.objects.update(suspended_at=timezone.now())
    asked = sale(customer=elodie.uuid, uses=[{"reward": croissant.pk}])
    assert program.post("/sales", asked).reason == "not_here_now"
    assert program.post("/sales", sale(customer=elodie.uuid)).status == 201, "it earns all the same"


def test_who_was_merged_pays_with_all_they_have(program, shop, croissant, owner):
    one, other = register_customers(
        shop, [NewCustomer(first_name="Élodie"), NewCustomer(first_name="Elo")]
    )
    for who in (one, other):
        adjust_points(who, 40, note="Bienvenue", shop=None, person_id=None)
    merge(one, other, reason="La même", person_id=owner.pk)
    told = program.post("/sales", sale(customer=other.uuid, uses=[{"reward": croissant.pk}]))
    assert told.status == 201
    assert points(program, other) == points(program, one) == 80 - 60 + 25
    assert audit.faults(one.merchant_id) == []


@pytest.mark.row("C15")
def test_who_has_not_joined_earns_nothing_and_hears_what_it_would_be(program):
    who = {"shop": "saint-denis", "first_name": "Théo", "member": False}
    theo = program.post("/customers", who).body
    assert theo["member"] is False
    told = program.post("/sales", sale(customer=theo["id"]))
    assert (told.status, told.body["points"]) == (201, 0)


def test_a_reward_that_is_counted_for_each_customer_ends(program, elodie, croissant):
    croissant.options = croissant.options | {"per_customer": 1}
    croissant.save()
    publish(elodie.merchant_id)
    adjust_points(elodie, 200, note="Bienvenue", shop=None, person_id=None)
    asked = sale(customer=elodie.uuid, uses=[{"reward": croissant.pk}])
    assert program.post("/sales", asked).status == 201
    told = program.post("/sales", asked)
    assert (told.status, told.reason) == (409, "reward_closed")
    assert told.body["facts"]["need"] == "limit"


def test_a_gift_card_pays_a_part(program, shop, elodie):
    given = {"buyer": "Ana", "recipient": "Bob", "email": "bob@example.re"}
    card = create_gift_card(shop, cents=4000, **given)
    gifts = [{"code": card.code, "cents": 2500}]
    told = program.post("/sales", sale(3000, customer=elodie.uuid, gifts=gifts))
    assert (told.body["due_cents"], told.body["to_pay_cents"]) == (3000, 500)
    assert told.body["points"] == 30, "what is paid with a card earns too"
    left = program.post("/gift-cards/balance", {"code": card.code}, key=None)
    assert left.body == {"last4": card.code[-4:], "left_cents": 1500, "free_cents": 1500}


def test_what_a_line_is_of_is_told_by_its_ean(program, merchant, elodie):
    category = keep_category(merchant.pk, name="Pains")
    product = keep_product(
        merchant.pk, category=category, name="Baguette", cents=120, ean="3017620422003"
    )
    lines = [{"label": "BAGUETTE", "unit_cents": 120, "ean": "3017620422003"}]
    told = program.post("/sales", {"shop": "saint-denis", "receipt": "W-2", "lines": lines})
    row = JournalEntry.objects.get(event_id=told.body["id"])
    assert product.pk.encode() in bytes(row.raw)
    assert category.pk.encode() in bytes(row.raw)


def test_a_till_that_was_cut_off_says_when(program, elodie):
    noon = timezone.now() - timedelta(days=2)
    told = program.post("/sales", sale(sold_at=noon.isoformat(timespec="seconds")))
    assert JournalEntry.objects.get(event_id=told.body["id"]).at == noon.replace(microsecond=0)
    for wrong in (timedelta(days=-31), timedelta(hours=1)):
        moment = (timezone.now() + wrong).isoformat()
        assert program.post("/sales", sale(sold_at=moment)).reason == "too_long_ago"


def test_using_and_paying_are_rights_of_their_own(program_of, merchant, shop, elodie):
    modest = program_of(merchant, [May.SALES_WRITE])
    assert modest.post("/sales", sale()).status == 201
    for more in ({"uses": [{"reward": "any"}]}, {"gifts": [{"code": "1" * 12, "cents": 1}]}):
        told = modest.post("/sales", sale(customer=elodie.uuid, **more))
        assert (told.status, told.reason) == (403, "forbidden")


def test_the_books_add_up_whatever_was_sold(program, shop, elodie, croissant):
    adjust_points(elodie, 100, note="Bienvenue", shop=None, person_id=None)
    given = {"buyer": "Ana", "recipient": "Bob", "email": "bob@example.re"}
    card = create_gift_card(shop, cents=4000, **given)
    gifts = [{"code": card.code, "cents": 999}]
    use = [{"reward": croissant.pk}]
    program.post("/sales", sale(1299, customer=elodie.uuid, uses=use, gifts=gifts))
    program.post("/sales", sale(4850, customer=elodie.uuid))
    assert audit.faults(shop.merchant_id) == []
    assert audit.day_faults(shop.merchant) == []
    left = selling.funds(shop.merchant_id, [card.fingerprint], suspended=False)
    assert left.shown == {gift_of(card.fingerprint): 3001}
