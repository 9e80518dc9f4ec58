# SPDX-License-Identifier: Apache-2.0
"""What holds for any order, any rules and any parts of a refund: laws, not examples."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from loyalty.account import (
    Account,
    Kind,
    birthday_of,
    fold,
    gift_of,
    limit_of,
    points_of,
    purse_of,
    stamps_of,
    stock_of,
    visits_of,
    welcome_of,
)
from loyalty.basket import Line, Order
from loyalty.calendar import Window
from loyalty.command import RecordSale
from loyalty.decide import Decided, decide
from loyalty.entry import Sold
from loyalty.movements import movements
from loyalty.price import Priced, price
from loyalty.programme import LoyaltyProgramme, Options, Reward
from loyalty.redecide import Difference, redecide
from loyalty.refund import refunded, undone
from loyalty.situation import Situation
from loyalty.tier import Tier
from tests.loyalty.strategies import OFTEN, RULES, orders, rewards

AT = datetime(2026, 3, 31, 15, 30, tzinfo=ZoneInfo("Europe/Paris"))
TIERS = (Tier(id="silver", name="Argent", factor_bp=12_500), Tier(id="gold", name="Or"))
OPTIONS = st.builds(
    Options,
    welcome=st.booleans(),
    per_visit=st.booleans(),
    pro=st.booleans(),
    birthday=st.booleans(),
    tiers=st.sampled_from([(), ("silver",)]),
    stock=st.booleans(),
    per_customer=st.integers(0, 2),
)


@st.composite
def full_rewards(draw: st.DrawFn, name: str) -> Reward:
    """A reward of any type, with any options."""
    return replace(draw(rewards(name)), options=draw(OPTIONS))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Full rules and a customer who has plenty of everything, or little."""
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4))
    programme = LoyaltyProgramme(
        version=draw(st.integers(1, 50)),
        earn=draw(RULES),
        rewards=tuple(draw(full_rewards(name)) for name in names),
        point_value_cents=draw(st.integers(1, 9)),
        not_earning=draw(st.sampled_from([(), ("bread",), ("p1", "cakes")])),
        windows=draw(st.sampled_from([(), (Window(weekdays=(1,)),)])),
        pending_days=draw(st.integers(0, 30)),
        tiers=TIERS,
    )
    much = draw(st.sampled_from([3, 10_000]))
    accounts = [points_of("ana"), purse_of("ana"), visits_of("ana"), welcome_of("ana")]
    accounts += [birthday_of("ana", 2026), gift_of("gift-1"), gift_of("gift-2")]
    accounts += [a for n in names for a in (limit_of("ana", n), stock_of(n), stamps_of("ana", n))]
    one = {Kind.WELCOME, Kind.BIRTHDAY}
    balances = {a: 1 if a.kind in one else draw(st.integers(0, much)) for a in accounts}
    return Situation(
        programme=programme,
        shop="centre",
        customer="ana",
        balances=balances,
        rights=balances,
        at=draw(st.sampled_from([None, AT])),
        member=draw(st.booleans()),
        pro=draw(st.booleans()),
        tier=draw(st.sampled_from(["", "silver", "gone"])),
    )


def sold(situation: Situation, order: Order) -> Sold | None:
    got = decide(situation, RecordSale(receipt="1", code="", order=order))
    return got.facts if isinstance(got, Decided) and isinstance(got.facts, Sold) else None


@OFTEN
@given(st.data(), situations())
def test_nothing_is_redeemed_from_nothing(data: st.DataObject, situation: Situation) -> None:
    sale = sold(situation, data.draw(orders(situation.programme)))
    if sale is None:
        return
    after = Counter(situation.balances)
    after.update({a: n for a, n in fold(movements(sale)).items() if a.owner != "merchant"})
    assert min(after.values()) >= 0
    sums: Counter[tuple[Kind, str]] = Counter()
    for account, amount in fold(movements(sale)).items():
        sums[account.kind, account.key] += amount
    assert not any(sums.values())


@OFTEN
@given(st.data(), situations())
def test_a_sale_and_the_refunds_of_its_parts_are_as_if_nothing_happened(
    data: st.DataObject, situation: Situation
) -> None:
    sale = sold(situation, data.draw(orders(situation.programme)))
    if sale is None:
        return
    total: Counter[Account] = Counter()
    total.update(fold(movements(sale)))
    left = sale.total_cents
    while left:
        cents = data.draw(st.integers(1, left)) if left > 1 else 1
        part = refunded(sale, sale="s", left=left, cents=cents, receipt="2")
        total.update(fold(m for m in movements(part) if m.account.kind is not Kind.REST))
        left -= cents
    assert {a: n for a, n in total.items() if n} == {}


@OFTEN
@given(st.data(), situations())
def test_a_part_gives_back_no_more_than_the_sale_took(
    data: st.DataObject, situation: Situation
) -> None:
    """Rounding never favours anybody by more than one cent or point, and never accumulates."""
    sale = sold(situation, data.draw(orders(situation.programme)))
    if sale is None:
        return
    cents = data.draw(st.integers(0, sale.total_cents))
    done = undone(sale, cents)
    assert 0 <= done.due_cents <= sale.due_cents
    assert abs(done.due_cents * sale.total_cents - sale.due_cents * cents) < sale.total_cents
    assert all(0 <= b.amount <= s.amount for b, s in zip(done.back, sale.spent, strict=True))
    assert all(0 <= t.amount <= g.amount for t, g in zip(done.taken, sale.gained, strict=True))
    assert 0 <= done.points <= sale.points


@OFTEN
@given(st.data(), situations())
def test_a_sale_decided_again_is_the_same(data: st.DataObject, situation: Situation) -> None:
    sale = sold(situation, data.draw(orders(situation.programme)))
    if sale:
        assert redecide(sale, situation.programme, shop="centre") == ()
        wrong = replace(sale, points=sale.points + 1)
        assert redecide(wrong, situation.programme, shop="centre") == (
            Difference("points", sale.points + 1, sale.points),
        )


@OFTEN
@given(st.data(), situations(), st.randoms(use_true_random=False))
def test_the_order_of_choosing_changes_nothing(data, situation: Situation, luck) -> None:
    order = data.draw(orders(situation.programme))
    uses = list(order.uses)
    luck.shuffle(uses)
    assert price(situation, replace(order, uses=tuple(uses))) == price(situation, order)


@OFTEN
@given(situations(), st.integers(1, 100_000))
def test_a_factor_never_gives_more_than_it_says(situation: Situation, cents: int) -> None:
    got = price(situation, Order((Line(label="", unit_cents=cents),)))
    assert isinstance(got, Priced)
    plain = situation.programme.earn.earn(got.earns_cents)[0]
    assert got.points * 10_000 <= plain * got.factor_bp < (got.points + 1) * 10_000
