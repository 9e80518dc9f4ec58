# SPDX-License-Identifier: Apache-2.0
"""Orders from the first line to the receipt, at the till on a real store."""

import pytest

from firmware.drivers.base import PaperDone
from firmware.faults import PaperOut
from firmware.store import archive, journal, own
from firmware.till import tap
from firmware.till.outcome import (
    AskingHub,
    AtTill,
    Broken,
    ChoiceAsked,
    LineAsked,
    OutOfOrder,
    PrinterTrouble,
    Refused,
    Saved,
)
from firmware.till.outcome_sales import SaleShown, SalesShown
from loyalty.account import points_of, purse_of
from loyalty.entry import Sold, Visited
from loyalty.feed import Covered
from loyalty.refusal import Reason
from tests.firmware.till.conftest import ELODIE, Bakery
from tests.firmware.till.test_gift_cards import sell_gift

CARD = ELODIE.codes[0]


def test_a_sale_of_50_euros_earns_50_points(bakery: Bakery) -> None:
    bakery.unlock()
    saved = bakery.sell(5000, code=CARD)
    assert isinstance(saved, Saved)
    assert (saved.points, saved.balance, saved.paid_cents) == (50, 295, 5000)
    assert not saved.waiting, "online it is at the hub in a moment: nothing to worry about"
    assert bakery.shown(points_of("elodie")) == 295
    assert bakery.shown(purse_of("elodie")) == 340 + 100
    (sold,) = bakery.facts(Sold)
    assert isinstance(sold, Sold)
    assert sold.saw.programme == 3


