# SPDX-License-Identifier: Apache-2.0
"""What staff and customers do at the till, event by event, on a real store."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from firmware.drivers.base import PaperDone
from firmware.faults import PaperOut
from firmware.store import journal, rights
from firmware.till import sealed, tap
from firmware.till.outcome import (
    AmountAsked,
    AskingHub,
    AtTill,
    Broken,
    ChoiceAsked,
    FoundSome,
    Front,
    GiftSaved,
    LineAsked,
    OutOfOrder,
    PinAsked,
    PrinterTrouble,
    Recognised,
    Refused,
    SaleShown,
    SalesShown,
    Saved,
    TextAsked,
)
from loyalty.account import gift_of, points_of, purse_of
from loyalty.card import check_digit, issue
from loyalty.decide import BadgeState
from loyalty.entry import GiftSold, Joined, Released, Sold, Visited
from loyalty.feed import BalanceIs
from loyalty.refusal import Reason
from tests.firmware.till.conftest import ELODIE, Bakery

CARD = ELODIE.codes[0]


def test_a_customer_sees_their_points_and_the_screen_leaves_by_itself(bakery: Bakery) -> None:
    seen = bakery.scan(CARD)
    assert isinstance(seen, Recognised)
    assert (seen.first_name, seen.points) == ("Élodie", 245)
    assert [(r.title, r.missing) for r in seen.rewards] == [("Croissant", 0), ("Remise de 10 %", 0)]
    assert isinstance(bakery.wait(14), Recognised)
    assert isinstance(bakery.wait(2), Front)
    assert not bakery.facts(Visited), "looking at one's own card counts no visit"


def test_a_touch_starts_the_fifteen_seconds_again(bakery: Bakery) -> None:
    bakery.scan(CARD)
    bakery.wait(10)
    bakery.do(tap.ShowQr())
    shown = bakery.wait(10)
    assert isinstance(shown, Recognised)
    assert shown.qr
    assert shown.code == CARD


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("UNKNOWN", Reason.CARD_UNKNOWN),
        (CARD[:-1] + str((int(CARD[-1]) + 1) % 10), Reason.BAD_CODE),
        ("X" * 65, Reason.BAD_CODE),
    ],
)
@pytest.mark.parametrize("staff", [False, True])
def test_a_card_that_is_none_is_refused_in_words(
    bakery: Bakery, code: str, reason: Reason, staff: bool
) -> None:
    if staff:
        bakery.unlock()
    refused = bakery.scan(code)
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is reason
    assert isinstance(bakery.do(tap.Back()), AtTill if staff else Front)


def test_ten_thousand_characters_are_one_refusal(bakery: Bakery) -> None:
    refused = bakery.scan("9" * 64, too_long=True)
    assert isinstance(refused, Refused)
    assert refused.refusal.facts["why"] == "too_long"


def test_a_scan_after_a_refusal_is_served_at_once(bakery: Bakery) -> None:
    bakery.scan("UNKNOWN")
    assert isinstance(bakery.scan(CARD), Recognised)


def test_the_pin_opens_the_till_and_wrong_ones_pause_it(bakery: Bakery) -> None:
    asked = bakery.unlock("1111")
    assert isinstance(asked, PinAsked)
    assert asked.wrong
    bakery.press("1111")
    asked = bakery.press("1111")
    assert isinstance(asked, PinAsked)
    assert asked.pause_s == 30
    assert isinstance(bakery.press("2468"), PinAsked), "even the right one waits"
    bakery.wait(31)
    assert isinstance(bakery.unlock(), AtTill)


def test_leaving_the_pin_does_not_reset_the_tries(bakery: Bakery) -> None:
    for _ in range(3):
        bakery.unlock("1111")
        bakery.do(tap.Back())
    asked = bakery.do(tap.Unlock())
    assert isinstance(asked, PinAsked)
    assert asked.pause_s > 0


def test_a_sale_of_50_euros_earns_50_points(bakery: Bakery) -> None:
    bakery.unlock()
    saved = bakery.sell(5000, code=CARD)
    assert isinstance(saved, Saved)
    assert (saved.points, saved.balance, saved.paid_cents) == (50, 295, 5000)
    assert saved.waiting
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


def test_a_redemption_waits_for_the_right_it_asked_for(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1960)
    ready = bakery.do(tap.Take("croissant"))
    assert isinstance(ready, AtTill)
    assert {b.reward.id: b.state for b in ready.badges}["croissant"] is BadgeState.IN_ORDER
    asking = bakery.do(tap.Save())
    assert isinstance(asking, AskingHub)
    assert asking.amount == 80
    assert isinstance(bakery.wait(0.5), AskingHub)
    bakery.grants()
    saved = bakery.wait(0.01)
    assert isinstance(saved, Saved)
    assert saved.spent_points == (("Croissant offert", 80),)
    assert saved.balance == 245 - 80 + 19
    assert rights.held(bakery.db, "elodie")[points_of("elodie")] == 19, "only what it earned"


def test_without_an_answer_in_two_seconds_it_is_refused_in_words(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1960)
    bakery.do(tap.Take("croissant"), tap.Save())
    refused = bakery.wait(2.1)
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.NOT_HERE_NOW
    assert (refused.refusal.facts["needed"], refused.refusal.facts["have"]) == (80, 0)
    assert not bakery.facts(Sold)
    order = bakery.do(tap.WithoutRewards())
    assert isinstance(order, AtTill)
    assert not order.rewards
    assert order.total_cents == 1960, "the order is still there"
    assert isinstance(bakery.do(tap.Save()), Saved)


def test_a_part_of_a_right_does_not_redeem_and_goes_back(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1960)
    bakery.do(tap.Take("croissant"), tap.Save())
    bakery.grants(0.5)
    refused = bakery.wait(0.01)
    assert isinstance(refused, Refused)
    assert refused.refusal.facts["have"] == 40
    released = rights.release(bakery.db, clock=bakery.clock, new_id=lambda: f"r{next(bakery.ids)}")
    assert [e.facts for e in released if isinstance(e.facts, Released)]
    assert points_of("elodie") not in rights.held(bakery.db, "elodie")


def test_offline_what_was_earned_here_may_be_spent_and_no_more(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.hub_says(BalanceIs(points_of("theo"), 0))
    bakery.unlock()
    bakery.sell(8000, code="THEO-TAG")
    bakery.do(tap.Finish())
    bakery.scan("THEO-TAG")
    bakery.line(1000)
    bakery.do(tap.Take("croissant"))
    saved = bakery.do(tap.Save())
    assert isinstance(saved, Saved), "80 points earned here, not covered yet: its own right"
    bakery.do(tap.Finish())
    bakery.scan(CARD)
    bakery.line(1000)
    bakery.do(tap.Take("croissant"))
    refused = bakery.do(tap.Save())
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.NOT_HERE_NOW
    assert refused.offline


def test_the_purse_pays_up_to_the_purse_and_the_total(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1000)
    asked = bakery.do(tap.Take("purse"))
    assert isinstance(asked, AmountAsked)
    assert (asked.most_cents, asked.available_cents) == (340, 340)
    too_much = bakery.answer("341")
    assert isinstance(too_much, AmountAsked)
    assert too_much.wrong
    order = bakery.do(tap.TakeMost(), tap.Enter())
    assert isinstance(order, AtTill)
    assert (order.total_cents, order.to_pay_cents, order.earns) == (1000, 660, 6)
    bakery.do(tap.Save())
    bakery.grants()
    assert isinstance(bakery.wait(0.01), Saved)
    assert bakery.shown(purse_of("elodie")) == 13, "2 % of the 6,60 € that were left to pay"


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


def test_locking_hides_the_order_and_unlocking_brings_it_back(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(500)
    assert isinstance(bakery.do(tap.Lock()), Front)
    order = bakery.unlock()
    assert isinstance(order, AtTill)
    assert order.total_cents == 500


def test_the_till_locks_itself_after_five_quiet_minutes(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.wait(200)
    bakery.do(tap.AddLine(), tap.Key("1"), tap.Back())
    assert isinstance(bakery.wait(200), AtTill)
    assert isinstance(bakery.wait(101), Front)


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


def test_a_customer_is_found_by_name_here(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.unlock()
    bakery.do(tap.Search())
    found = bakery.answer("elod")
    assert isinstance(found, FoundSome)
    assert [c.name for c in found.customers] == ["Élodie M."]
    order = bakery.do(tap.PickCustomer("elodie"))
    assert isinstance(order, AtTill)
    assert order.customer


def test_a_full_name_is_looked_up_at_the_hub(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.do(tap.Search())
    found = bakery.answer("Marchand")
    assert isinstance(found, FoundSome)
    assert not found.customers
    assert found.asking
    (asked,) = rights.finds_asked(bakery.db)
    rights.found(bakery.db, asked.id, ["elodie", "nobody-here"])
    found = bakery.wait(0.1)
    assert isinstance(found, FoundSome)
    assert [c.id for c in found.customers] == ["elodie"]
    assert not found.asking


def test_a_new_customer_gets_a_number_and_their_data_is_sealed(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.unlock()
    bakery.do(tap.Join())
    for text in ("Zoé", "Payet", "0692 12 34 56", "zoe@exemple.re"):
        bakery.answer(text)
    order = bakery.do(tap.Enter())
    assert isinstance(order, AtTill)
    assert order.customer
    assert order.customer.name == "Zoé P."
    (joined,) = bakery.facts(Joined)
    assert isinstance(joined, Joined)
    assert joined.code == issue("2000417", 1000)
    assert check_digit(joined.code[:-1]) == int(joined.code[-1])
    raw = bakery.db.rows("SELECT raw FROM entry WHERE kind = 'joined'")[0][0]
    assert b"Payet" not in raw
    assert b"0692123456" not in raw
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    opened = suite.decrypt(base64.b64decode(joined.sealed), bakery.hub_key, info=sealed.INFO)
    assert json.loads(opened) == {
        "last_name": "Payet",
        "phone": "0692123456",
        "email": "zoe@exemple.re",
    }
    bakery.do(tap.Finish(), tap.Search())
    found = bakery.answer("+262 692 12 34 56")
    assert isinstance(found, FoundSome)
    assert [c.name for c in found.customers] == ["Zoé P."]


def test_a_wrong_phone_stays_on_the_question(bakery: Bakery) -> None:
    bakery.do(tap.Join())
    bakery.answer("Zoé")
    bakery.answer("")
    asked = bakery.answer("pas un numéro")
    assert isinstance(asked, TextAsked)
    assert asked.wrong
    assert asked.wrong.reason is Reason.BAD_CONTACT
    assert asked.text == "pas un numéro"


def test_a_card_in_hand_may_become_the_customers(bakery: Bakery) -> None:
    bakery.do(tap.Join())
    for text in ("Zoé", "", "", ""):
        bakery.answer(text)
    taken = bakery.scan(CARD)
    assert isinstance(taken, TextAsked)
    assert taken.wrong
    assert taken.wrong.reason is Reason.CARD_TAKEN
    shown = bakery.scan("BLANK-CARD-7")
    assert isinstance(shown, Recognised)
    assert (shown.code, shown.qr) == ("BLANK-CARD-7", True)


def test_when_the_card_numbers_are_used_up_it_says_so(bakery: Bakery) -> None:
    bakery.unlock()
    for name in ("Ana", "Bob", "Zoé"):
        bakery.do(tap.Join())
        bakery.answer(name)
        bakery.do(tap.Enter(), tap.Enter(), tap.Enter(), tap.Enter())
        if name != "Zoé":
            bakery.do(tap.Finish())
    refused = bakery.outcome
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.NO_CARD_NUMBERS


def sell_gift(bakery: Bakery, cents: str = "4000") -> GiftSaved:
    bakery.do(tap.GiftCard(), tap.Pick("sell"), tap.Pick("virtual"))
    for text in (cents, "Paul Hoarau", "Anaïs", "anais@exemple.re"):
        bakery.answer(text)
    question = bakery.answer("")
    assert isinstance(question, ChoiceAsked)
    saved = bakery.do(tap.Pick(question.options[0].id))
    assert isinstance(saved, GiftSaved)
    return saved


def test_a_gift_card_sold_here_pays_here_in_part_even_offline(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.unlock()
    saved = sell_gift(bakery)
    code = saved.receipt.gift_code
    assert (saved.cents, saved.recipient, len(code)) == (4000, "Anaïs", 13)
    (sold,) = bakery.facts(GiftSold)
    assert isinstance(sold, GiftSold)
    assert (
        code.encode() not in bakery.db.rows("SELECT raw FROM entry WHERE kind = 'gift_sold'")[0][0]
    )
    bakery.do(tap.Finish())
    bakery.line(2500)
    bakery.do(tap.GiftCard(), tap.Pick("pay"))
    asked = bakery.answer(code.lower())
    assert isinstance(asked, AmountAsked)
    assert (asked.available_cents, asked.most_cents) == (4000, 2500)
    order = bakery.do(tap.TakeMost(), tap.Enter())
    assert isinstance(order, AtTill)
    assert order.to_pay_cents == 0
    assert isinstance(bakery.do(tap.Save()), Saved)
    assert bakery.shown(gift_of(sold.fingerprint)) == 1500


@pytest.mark.parametrize(
    ("online", "reason"),
    [(True, Reason.GIFT_UNKNOWN), (False, Reason.GIFT_NEEDS_NETWORK)],
)
@pytest.mark.parametrize("code", ["ABCD", "0000000000000", "ZZZZZZZZZZZZZZZZ"])
def test_every_unknown_gift_card_gets_the_same_answer(
    bakery: Bakery, online: bool, reason: Reason, code: str
) -> None:
    bakery.online(up=online)
    bakery.unlock()
    bakery.line(2500)
    bakery.do(tap.GiftCard(), tap.Pick("pay"))
    asked = bakery.answer(code)
    assert isinstance(asked, TextAsked)
    assert asked.wrong
    assert asked.wrong.reason is reason


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
