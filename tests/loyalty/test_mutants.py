# SPDX-License-Identifier: Apache-2.0
"""Break one rule at a time and see that the tests notice: a test that can't fail proves nothing."""

import zlib
from collections.abc import Callable

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from loyalty import (
    account,
    card,
    decide,
    giftcard,
    money,
    movements,
    price,
    programme,
    rights,
    wire,
)
from loyalty.entry import Visited
from loyalty.rewards.cashback import CASHBACK
from tests.loyalty import (
    test_account,
    test_basket,
    test_card,
    test_decide,
    test_entry,
    test_giftcard,
    test_money,
    test_programme,
    test_rights,
    test_wire,
)
from tests.loyalty.breaking import FAILURES, break_rule

Check = Callable[[], object]


def _two_tills() -> None:
    """That a mutant is seen matters here, not the smallest example of it."""
    quick = settings(phases=[Phase.generate])
    run_state_machine_as_test(test_rights.TwoTills, settings=quick)


def _half_even(numerator: int, denominator: int) -> int:
    return round(numerator / denominator)


def _floors(total: int, weights) -> tuple[int, ...]:
    return tuple(total * weight // (sum(weights) or 1) for weight in weights)


def _spread_in_order(total: int, weights) -> tuple[int, ...]:
    parts = list(_floors(total, weights))
    parts[0] += total - sum(parts)
    return tuple(parts)


def _each_alone(order):
    return tuple(account.Holding(account.gift_of(g.fingerprint), g.cents) for g in order.gifts)


def _visit_always(situation, command):
    return decide.Decided(Visited(customer=situation.customer or "", code=command.code))


def _one_sided(movements):
    return {movement.account: movement.amount for movement in movements}


def _sale_keeps_the_purse(sale):
    return [m for m in _OF_SALE(sale) if m.account.kind is not account.Kind.PURSE or m.amount >= 0]


_OF_SALE = movements._of_sale


def _earns_only(facts):
    return {a: n for a, n in _CHANGES(facts).items() if n > 0}


def _carry_too(facts):
    moved = {m.account: m.amount for m in movements.movements(facts)}
    return moved or _CHANGES(facts)


_CHANGES = rights.changes


def _trusting_open(raw: bytes):
    split = 10 + int.from_bytes(raw[8:10], "big")
    return raw[10:split], wire._lines(raw[split:])


def _boundless(packed: bytes):
    return tuple(zlib.decompress(packed).split(b"\n")) if packed else ()


MUTANTS: list[tuple[str, object, str, object, Check]] = [
    (
        "a half is rounded to even",
        money,
        "half_up",
        _half_even,
        lambda: test_money.test_a_percentage_is_rounded_half_up_to_the_cent(5, 1_000, 1),
    ),
    ("a cent is lost", money, "spread", _floors, test_money.test_parts_sum_to_the_whole),
    (
        "the odd cents go to the first line",
        money,
        "spread",
        _spread_in_order,
        test_money.test_the_largest_remainder_gets_the_odd_cent,
    ),
    (
        "the check digit is a sum",
        card,
        "check_digit",
        lambda digits: -sum(map(int, digits)) % 10,
        lambda: test_card.test_the_check_digit_of_known_numbers("4006381333931"),
    ),
    (
        "a check character is a sum",
        giftcard,
        "_check",
        lambda body: giftcard.ALPHABET[sum(map(giftcard.ALPHABET.index, body)) % 32],
        test_giftcard.test_two_neighbours_swapped_are_noticed,
    ),
    (
        "the carry is dropped",
        programme.EarnRule,
        "earn",
        lambda self, cents: (cents // self.per_cents * self.points, 0),
        test_programme.test_thirty_and_twenty_euros_fill_one_step_of_fifty,
    ),
    (
        "each cent earns by itself",
        programme.EarnRule,
        "earn",
        lambda self, cents: (cents * self.points // self.per_cents, cents % self.per_cents),
        test_programme.test_no_cent_paid_is_lost_or_counted_twice,
    ),
    (
        "the purse goes before the percentage",
        CASHBACK,
        "rank",
        0,
        test_basket.test_the_order_of_application,
    ),
    (
        "each use of a gift card is checked alone",
        price,
        "_of_gifts",
        _each_alone,
        test_basket.test_one_gift_card_named_twice_is_spent_within_its_money,
    ),
    (
        "the merchant's side is forgotten",
        account,
        "fold",
        _one_sided,
        test_account.test_each_unit_sums_to_zero,
    ),
    (
        "the purse is used and stays full",
        movements,
        "_of_sale",
        _sale_keeps_the_purse,
        test_entry.test_a_sale_moves_what_it_used_and_what_it_earned,
    ),
    (
        "every scan is a visit",
        decide,
        "_visit",
        _visit_always,
        lambda: test_decide.test_a_scan_within_the_delay_is_the_same_visit(0, counts=False),
    ),
    (
        "spending needs no right",
        decide,
        "missing",
        lambda spends, held: (),
        test_decide.test_enough_points_but_no_right_to_spend_them_here_is_short,
    ),
    ("a spend leaves the right as it was", rights, "changes", _earns_only, _two_tills),
    (
        "carry counts as a right",
        rights,
        "changes",
        _carry_too,
        test_rights.test_carry_is_in_no_right,
    ),
    (
        "the hub grants what others hold",
        rights,
        "grantable",
        lambda _, *, asked, free, balance: max(0, min(asked, balance)),
        _two_tills,
    ),
    (
        "the chain forgets what came before",
        wire,
        "chain",
        lambda head, raw: wire.hashlib.sha256(raw).digest(),
        test_wire.test_the_chain_depends_on_every_byte_and_on_the_order,
    ),
    (
        "a damaged frame is believed",
        wire,
        "_open_frame",
        _trusting_open,
        test_wire.test_any_single_damaged_byte_is_noticed,
    ),
    (
        "a bomb is opened",
        wire,
        "_lines",
        _boundless,
        lambda: test_wire.test_garbage_is_refused(
            test_wire.with_message(test_wire.MESSAGE, test_wire.BOMB)
        ),
    ),
    (
        "any number will do",
        wire,
        "bound",
        lambda value: None,
        lambda: test_wire.test_a_number_that_no_database_holds_is_refused(2**63),
    ),
]


@pytest.mark.parametrize(
    ("place", "name", "broken", "check"), [m[1:] for m in MUTANTS], ids=[m[0] for m in MUTANTS]
)
def test_a_broken_rule_is_noticed(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, broken: object, check: Check
) -> None:
    check()  # holds as long as the rule does
    break_rule(monkeypatch, place, name, broken)
    with pytest.raises(FAILURES):
        check()
