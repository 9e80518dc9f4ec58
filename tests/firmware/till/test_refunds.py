# SPDX-License-Identifier: Apache-2.0
"""A sale is paid back at the till: what of it, who allows it, why; and undone before one leaves."""

from firmware.till import tap
from firmware.till.outcome import (
    AskingHub,
    AtTill,
    ChoiceAsked,
    PinAsked,
    Refused,
    Saved,
    TextAsked,
)
from firmware.till.outcome_sales import RefundAsked, RefundSaved, SaleShown, SalesShown
from loyalty.account import gift_of, points_of, purse_of
from loyalty.entry import Refunded, Sold
from loyalty.feed import BalanceIs, StaffIs
from loyalty.refusal import Reason
from tests.firmware.till.conftest import ELODIE, PIN, Bakery, pin_stored

CARD = ELODIE.codes[0]
MANAGER_PIN = "1357"


def with_nadia(bakery: Bakery) -> None:
    bakery.hub_says(
        StaffIs(id="nadia", name="Nadia", pin=pin_stored(MANAGER_PIN), manager=True),
    )
    bakery.unlock()


def open_last(bakery: Bakery) -> RefundAsked:
    shown = bakery.do(tap.ShowSales())
    assert isinstance(shown, SalesShown)
    bakery.do(tap.PickSale(shown.rows[0].id))
    asked = bakery.do(tap.Refund())
    assert isinstance(asked, RefundAsked), asked
    return asked


def approve(bakery: Bakery, reason: str = "defect") -> object:
    bakery.do(tap.Enter())
    assert isinstance(bakery.press(MANAGER_PIN), ChoiceAsked)
    return bakery.do(tap.Pick(reason))


def test_a_whole_sale_is_paid_back_with_a_managers_pin_and_a_reason(bakery: Bakery) -> None:
    with_nadia(bakery)
    bakery.sell(1_250, code=CARD)
    bakery.do(tap.Finish())
    asked = open_last(bakery)
    assert (asked.cents, asked.left_cents, asked.lines[0].left) == (1_250, 1_250, 1)
    saved = approve(bakery)
    assert isinstance(saved, RefundSaved)
    assert (saved.back.money_cents, saved.back.points, saved.balance) == (1_250, -12, 245)
    (part,) = bakery.facts(Refunded)
    assert isinstance(part, Refunded)
    assert (part.reason, part.approved_by, part.of) == ("defect", "nadia", "0001")
    assert bakery.entries()[-1].staff == "isabelle"
    assert isinstance(bakery.do(tap.Finish()), SalesShown)


def test_lines_are_picked_one_by_one_and_what_is_back_can_t_come_back_again(
    bakery: Bakery,
) -> None:
    with_nadia(bakery)
    bakery.scan(CARD)
    bakery.scan("3760000000017")
    bakery.scan("3760000000017")
    bakery.line(500)
    bakery.do(tap.Save(), tap.Finish())
    asked = open_last(bakery)
    assert (asked.cents, asked.back) == (0, None)
    assert bakery.do(tap.Enter()) == asked, "nothing is chosen"
    asked = bakery.do(tap.PutBack(0, 1))
    assert isinstance(asked, RefundAsked)
    assert asked.cents == 135
    approve(bakery)
    bakery.do(tap.Finish())
    shown = bakery.do(tap.Finish(), tap.ShowSales())
    assert isinstance(shown, SalesShown)
    assert [row.paid_back for row in shown.rows] == [None, False]
    bakery.do(tap.PickSale(shown.rows[1].id))
    asked = bakery.do(tap.Refund())
    assert isinstance(asked, RefundAsked)
    assert [line.left for line in asked.lines] == [1, 1]
    asked = bakery.do(tap.PutAllBack())
    assert isinstance(asked, RefundAsked)
    assert asked.cents == asked.left_cents == 635
    approve(bakery)
    parts = bakery.facts(Refunded)
    assert sum(p.points for p in parts if isinstance(p, Refunded)) == 7
    assert bakery.shown(points_of("elodie")) == 245
    assert bakery.shown(purse_of("elodie")) == 340


def test_the_sale_just_saved_is_undone_before_the_customer_leaves(bakery: Bakery) -> None:
    with_nadia(bakery)
    assert isinstance(bakery.sell(900, code=CARD), Saved)
    asked = bakery.do(tap.Void())
    assert isinstance(asked, RefundAsked)
    assert (asked.void, asked.cents) == (True, 900)
    assert bakery.do(tap.PutBack(0, -1)) == asked, "all of it, or nothing"
    bakery.do(tap.Enter())
    saved = bakery.press(MANAGER_PIN)
    assert isinstance(saved, RefundSaved)
    assert saved.void
    assert bakery.shown(points_of("elodie")) == 245
    counter = bakery.do(tap.Finish())
    assert isinstance(counter, AtTill)
    assert counter.customer is None