def test_a_staff_scan_counts_one_visit_within_the_delay(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.do(tap.DropCustomer())
    bakery.clock.pass_s(3599)
    bakery.scan(CARD)
    assert len(bakery.facts(Visited)) == 1
    bakery.do(tap.DropCustomer())
    bakery.clock.pass_s(3600)
    bakery.scan(CARD)
    assert len(bakery.facts(Visited)) == 2


@pytest.mark.parametrize("typed", ["", "0", "00"])
def test_an_empty_amount_makes_no_line(bakery: Bakery, typed: str) -> None:
    bakery.unlock()
    bakery.do(tap.AddLine())
    asked = bakery.answer(typed)
    assert isinstance(asked, LineAsked)
    assert asked.wrong
    assert asked.wrong.reason is Reason.TOTAL_MISSING


def test_ten_million_euros_can_not_be_typed(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.do(tap.AddLine())
    asked = bakery.press("1000000000")
    assert isinstance(asked, LineAsked)
    assert asked.cents == 1_000_000, "the digit that would make it absurd is not taken"
    bakery.do(tap.Key("-"), tap.Key("²"))
    assert bakery.outcome == asked


def test_lines_that_sum_to_an_absurd_total_are_refused(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.line(9_999_999)
    bakery.line(1)
    refused = bakery.do(tap.Save())
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.ABSURD_AMOUNT
    assert not bakery.facts(Sold)


def test_products_by_touch_and_by_their_barcode(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan("3760000000017")
    bakery.do(tap.AddLine(), tap.PickCategory("pain"), tap.ShowProducts())
    order = bakery.do(tap.PickProduct("baguette"))
    assert isinstance(order, AtTill)
    assert [(line.label, line.quantity) for line in order.lines] == [("Baguette tradition", 2)]
    assert order.total_cents == 270


def test_another_card_in_the_middle_of_an_order_is_refused_and_nothing_is_lost(
    bakery: Bakery,
) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(500)
    refused = bakery.scan("THEO-TAG")
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.ORDER_OPEN
    order = bakery.do(tap.Back())
    assert isinstance(order, AtTill)
    assert order.customer
    assert (order.customer.name, order.total_cents) == ("Élodie M.", 500)


def test_a_card_scanned_while_typing_an_amount_is_added_to_the_sale(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.line(500)
    bakery.do(tap.AddLine())
    order = bakery.scan(CARD)
    assert isinstance(order, AtTill)
    assert order.customer
    assert order.total_cents == 500


def test_dropping_an_order_is_asked_first(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.line(500)
    assert isinstance(bakery.do(tap.Finish()), ChoiceAsked)
    order = bakery.do(tap.Pick("keep"))
    assert isinstance(order, AtTill)
    assert order.total_cents == 500
    order = bakery.do(tap.Finish(), tap.Pick("drop"))
    assert isinstance(order, AtTill)
    assert not order.lines


def test_the_list_searches_filters_and_prints_again(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.sell(500)
    bakery.do(tap.Finish())
    bakery.sell(1250, code=CARD)
    bakery.do(tap.Finish())
    sell_gift(bakery)
    bakery.do(tap.Finish())
    shown = bakery.do(tap.ShowSales())
    assert isinstance(shown, SalesShown)
    assert [row.cents for row in shown.rows] == [4000, 1250, 500]
    shown = bakery.do(tap.ShowOnly(type(shown.showing).GIFTS))
    assert isinstance(shown, SalesShown)
    assert [row.gift for row in shown.rows] == [True]
    bakery.do(tap.ShowOnly(type(shown.showing).ALL), tap.Search())
    shown = bakery.answer("12,50")
    assert isinstance(shown, SalesShown)
    assert [row.cents for row in shown.rows] == [1250]
    sale = bakery.do(tap.PickSale(shown.rows[0].id), tap.Print())
    assert isinstance(sale, SaleShown)
    assert sale.printing
    assert sale.receipt.again
    assert isinstance(bakery.do(PaperDone()), SaleShown)


def test_nothing_is_printed_unless_asked_and_no_paper_loses_nothing(bakery: Bakery) -> None:
    bakery.unlock()
    saved = bakery.sell(500)
    assert isinstance(saved, Saved)
    assert not saved.printing
    bakery.do(tap.Print())
    trouble = bakery.do(PaperDone(fault=PaperOut(), waiting=1))
    assert isinstance(trouble, PrinterTrouble)
    assert trouble.receipt == saved.receipt
    again = bakery.do(tap.Retry())
    assert isinstance(again, Saved)
    assert again.printing
    assert len(bakery.facts(Sold)) == 1


def test_the_next_card_goes_on_from_the_saved_screen(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.sell(500)
    order = bakery.scan(CARD)
    assert isinstance(order, AtTill)
    assert order.customer
    assert not order.lines


def test_offline_a_sale_says_that_it_is_kept_here(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.unlock()
    saved = bakery.sell(500)
    assert isinstance(saved, Saved)
    assert saved.waiting
    assert saved.offline


def test_saving_twice_saves_once(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.line(500)
    bakery.do(tap.Save(), tap.Save(), tap.Save())
    assert len(bakery.facts(Sold)) == 1


def test_receipts_are_numbered_without_gaps(bakery: Bakery) -> None:
    bakery.unlock()
    numbers = []
    for cents in (100, 200, 300):
        saved = bakery.sell(cents)
        assert isinstance(saved, Saved)
        numbers.append(saved.receipt.sold.receipt)
        bakery.do(tap.Finish())
    assert numbers == ["0001", "0002", "0003"]


def test_a_full_disk_is_said_and_the_order_stays(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.line(500)
    pages = bakery.db.row("PRAGMA page_count")
    assert pages
    bakery.db.row(f"PRAGMA max_page_count = {pages[0]}")
    broken: object = None
    for _ in range(200):  # the last page still has room for some sales
        broken = bakery.do(tap.Save())
        if isinstance(broken, OutOfOrder):
            break
        bakery.do(tap.Finish())
        bakery.line(500)
    assert isinstance(broken, OutOfOrder)
    assert broken.broken is Broken.DISK_FULL
    sales = len(bakery.facts(Sold))
    bakery.db.row("PRAGMA max_page_count = 1000000")
    order = bakery.do(tap.Retry())
    assert isinstance(order, AtTill)
    assert order.total_cents == 500
    assert isinstance(bakery.do(tap.Save()), Saved)
    assert len(bakery.facts(Sold)) == sales + 1
    assert journal.waiting(bakery.db) == len(bakery.entries())


def test_a_sale_whose_entry_has_left_the_archive_is_said_kindly(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.sell(500)
    bakery.do(tap.Finish())
    bakery.sell(700)
    bakery.do(tap.Finish())
    segment = journal.current_segment(bakery.db)
    assert segment
    journal.acknowledge(bakery.db, segment.id, upto=segment.n, head=segment.head.hex())
    own.cover(bakery.db, Covered(segment=segment.id, n=segment.n))
    archive.prune(bakery.db, young=True)
    listed = bakery.do(tap.ShowSales())
    assert isinstance(listed, SalesShown)
    assert [row.cents for row in listed.rows] == [700, 500]
    assert isinstance(bakery.do(tap.PickSale(listed.rows[1].id)), AskingHub)
    refused = bakery.wait(2)
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.SALE_ARCHIVED
    assert bakery.do(tap.Back()) == listed
    assert isinstance(bakery.do(tap.PickSale(listed.rows[0].id)), SaleShown)
