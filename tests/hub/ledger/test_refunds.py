# SPDX-License-Identifier: Apache-2.0
"""A refund undoes what its sale did, out of the sale's rest, and nobody else's."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.ledger import audit
from hub.ledger.models import Account, Incident
from loyalty.account import LOSS, Holding, Kind, gift_of, owed_of, points_of, rest_of
from loyalty.entry import Sold
from loyalty.refund import refunded
from loyalty.wire import decode_entry
from tests.hub.till import Till, sale

ANA = points_of("ana")


def balance(account, merchant="maison-lucet") -> int:
    rows = Account.objects.filter(
        merchant=merchant, kind=account.kind, owner=account.owner, key=account.key
    )
    return rows.values_list("balance", flat=True).first() or 0


def sold(till: Till, cents: int) -> tuple[str, Sold]:
    entry = decode_entry(till.sells(cents, "ana"))
    return entry.id, entry.facts


def refunds(till: Till, of: tuple[str, Sold], cents: int, *, left: int) -> None:
    """As a till decides it: out of its own right first."""
    part = refunded(of[1], sale=of[0], left=left, cents=cents, receipt="R")
    own = min(part.points, till.rights[ANA])
    till.write(replace(part, own=(Holding(ANA, own),) if own else ()))


def test_parts_of_a_refund_sum_to_the_whole(till):
    of = sold(till, 1_050)
    refunds(till, of, 333, left=1_050)
    refunds(till, of, 717, left=717)
    till.send()
    assert (balance(ANA), balance(rest_of(of[0]))) == (0, 0)
    assert audit.faults("maison-lucet") == []


def test_what_is_not_there_any_more_is_owed_and_paid_by_what_is_free_later(till):
    of = sold(till, 1_000)
    till.sells(100, "ana", uses=10)
    refunds(till, of, 1_000, left=1_000)
    till.send()
    owed = balance(owed_of(ANA))
    assert (owed, balance(ANA)) == (9, 0), "one point was left, of the second sale"
    till.sells(2_000, "ana")
    till.releases(Holding(ANA, till.rights[ANA]))
    till.send()
    assert (balance(owed_of(ANA)), balance(ANA)) == (0, 11)
    assert audit.faults("maison-lucet") == []


def test_beyond_its_rest_a_refund_moves_nothing_of_the_customers(till):
    of = sold(till, 1_000)
    refunds(till, of, 1_000, left=1_000)
    refunds(till, of, 1_000, left=1_000)
    till.send()
    assert balance(ANA) == 0
    assert Account.objects.get(owner=LOSS, kind=Kind.REST).balance == -1_000
    assert Incident.objects.filter(kind="loss").exists()
    assert audit.faults("maison-lucet") == []


def test_a_sale_that_nobody_has_heard_of_gives_nothing_back(till):
    till.sells(1_000, "ana")
    unheard = sale(1_000, "ana")
    till.write(refunded(unheard, sale="unheard", left=1_000, cents=1_000, receipt="R"))
    assert till.send().upto == 3
    assert balance(ANA) == 10
    assert audit.faults("maison-lucet") == []


def test_a_sale_of_another_merchant_gives_nothing_back(till, stranger):
    of = sold(stranger, 1_000)
    stranger.send()
    refunds(till, of, 1_000, left=1_000)
    till.send()
    assert balance(rest_of(of[0]), "payet") == 0, "nobody has touched it"
    assert balance(ANA, "payet") == 10
    assert audit.faults("maison-lucet") == audit.faults("payet") == []


def test_what_was_left_of_a_sale_goes_onto_whichever_card_it_was_paid_with(till):
    """Its till knew nothing of the part before: it would have given back to the first card only."""
    first, second = gift_of("f1"), gift_of("f2")
    for card in (first, second):
        till.sells_gift(card.owner, 3_000)
    paid = sale(6_000, gifts=(("f1", 3_000), ("f2", 3_000)))
    till.write(paid, entry_id="paid")
    for cents in (4_500, 3_000):
        till.write(refunded(paid, sale="paid", left=6_000, cents=cents, receipt="R"))
        till.send()
    assert (balance(first), balance(second)) == (3_000, 3_000)
    assert audit.faults("maison-lucet") == []


def test_what_comes_back_onto_another_card_than_the_till_wrote_is_free(till, other):
    """The till can't give back a right of which it does not know (RIGHTS 18)."""
    first, second = gift_of("f1"), gift_of("f2")
    for card in (first, second):
        till.sells_gift(card.owner, 3_000)
    paid = sale(6_000, gifts=(("f1", 3_000), ("f2", 3_000)))
    till.write(paid, entry_id="paid")
    for cents in (4_500, 3_000):
        till.write(refunded(paid, sale="paid", left=6_000, cents=cents, receipt="R"))
    till.send()
    assert other.ask(second, 3_000) == 1_500, "as much as the second refund gave back onto it"
    assert audit.faults("maison-lucet") == []


def test_what_a_header_had_no_room_for_can_be_paid_back_again(till, other):
    """A till that pays back many sales in part lets go of the oldest of them when it boots."""
    of = sold(till, 1_000)
    refunds(till, of, 400, left=1_000)
    till.send()
    till.reboot(holds=(Holding(ANA, till.rights[ANA]),), rests=())
    till.send()
    assert other.ask(rest_of(of[0]), 1_000) == 600
    assert audit.faults("maison-lucet") == []


def test_what_nobody_touched_is_held_whole_though_no_header_says_it(till, other):
    of = sold(till, 1_000)
    till.send()
    assert other.ask(rest_of(of[0]), 1_000) == 0
    till.reboot(holds=(Holding(ANA, till.rights[ANA]),), rests=())
    till.send()
    assert other.ask(rest_of(of[0]), 1_000) == 0


@pytest.mark.parametrize("asked", ["before", "after"])
def test_what_its_till_had_to_let_go_of_is_free_again(till, other, asked):
    """A restored hub does not know any more why; the header says since when its sales count."""
    of = sold(till, 500)
    till.send()
    till.reboot()
    mine = sold(till, 300)
    till.send()
    if asked == "before":
        assert other.ask(rest_of(of[0]), 500) == 0
    till.reboot(rests=(), sold_since=till.segment)
    till.send()
    assert other.ask(rest_of(of[0]), 500) == 500
    assert other.ask(rest_of(mine[0]), 300) == 0, "that was sold since"


def test_an_old_sale_is_found_in_as_few_looks_as_a_young_one(till, other):
    sales = [sold(till, 1_000) for _ in range(3)]
    till.send()
    looks = []
    for of, boots in zip(sales, (1, 1, 12), strict=True):
        for _ in range(boots):
            till.reboot(holds=(Holding(ANA, till.rights[ANA]),), rests=())
            till.send()
        with CaptureQueriesContext(connection) as asked:
            assert other.ask(rest_of(of[0]), 1_000) == 0
        looks.append(len(asked))
    assert looks[1] == looks[2], "the first one opens an account for the merchant, too"