def test_who_scans_the_next_card_over_an_undone_sale_serves_the_next_customer(
    bakery: Bakery,
) -> None:
    with_nadia(bakery)
    bakery.sell(900)
    bakery.do(tap.Void(), tap.Enter())
    bakery.press(MANAGER_PIN)
    counter = bakery.scan(CARD)
    assert isinstance(counter, AtTill)
    assert counter.customer is not None


def test_staff_whose_pin_does_not_suffice_are_told_so_and_three_tries_pause(bakery: Bakery) -> None:
    with_nadia(bakery)
    bakery.sell(900)
    asked = bakery.do(tap.Void(), tap.Enter())
    assert isinstance(asked, PinAsked)
    assert asked.manager
    refused = bakery.press(PIN)
    assert isinstance(refused, PinAsked)
    assert (refused.not_manager, refused.wrong) == ("Isabelle", False)
    assert bakery.press("0000") != refused
    paused = bakery.press(PIN)
    assert isinstance(paused, PinAsked)
    assert paused.pause_s == 30, "one's own PIN between guesses counts as one"
    assert isinstance(bakery.press(MANAGER_PIN), PinAsked)
    assert not bakery.facts(Refunded)
    bakery.wait(31)
    assert isinstance(bakery.do(tap.Enter()), PinAsked)
    assert isinstance(bakery.press(MANAGER_PIN), RefundSaved)


def test_where_nobody_may_allow_it_it_says_who_can_change_that(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.sell(900)
    refused = bakery.do(tap.Void())
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.NO_MANAGER
    assert isinstance(bakery.do(tap.Back()), Saved)


def test_another_reason_is_typed(bakery: Bakery) -> None:
    with_nadia(bakery)
    bakery.sell(900)
    bakery.do(tap.Finish())
    open_last(bakery)
    assert isinstance(approve(bakery, "other"), TextAsked)
    bakery.answer("Boîte ouverte")
    (part,) = bakery.facts(Refunded)
    assert isinstance(part, Refunded)
    assert part.reason == "Boîte ouverte"


def test_a_sale_paid_back_whole_is_offered_no_more(bakery: Bakery) -> None:
    with_nadia(bakery)
    bakery.sell(900)
    bakery.do(tap.Finish())
    open_last(bakery)
    approve(bakery)
    bakery.do(tap.Finish())
    shown = bakery.outcome
    assert isinstance(shown, SalesShown)
    assert [(row.cents, bool(row.of), row.paid_back) for row in shown.rows] == [
        (-900, True, None),
        (900, False, True),
    ]
    refund = bakery.do(tap.PickSale(shown.rows[0].id))
    assert isinstance(refund, SaleShown)
    assert (refund.undone is not None, refund.refundable) == (True, False)
    bakery.do(tap.Back())
    sale = bakery.do(tap.PickSale(shown.rows[1].id))
    assert isinstance(sale, SaleShown)
    assert (sale.back_cents, sale.refundable) == (900, False)
    refused = bakery.do(tap.Refund())
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.ALREADY_REFUNDED


def test_what_a_reward_cost_and_a_gift_card_paid_comes_back(bakery: Bakery) -> None:
    with_nadia(bakery)
    bakery.scan(CARD)
    bakery.hub_says(BalanceIs(gift_of("g1"), 300))
    bakery.line(1_000)
    bakery.do(tap.Take("tenth"), tap.Save())
    bakery.grants()
    assert isinstance(bakery.wait(0.1), Saved)
    asked = bakery.do(tap.Void())
    assert isinstance(asked, RefundAsked)
    assert asked.back is not None
    assert (asked.back.money_cents, asked.back.points) == (900, 191)
    bakery.do(tap.Enter())
    bakery.press(MANAGER_PIN)
    assert bakery.shown(points_of("elodie")) == 245


def test_a_sale_whose_rest_went_elsewhere_is_asked_for_or_said_to_be_there(
    bakery: Bakery,
) -> None:
    with_nadia(bakery)
    bakery.sell(900)
    (entry,) = [e for e in bakery.entries() if isinstance(e.facts, Sold)]
    bakery.db.run("INSERT INTO rest VALUES (?, 0, 1)", entry.id)
    assert isinstance(bakery.do(tap.Void()), AskingHub)
    bakery.grants(0)
    refused = bakery.wait(0.1)
    assert isinstance(refused, Refused)
    assert (refused.refusal.reason, refused.refusal.facts) == (
        Reason.SALE_ELSEWHERE,
        {"offline": 0},
    )
    bakery.do(tap.Back(), tap.Void())
    bakery.grants(0.5)
    asked = bakery.wait(0.1)
    assert isinstance(asked, RefundAsked)
    assert asked.left_cents == 450, "the other half was paid back elsewhere"
    bakery.do(tap.Back())
    bakery.db.run("UPDATE rest SET cents = 0")
    bakery.online(up=False)
    refused = bakery.do(tap.Void())
    assert isinstance(refused, Refused)
    assert refused.refusal.facts == {"offline": 1}
