# SPDX-License-Identifier: Apache-2.0
"""A person with several cards: what was taken from each goes back to each, and to nobody else."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from loyalty.account import Account, Holding, gathered, gift_of, points_of, purse_of
from loyalty.basket import Applied, Line
from loyalty.decide import _taken_from
from loyalty.entry import Saw, Sold
from loyalty.movements import movements
from loyalty.programme import EarnRule, LoyaltyProgramme
from loyalty.refund import refunded
from loyalty.rights import changes, missing
from loyalty.situation import Situation

ANA, BEN, CLO = points_of("ana"), points_of("ben"), points_of("clo")
SPENT = (Holding(ANA, 7), Holding(BEN, 23), Holding(purse_of("ben"), 200))
SALE = Sold(
    receipt="1",
    customer="ana",
    lines=(Line(label="Pain", unit_cents=1_000),),
    applied=(Applied(reward="r", kind="cashback", title="", points=30, cents_off=200),),
    total_cents=1_000,
    due_cents=800,
    paid_cents=800,
    points=8,
    earn=EarnRule(),
    spent=SPENT,
    saw=Saw(programme=1),
)


def test_each_card_loses_what_was_taken_from_it_and_the_buyers_earns() -> None:
    moved: Counter[Account] = Counter()
    for move in movements(SALE):
        moved[move.account] += move.amount
    assert moved == {ANA: 8 - 7, BEN: -23, purse_of("ben"): -200}
    assert changes(SALE) == moved


@given(st.lists(st.integers(1, 999), max_size=4))
def test_the_parts_of_a_refund_give_each_card_back_what_was_taken(parts: list[int]) -> None:
    back: Counter[Account] = Counter()
    left = SALE.total_cents
    for asked in (*parts, left):
        if cents := min(asked, left):
            part = refunded(SALE, sale="s", left=left, cents=cents, receipt="")
            back.update({hold.account: hold.amount for hold in part.back})
            left -= cents
    assert back == {hold.account: hold.amount for hold in SPENT}


def test_the_sums_are_the_customers_own_and_nobody_elses() -> None:
    balances = {ANA: 5, BEN: -2, purse_of("ben"): 100, points_of("eve"): 9, gift_of("g"): 40}
    assert gathered(balances, "ana", ("ben",)) == {
        ANA: 3,
        purse_of("ana"): 100,
        points_of("eve"): 9,
        gift_of("g"): 40,
    }


@given(
    st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 60)), min_size=2, max_size=3),
    st.integers(1, 60),
)
def test_whatever_each_card_has_the_person_can_spend_the_sum_once_rights_are_there(
    cards: list[tuple[int, int]], amount: int
) -> None:
    accounts = (ANA, BEN, CLO)[: len(cards)]
    parts = {a: shown for a, (shown, _) in zip(accounts, cards, strict=True)}
    rights = {
        a: min(right, max(0, parts[a])) for a, (_, right) in zip(accounts, cards, strict=True)
    }
    situation = Situation(
        programme=LoyaltyProgramme(version=1, earn=EarnRule()),
        shop="s",
        customer="ana",
        parts=parts,
        rights=rights,
    )
    if amount > sum(parts.values()):
        return
    taken = _taken_from((Holding(ANA, amount),), situation)
    assert sum(hold.amount for hold in taken) == amount
    assert all(hold.amount <= max(0, parts[hold.account]) for hold in taken)
    asked = sum(lack.amount for lack in missing(taken, rights))
    assert asked == max(0, amount - sum(rights.values())), "no more is asked for than lacks"
