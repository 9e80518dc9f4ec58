# SPDX-License-Identifier: Apache-2.0
"""Laws of several tills: who is heard first changes nothing, and a badge says what a till does."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.account import MERCHANT, Account, Kind
from loyalty.badge import BadgeState, badges
from loyalty.basket import Line, Order, Use
from loyalty.command import RecordSale
from loyalty.decide import Decided, decide
from loyalty.entry import Sold
from loyalty.programme import EarnRule, LoyaltyProgramme, Reward
from loyalty.refusal import Refusal
from loyalty.rewards import TYPES
from loyalty.situation import Situation
from tests.loyalty.strategies import OFTEN, orders
from tests.loyalty.test_laws import situations
from tests.scenarios.books import PureHub
from tests.scenarios.pure import PureTill
from tests.scenarios.story import BringBack, Buy, Give, Scan
from tests.scenarios.till import Sales

MORNING = datetime(2026, 3, 2, 9)  # noqa: DTZ001 (a story has no time zone)
RULES = LoyaltyProgramme(
    version=1,
    earn=EarnRule(3, 700),
    rewards=(
        Reward(id="cafe", kind="gift", title="Café", cost=4),
        Reward(id="remise", kind="discount", title="Remise", cost=2, rate_bp=1_250),
        Reward(id="cagnotte", kind="cashback", title="Cagnotte", cost=0, rate_bp=500),
        Reward(
            id="tampons", kind="stamps", title="Tampons", cost=0,
            terms=(("every", 3), ("article", "")),
        ),
    ),
)  # fmt: skip
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(["buys", "buys", "uses", "returns", "scans", "gives"]),
        st.sampled_from(["Ana", "Bruno"]),
        st.integers(1, 3_000),
        st.sampled_from([reward.id for reward in RULES.rewards]),
    ),
    min_size=2,
    max_size=14,
)


def lived(acts) -> Mapping[str, PureTill]:
    """Tills without network, each with what happened there, and every right given back."""
    hub, sales = PureHub(RULES), Sales()
    tills = {name: PureTill(name, hub, sales) for name in "ABC"}
    for till in tills.values():
        till.online = False
    for n, (where, what, who, cents, reward) in enumerate(acts):
        till, at = tills[where], MORNING + timedelta(minutes=n)
        order = Order((Line(label="", unit_cents=cents),))
        names = [name for name in sales if name.startswith(where)]
        match what:
            case "uses":
                till.act(at, Buy(who, order.using(Use(reward, cents // 9 + 1))))
            case "returns" if names:
                some = names[cents % len(names)]
                whole = sales[some].sold.total_cents
                till.act(at, BringBack(some, None if cents % 2 else max(1, whole // 3)))
            case "scans":
                till.act(at, Scan(who))
            case "gives":
                till.act(at, Give(who, cents % 7 + 1, "Merci"))
            case _:
                till.act(at, Buy(who, order, f"{where}{n}"))
    for till in tills.values():
        till.give_back()
    return tills


def heard(tills: Mapping[str, PureTill], turns: list[str]) -> dict[Account, int]:
    """The hub's balances when it hears the tills in these turns, each in its own order."""
    hub = PureHub(RULES)
    left = {name: list(till.pending) for name, till in tills.items()}
    for name in (*turns, *"ABC" * 100):
        if left[name]:
            entry_id, facts, at = left[name].pop(0)
            hub.post(name, entry_id, facts, at=at)
    assert not any(left.values())
    hub.check()
    return {account: n for account, n in hub.every_balance().items() if n}


@OFTEN
@given(ACTS, st.lists(st.sampled_from("ABC"), max_size=60))
def test_the_same_entries_in_any_turns_of_the_tills_give_the_same_balances(
    acts, turns: list[str]
) -> None:
    tills = lived(acts)
    assert heard(tills, turns) == heard(tills, [])


@OFTEN
@given(ACTS)
def test_nobody_has_less_than_nothing_whatever_tills_did_without_network(acts) -> None:
    for account, balance in heard(lived(acts), []).items():
        assert account.owner == MERCHANT or balance >= 0, account
        if account.kind is Kind.CARRY and account.owner != MERCHANT:
            assert balance < RULES.earn.per_cents


@OFTEN
@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=12), st.data())
def test_what_many_sales_earn_is_what_one_earns(parts: list[int], data: st.DataObject) -> None:
    """No rounding accumulates: steps and carry of the parts are those of the whole."""
    acts = [(data.draw(st.sampled_from("ABC")), "buys", "Ana", cents, "") for cents in parts]
    balances = heard(lived(acts), data.draw(st.lists(st.sampled_from("ABC"), max_size=20)))
    steps, carry = divmod(sum(parts), RULES.earn.per_cents)
    assert balances.get(Account(Kind.POINTS, "Ana"), 0) == steps * RULES.earn.points
    assert balances.get(Account(Kind.CARRY, "Ana", RULES.earn.key), 0) == carry
    purse = balances.get(Account(Kind.PURSE, "Ana"), 0)
    assert abs(purse * 10_000 - sum(parts) * 500) * 2 <= len(parts) * 10_000


@OFTEN
@given(st.data(), situations())
def test_a_badge_says_what_the_till_does(data: st.DataObject, situation: Situation) -> None:
    order = data.draw(orders(situation.programme))
    order = Order(order.lines)
    for badge in badges(situation, order):
        if TYPES[badge.reward.kind].asks:
            continue
        trial = order.using(Use(badge.reward.id))
        got = decide(situation, RecordSale(receipt="1", code="", order=trial))
        if badge.state is BadgeState.USABLE:
            assert isinstance(got, Decided), got
            assert isinstance(got.facts, Sold)
        else:
            assert isinstance(got, Refusal), badge
