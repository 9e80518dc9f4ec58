# SPDX-License-Identifier: Apache-2.0
"""Refunds by another program: the exact inverse, once, and never what a terminal keeps."""

import pytest

from hub.ledger import audit
from hub.ledger.acts import NewCustomer, create_gift_card, register_customers
from hub.ledger.bonus import adjust_points
from hub.ledger.models import Account
from hub.merchants.tokens import May
from tests.hub.api.conftest import Program
from tests.hub.api.test_sales import croissant, points, sale
from tests.hub.till import Till

__all__ = ["croissant"]


@pytest.fixture
def elodie(shop):
    (customer,) = register_customers(shop, [NewCustomer(first_name="Élodie")])
    return customer


def back(program: Program, sold: str, *, key: str = "", **more: object):
    return program.post(
        f"/sales/{sold}/refunds", {"receipt": "R-1", "reason": "Abîmé"} | more, key=key
    )


def sells(program: Program, cents: int, **more: object) -> str:
    told = program.post("/sales", sale(cents, **more))
    assert told.status == 201, told.body
    return told.body["id"]


def test_a_sale_comes_back_in_parts_that_sum_to_the_whole(program, elodie, merchant):
    sold = sells(program, 1000, customer=elodie.uuid)
    first, second = back(program, sold, cents=333), back(program, sold, cents=333)
    assert (first.status, first.body["points"], first.body["left_cents"]) == (201, 4, 667)
    last = back(program, sold)
    assert [one.body["points"] for one in (first, second, last)] == [4, 3, 3]
    assert last.body["cents"] == 334
    assert points(program, elodie) == 0
    again = back(program, sold)
    assert (again.status, again.reason) == (409, "already_refunded")
    assert audit.faults(merchant.pk) == []


def test_a_refund_that_is_sent_again_is_done_once(program, elodie):
    sold = sells(program, 1000, customer=elodie.uuid)
    first = back(program, sold, key="r-1", cents=500)
    assert back(program, sold, key="r-1", cents=500).body == first.body
    assert points(program, elodie) == 5


def test_rewards_and_gift_cards_are_given_back(program, elodie, croissant, shop, merchant):
    adjust_points(elodie, 100, note="Merci", shop=None, person_id=None)
    card = create_gift_card(shop, cents=3000, buyer="Jo", recipient="Jo", email="jo@ici.re")
    sold = sells(
        program,
        2500,
        customer=elodie.uuid,
        uses=[{"reward": croissant.pk}],
        gifts=[{"code": card.code, "cents": 1000}],
    )
    told = back(program, sold)
    assert (told.body["to_hand_back_cents"], told.body["points_back"]) == (1500, 60)
    assert points(program, elodie) == 100
    assert Account.objects.get(kind="gift", owner=card.fingerprint).balance == 3000
    assert audit.faults(merchant.pk) == []


def test_more_than_is_left_is_refused(program, elodie):
    sold = sells(program, 1000, customer=elodie.uuid)
    told = back(program, sold, cents=1001)
    assert (told.status, told.reason) == (409, "more_than_total")
    assert told.body["facts"] == {"asked": 1001, "most": 1000}
    assert points(program, elodie) == 10


def test_what_is_spent_meanwhile_is_owed(program, elodie, merchant):
    sold = sells(program, 1000, customer=elodie.uuid)
    adjust_points(elodie, -10, note="Café", shop=None, person_id=None)
    assert back(program, sold).status == 201
    assert Account.objects.get(kind="owed", owner=elodie.uuid).balance == 10
    assert audit.faults(merchant.pk) == []


def test_what_a_terminal_keeps_is_not_paid_back_from_here(program, till: Till):
    till.joins("ana")
    till.sells(1000, "ana", entry_id="sale-of-a-till")
    till.send()
    told = back(program, "sale-of-a-till")
    assert (told.status, told.reason) == (409, "sale_elsewhere")


def test_what_is_no_sale_here_is_not_found(program):
    assert back(program, "nothing").status == 404


def test_it_takes_a_right_of_its_own(program_of, merchant):
    only_sells = program_of(merchant, [May.SALES_WRITE])
    told = back(only_sells, "x")
    assert (told.status, told.reason) == (403, "forbidden")
