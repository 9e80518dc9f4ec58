# SPDX-License-Identifier: Apache-2.0
"""Accounts: a balance is a fold of movements, and what one side gets the other gives."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from loyalty.account import (
    MERCHANT,
    WITH_RIGHTS,
    Account,
    Kind,
    Movement,
    fold,
    gift_of,
    points_of,
    purse_of,
    visits_of,
)
from tests.loyalty.strategies import ACCOUNTS, OFTEN

MOVEMENTS = st.lists(st.builds(Movement, ACCOUNTS, st.integers(-(10**9), 10**9)), max_size=30)


def test_ten_points_to_ana_are_ten_points_issued_by_the_merchant() -> None:
    ana = points_of("ana")
    assert fold([Movement(ana, 12), Movement(ana, -2)]) == {
        ana: 10,
        Account(Kind.POINTS, MERCHANT): -10,
    }


@OFTEN
@given(MOVEMENTS)
def test_each_unit_sums_to_zero(movements: list[Movement]) -> None:
    sums: Counter[tuple[Kind, str]] = Counter()
    for account, balance in fold(movements).items():
        sums[account.kind, account.key] += balance
    assert not any(sums.values())


@OFTEN
@given(MOVEMENTS, st.randoms(use_true_random=False))
def test_a_balance_does_not_depend_on_the_order(movements: list[Movement], luck) -> None:
    shuffled = list(movements)
    luck.shuffle(shuffled)
    assert fold(shuffled) == fold(movements)


@OFTEN
@given(MOVEMENTS, MOVEMENTS)
def test_what_is_taken_back_leaves_nothing(given_: list[Movement], later: list[Movement]) -> None:
    back = [Movement(m.account, -m.amount) for m in given_]
    undone = {a: b for a, b in fold([*given_, *later, *back]).items() if b}
    assert undone == {a: b for a, b in fold(later).items() if b}


def test_every_kind_can_be_spent_within_a_right_but_what_the_hub_converts() -> None:
    assert set(Kind) - WITH_RIGHTS == {Kind.CARRY, Kind.OWED, Kind.SHORT, Kind.PENDING}


def test_the_accounts_of_one_customer_are_apart() -> None:
    accounts = {points_of("x"), visits_of("x"), purse_of("x"), gift_of("x")}
    assert len(accounts) == 4
