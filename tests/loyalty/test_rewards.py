# SPDX-License-Identifier: Apache-2.0
"""Each type of reward, and the options that hold for all of them."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from loyalty.account import (
    Holding,
    birthday_of,
    limit_of,
    points_of,
    purse_of,
    stamps_of,
    stock_of,
    visits_of,
    welcome_of,
)
from loyalty.badge import Badge, BadgeState, automatic, badges
from loyalty.basket import Line, Order, Use
from loyalty.conditions import Lack, Need
from loyalty.price import Askable, Priced, askable, price
from loyalty.programme import EarnRule, LoyaltyProgramme, Options, Reward
from loyalty.refusal import Reason, Refusal
from loyalty.rewards import TYPES
from loyalty.rewards.type import Unit
from loyalty.situation import Situation

POINTS = Reward(
    id="points",
    kind="points",
    title="Mes points",
    cost=0,
    terms=(("most_points", 300), ("least_cents", 1_000)),
)
CARD = Reward(
    id="card", kind="stamps", title="Café", cost=0, terms=(("every", 9), ("article", "coffee"))
)
PURSE = Reward(id="purse", kind="cashback", title="Cagnotte", cost=0, rate_bp=550)
TEN_OFF = Reward(id="ten", kind="discount", title="-10 %", cost=5, rate_bp=1_000)
PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 3, 29, 12, tzinfo=PARIS)


def coffee(count: int = 1, cents: int = 180) -> Line:
    return Line(label="Café", unit_cents=cents, quantity=count, product="coffee")


def bread(cents: int) -> Line:
    return Line(label="Pain", unit_cents=cents, category="bread")


def there(*rewards: Reward, **balances: int) -> Situation:
    """Ana with these balances, all spendable here."""
    accounts = {
        "points": points_of("ana"),
        "purse": purse_of("ana"),
        "visits": visits_of("ana"),
        "welcome": welcome_of("ana"),
        "stamps": stamps_of("ana", "card"),
        "birthday": birthday_of("ana", 2026),
        "limit": limit_of("ana", "ten"),
        "stock": stock_of("ten"),
    }
    amounts = {accounts[name]: amount for name, amount in balances.items()}
    programme = LoyaltyProgramme(version=1, earn=EarnRule(), rewards=rewards)
    return Situation(
        programme=programme,
        shop="centre",
        customer="ana",
        balances=amounts,
        rights=amounts,
        at=NOON,
    )


def priced(situation: Situation, *lines: Line, uses: tuple[Use, ...] = ()) -> Priced:
    got = price(situation, Order(lines, uses))
    assert isinstance(got, Priced), got
    return got


def lacking(situation: Situation, *lines: Line) -> tuple[Lack, ...]:
    (badge,) = badges(situation, Order(lines))
    return badge.lacks


# ── types ───────────────────────────────────────────────────────────────────────────────────────


def test_each_type_has_its_place_and_its_terms_have_names_of_their_own() -> None:
    assert [one.kind for one in sorted(TYPES.values(), key=lambda one: one.rank)] == [
        *("discount", "gift", "stamps", "points", "cashback")
    ]
    for one in TYPES.values():
        names = [term.name for term in one.terms]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("shop", "paid", "to_purse"), [("centre", 1_250, 69), ("airport", 1_250, 0), ("centre", 9, 0)]
)
def test_cashback_adds_its_share_of_what_was_paid(shop: str, paid: int, to_purse: int) -> None:
    offered = replace(PURSE, not_in_shops=("airport",))
    got = priced(replace(there(offered), shop=shop), bread(paid))
    assert got.purse_cents == to_purse


def test_points_pay_as_many_as_were_chosen() -> None:
    got = priced(there(POINTS, points=245), bread(5_000), uses=(Use("points", 10),))
    assert (got.due_cents, got.points) == (4_990, 49)
    assert got.applied[0].title == "Mes points"
    assert got.spent == (Holding(points_of("ana"), 10),)


@pytest.mark.parametrize(("chosen", "most"), [(0, 300), (301, 300), (-1, 300)])
def test_points_pay_at_least_one_and_at_most_what_the_merchant_lets(chosen: int, most: int) -> None:
    order = Order((bread(5_000),), (Use("points", chosen),))
    assert price(there(POINTS, points=900), order) == Refusal(
        Reason.MORE_THAN_TOTAL, {"asked": chosen, "most": most}
    )


def test_the_keypad_offers_the_least_of_points_maximum_and_what_is_owed() -> None:
    def most(points: int, cents: int) -> object:
        return askable(there(POINTS, points=points), Order((bread(cents),)), POINTS)

    assert most(245, 5_000) == Askable(unit=Unit.POINTS, most=245, available=245)
    assert most(900, 5_000) == Askable(unit=Unit.POINTS, most=300, available=900)
    assert most(900, 1_000) == Askable(unit=Unit.POINTS, most=300, available=900)


def test_points_that_are_worth_more_than_a_cent_never_pay_more_than_is_owed() -> None:
    programme = LoyaltyProgramme(
        version=1,
        earn=EarnRule(),
        rewards=(replace(POINTS, terms=()),),
        point_value_cents=5,
    )
    situation = replace(there(points=900), programme=programme)
    assert askable(situation, Order((bread(99),)), programme.rewards[0]) == Askable(
        unit=Unit.POINTS, most=19, available=900
    )
    assert priced(situation, bread(99), uses=(Use("points", 19),)).due_cents == 4


def test_below_the_minimum_order_points_pay_nothing_whatever_a_discount_does() -> None:
    situation = there(POINTS, TEN_OFF, points=245)
    assert lacking(there(POINTS, points=245), bread(999)) == (
        Lack(need=Need.MINIMUM, missing=1, whole=1_000),
    )
    both = priced(situation, bread(1_000), uses=(Use("points", 5), Use("ten")))
    assert both.due_cents == 895


def test_nine_coffees_bought_and_the_tenth_is_free() -> None:
    bought = priced(there(CARD), coffee(4), bread(300))
    assert bought.gained == (Holding(stamps_of("ana", "card"), 4),)
    got = priced(there(CARD, stamps=9), coffee(1), bread(300), uses=(Use("card"),))
    assert (got.due_cents, got.gained) == (300, ())
    assert got.spent == (Holding(stamps_of("ana", "card"), 9),)


def test_the_free_article_is_the_cheapest_and_only_one_of_it() -> None:
    order = (coffee(2, 250), coffee(3, 180))
    got = priced(there(CARD, stamps=9), *order, uses=(Use("card"),))
    assert got.applied[0].cents_off == 180
    assert got.line_cents == (500, 360)
    assert got.gained == (Holding(stamps_of("ana", "card"), 4),)


def test_a_stamp_card_says_how_many_stamps_or_which_article_is_missing() -> None:
    assert lacking(there(CARD, stamps=7), coffee()) == (Lack(need=Need.STAMPS, missing=2, whole=9),)
    assert lacking(there(CARD, stamps=9), bread(500)) == (
        Lack(need=Need.ARTICLE, what=("coffee",)),
    )


# ── options ─────────────────────────────────────────────────────────────────────────────────────


def optional(**options: object) -> Reward:
    return replace(TEN_OFF, options=Options(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reward", "without", "with_it"),
    [
        (optional(welcome=True), there(), there(welcome=1)),
        (optional(birthday=True), there(points=5), there(points=5, birthday=1)),
        (optional(pro=True), there(points=5), replace(there(points=5), pro=True)),
        (optional(tiers=("gold",)), there(points=5), replace(there(points=5), tier="gold")),
        (optional(stock=True), there(points=5), there(points=5, stock=1)),
        (optional(per_customer=1), there(points=5, limit=0), there(points=5)),
        (optional(from_day="2026-03-30"), there(points=5), replace(there(points=5), at=None)),
        (
            optional(until_day="2026-03-28"),
            there(points=5),
            replace(there(points=5), at=datetime(2026, 3, 28, 23, 59, tzinfo=PARIS)),
        ),
    ],
    ids=["welcome", "birthday", "pro", "tier", "stock", "limit", "begins", "over"],
)
def test_an_option_closes_the_reward_and_opens_it(
    reward: Reward, without: Situation, with_it: Situation
) -> None:
    programme = LoyaltyProgramme(version=1, earn=EarnRule(), rewards=(reward,))
    order = Order((bread(1_000),), (Use("ten"),))
    refused = price(replace(without, programme=programme), order)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.REWARD_CLOSED
    assert priced(replace(with_it, programme=programme), bread(1_000), uses=order.uses)


def test_a_welcome_or_per_visit_reward_costs_no_points() -> None:
    welcome = priced(there(optional(welcome=True), welcome=1), bread(1_000), uses=(Use("ten"),))
    assert (welcome.applied[0].points, welcome.spent) == (0, (Holding(welcome_of("ana"), 1),))
    visit = priced(there(optional(per_visit=True), visits=7), bread(1_000), uses=(Use("ten"),))
    assert (visit.applied[0].points, visit.spent) == (0, (Holding(visits_of("ana"), 5),))


def test_the_first_order_ends_the_welcome_though_it_was_not_used() -> None:
    assert priced(there(welcome=1), bread(1_000)).spent == (Holding(welcome_of("ana"), 1),)
    elsewhere = replace(there(welcome=1), rights={})
    assert priced(elsewhere, bread(1_000)).spent == ()


def test_options_combine_and_all_must_hold() -> None:
    both = optional(per_visit=True, pro=True, stock=True)
    ready = replace(there(both, visits=5, stock=1), pro=True)
    assert priced(ready, bread(1_000), uses=(Use("ten"),)).due_cents == 900
    assert {lack.need for lack in lacking(there(both, visits=3), bread(1))} == {
        *(Need.VISITS, Need.PRO, Need.STOCK)
    }


def test_an_order_that_takes_too_much_says_so_and_what_costs_nothing_lacks_nothing() -> None:
    free = replace(TENTH, id="free", cost=0)
    situation = there(replace(POINTS, terms=()), replace(TEN_OFF, cost=0), free, points=1, visits=0)
    order = Order((bread(100),), (Use("points", 2), Use("free")))
    assert price(situation, order) == Refusal(
        Reason.NOT_ENOUGH, {"kind": "points", "needed": 2, "have": 1}
    )


def test_what_is_nearest_is_said_first() -> None:
    far = optional(tiers=("gold",))
    assert [lack.need for lack in lacking(there(far, points=4))] == [Need.POINTS, Need.TIER]


def test_who_has_not_joined_uses_nothing_and_sees_what_it_would_earn() -> None:
    stranger = replace(there(TEN_OFF, PURSE, points=50), member=False)
    got = priced(stranger, bread(1_234))
    assert (got.points, got.carry_cents, got.purse_cents, got.would_earn) == (0, 0, 0, 12)
    assert lacking(replace(there(TEN_OFF, points=50), member=False)) == (Lack(need=Need.MEMBER),)


# ── by itself ───────────────────────────────────────────────────────────────────────────────────

TENTH = replace(optional(per_visit=True), cost=10)


def test_the_tenth_scan_puts_its_reward_into_the_order() -> None:
    assert automatic(there(TENTH, visits=9), Order()) == Order()
    assert automatic(there(TENTH, visits=10), Order()).uses == (Use("ten"),)


def test_two_rewards_per_visit_share_the_visits() -> None:
    other = replace(TENTH, id="other", kind="gift", gift_title="Café")
    got = automatic(there(TENTH, other, visits=12), Order())
    assert got.uses == (Use("ten"),)


def test_offline_only_what_this_till_may_spend_is_applied_by_itself() -> None:
    ready = replace(there(TENTH, visits=10), rights={visits_of("ana"): 1})
    assert automatic(ready, Order(), offline=True) == Order()
    assert automatic(ready, Order()).uses == (Use("ten"),)
    (badge,) = badges(ready, Order())
    assert badge == Badge(reward=TENTH, state=BadgeState.USABLE, here=False)
