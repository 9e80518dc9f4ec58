# SPDX-License-Identifier: Apache-2.0
"""Rights follow the same entries on both sides, and never exceed what there is."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from loyalty.account import WITH_RIGHTS, Account, Holding, Kind, fold, points_of, rest_of, visits_of
from loyalty.entry import CarryConverted, Facts, ReleaseCause, Released, Saw, Sold, Visited
from loyalty.movements import movements
from loyalty.programme import EarnRule
from loyalty.rights import changes, grantable, missing
from tests.loyalty.strategies import ACCOUNTS, FACTS, HOLDINGS
from tests.loyalty.test_entry import EVERYTHING

ANA = points_of("ana")


def test_what_a_sale_earns_and_spends_changes_the_right_of_its_till() -> None:
    assert changes(EVERYTHING)[ANA] == 40 - 18
    assert changes(Visited(customer="ana", code="")) == {visits_of("ana"): 1}


def test_carry_is_in_no_right() -> None:
    assert Kind.CARRY not in {account.kind for account in changes(EVERYTHING)}


def test_a_release_lowers_the_right_and_moves_nothing() -> None:
    released = Released(cause=ReleaseCause.COVERED, holds=(Holding(ANA, 7), Holding(ANA, 2)))
    assert changes(released) == {ANA: -9}
    assert movements(released) == ()


def test_an_entry_of_the_hub_changes_no_right() -> None:
    assert changes(CarryConverted(customer="ana", earn=EarnRule(), steps=3)) == {}


@given(FACTS)
def test_rights_change_exactly_as_balances_do(facts: Facts) -> None:
    """Of what terminals write; only a release changes a right and no balance."""
    if isinstance(facts, CarryConverted | Released):
        return
    moved: Counter[Account] = Counter()
    for movement in movements(facts):
        moved[movement.account] += movement.amount
    spendable = {a: n for a, n in moved.items() if n and a.kind in WITH_RIGHTS}
    assert changes(facts) == spendable


@given(HOLDINGS, st.dictionaries(ACCOUNTS, st.integers(0, 10_000), max_size=4))
def test_with_what_is_missing_nothing_is_missing(spends, rights: dict[Account, int]) -> None:
    lacks = missing(spends, rights)
    assert all(lack.amount > 0 for lack in lacks)
    topped = Counter(rights)
    for lack in lacks:
        topped[lack.account] = max(topped[lack.account], rights.get(lack.account, 0) + lack.amount)
    assert missing(spends, topped) == ()


def test_the_hub_grants_what_is_free_and_no_more() -> None:
    assert grantable(ANA, asked=10, free=7, balance=12) == 7
    assert grantable(ANA, asked=3, free=7, balance=12) == 3
    assert grantable(ANA, asked=3, free=0, balance=5) == 0
    assert grantable(ANA, asked=-3, free=9, balance=9) == 0


def test_the_rest_of_a_sale_is_granted_whole_or_not_at_all() -> None:
    assert grantable(rest_of("sale"), asked=1, free=500, balance=500) == 500
    assert grantable(rest_of("sale"), asked=1, free=499, balance=500) == 0


class TwoTills(RuleBasedStateMachine):
    """Two tills cut off at will and a hub: nothing is ever spent twice.

    Each till's journal reaches the hub late and in order; grants reach tills late.
    """

    def __init__(self) -> None:
        super().__init__()
        self.balance = 0
        self.held = [0, 0]
        self.right = [0, 0]
        self.journals: list[list[Facts]] = [[], []]
        self.posted = [0, 0]
        self.under_way: list[tuple[int, int]] = []
        self.earned = self.spent = 0

    def write(self, till: int, facts: Facts) -> None:
        self.journals[till].append(facts)
        self.right[till] += changes(facts).get(ANA, 0)

    @rule(till=st.integers(0, 1), points=st.integers(1, 20))
    def earn(self, till: int, points: int) -> None:
        self.earned += points
        self.write(till, _moving(points))

    @rule(till=st.integers(0, 1), points=st.integers(1, 20))
    def spend(self, till: int, points: int) -> None:
        if missing([Holding(ANA, points)], {ANA: self.right[till]}):
            return
        self.spent += points
        self.write(till, _moving(-points))

    @rule(till=st.integers(0, 1), points=st.integers(1, 20))
    def release(self, till: int, points: int) -> None:
        if points <= self.right[till]:
            self.write(till, Released(cause=ReleaseCause.UNUSED, holds=(Holding(ANA, points),)))

    @rule(till=st.integers(0, 1))
    def post(self, till: int) -> None:
        for facts in self.journals[till][self.posted[till] :][:1]:
            self.balance += fold(movements(facts)).get(ANA, 0)
            self.held[till] += changes(facts).get(ANA, 0)
            self.posted[till] += 1

    @rule(till=st.integers(0, 1), asked=st.integers(1, 20))
    def ask(self, till: int, asked: int) -> None:
        free = self.balance - sum(self.held)
        granted = grantable(ANA, asked=asked, free=free, balance=self.balance)
        self.held[till] += granted
        self.under_way.append((till, granted))

    @precondition(lambda self: self.under_way)
    @rule()
    def grant_arrives(self) -> None:
        till, granted = self.under_way.pop(0)
        self.right[till] += granted

    @invariant()
    def no_point_is_spent_that_was_not_earned(self) -> None:
        assert self.spent <= self.earned
        assert 0 <= sum(self.held) <= self.balance
        assert min(self.held) >= 0
        assert min(self.right) >= 0


TestTwoTills = TwoTills.TestCase


def _moving(points: int) -> Sold:
    return Sold(
        receipt="",
        customer="ana",
        lines=(),
        total_cents=1,
        due_cents=1,
        paid_cents=1,
        points=points,
        earn=EarnRule(),
        saw=Saw(programme=1),
    )
