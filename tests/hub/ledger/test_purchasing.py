# SPDX-License-Identifier: Apache-2.0
"""Who bought what is kept as it was posted; what was paid back whole was not bought (K1)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.ledger import forgetting, purchasing, tails
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.purchases import Bought, PurchaseBook, Spent
from hub.ledger.waiting import post_waiting
from hub.merchants.models import Merchant
from loyalty.basket import Line
from loyalty.entry import Sold
from loyalty.refund import refunded
from tests.hub.ledger.test_waiting import before_the_update
from tests.hub.till import NOON, Till, fresh, sale

BREAD = Line(label="Baguette", unit_cents=120, quantity=2, category="bread", product="baguette")
CAKE = Line(label="Tarte", unit_cents=500, category="cakes", product="tart")
TODAY = date(2026, 11, 21)
BEFORE = NOON - timedelta(days=40)


def sells(till: Till, *lines: Line, at=NOON, customer: str = "ana") -> tuple[str, Sold]:
    """A sale of these lines; gives its entry's id and what it says."""
    sold = replace(sale(sum(line.cents for line in lines), customer), lines=lines)
    entry = fresh("sale")
    till.write(sold, entry_id=entry, at=at)
    return entry, sold


def pays_back(till: Till, of: tuple[str, Sold], cents: int, *lines: Line, left: int = 0) -> None:
    entry, sold = of
    part = refunded(
        sold, sale=entry, left=left or sold.total_cents, cents=cents, receipt=fresh("R")
    )
    till.write(replace(part, lines=lines))


def kept(name: str = "ana") -> dict[str, date]:
    till_now = Bought.objects.filter(customer__uuid=name)
    return dict(till_now.values_list("article", "last_on"))


def spent(name: str = "ana") -> dict[date, int]:
    return dict(Spent.objects.filter(customer__uuid=name).values_list("month", "cents"))


@pytest.fixture
def ana(till: Till) -> Till:
    till.joins("ana")
    return till


def read(till: Till) -> None:
    till.send()
    purchasing.keep_due()


def test_each_article_and_category_keeps_its_last_day_where_the_merchant_is(ana: Till) -> None:
    # 23:30 in UTC is the next day in La Réunion
    sells(ana, BREAD, CAKE, at=BEFORE.replace(hour=23, minute=30))
    sells(ana, BREAD)
    read(ana)
    before = date(2026, 10, 13)
    assert kept() == {
        **dict.fromkeys(("", "bread", "baguette"), TODAY),
        **dict.fromkeys(("cakes", "tart"), before),
    }
    assert spent() == {date(2026, 10, 1): 740, date(2026, 11, 1): 240}


def test_a_line_that_came_back_whole_was_not_bought_and_half_of_one_was(ana: Till) -> None:
    sold = sells(ana, BREAD, CAKE)
    pays_back(ana, sold, 620, replace(BREAD, quantity=1), CAKE)
    read(ana)
    assert set(kept()) == {"", "bread", "baguette"}
    assert spent() == {date(2026, 11, 1): 120}


def test_a_sale_that_was_paid_back_whole_was_not_bought_though_no_line_says_so(ana: Till) -> None:
    sells(ana, BREAD, at=BEFORE)
    sold = sells(ana, BREAD, CAKE)
    read(ana)
    assert kept()["tart"] == TODAY
    pays_back(ana, sold, 240)
    pays_back(ana, sold, 500, left=500)
    read(ana)
    assert kept() == dict.fromkeys(("", "bread", "baguette"), date(2026, 10, 12))
    assert sum(spent().values()) == 240


def test_what_was_read_in_pieces_is_what_is_read_at_once(ana: Till, monkeypatch) -> None:
    monkeypatch.setattr(purchasing, "AT_ONCE", 2)
    sold = [sells(ana, BREAD, CAKE, at=NOON - timedelta(days=n)) for n in (90, 60, 30, 0)]
    pays_back(ana, sold[1], 740)
    sells(ana, CAKE)
    read(ana)
    piece_by_piece = kept(), spent()
    for kind in (PurchaseBook, Bought, Spent):
        kind.objects.all().delete()
    monkeypatch.setattr(purchasing, "AT_ONCE", 500)
    purchasing.keep_due()
    assert (kept(), spent()) == piece_by_piece
    assert sum(spent().values()) == 740 * 3 + 500


def test_a_sale_that_waited_is_read_once_it_is_posted(ana: Till) -> None:
    sells(ana, CAKE)
    sells(ana, BREAD)
    ana.scans("ana")
    with before_the_update("sold"):
        read(ana)
    assert not kept()
    post_waiting()
    read(ana)
    assert set(kept()) == {"", "bread", "baguette", "cakes", "tart"}
    assert sum(spent().values()) == 740


def test_what_nobody_bought_is_nobodys_and_what_the_forgotten_did_is_dropped(
    ana: Till, merchant: Merchant
) -> None:
    sells(ana, BREAD)
    ana.sells(300)
    read(ana)
    assert set(Bought.objects.values_list("customer__uuid", flat=True)) == {"ana"}
    one = Customer.objects.get(merchant=merchant, uuid="ana")
    forgetting.forget(one, reason="demandé", person_id=None)
    sells(ana, CAKE)  # a till that has not heard of it
    read(ana)
    assert not Bought.objects.exists()
    assert not Spent.objects.exists()


def test_a_merchant_who_sells_nothing_looks_for_nothing_among_others(
    ana: Till, stranger: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tails, "FAR", 1)
    stranger.send()
    for _ in range(3):
        sells(ana, BREAD)
    read(ana)
    newest = JournalEntry.objects.latest("pk").pk
    assert {*PurchaseBook.objects.values_list("upto", flat=True)} == {newest}
    assert kept() == {"": NOON.date(), "bread": NOON.date(), "baguette": NOON.date()}
