# SPDX-License-Identifier: Apache-2.0
"""Two customers become one and two again: sums are shown together, nothing moves, nothing is lost."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.ledger import (
    audit,
    custody,
    grant,
    groups,
    history,
    listings,
    merging,
    snapshot,
    standing,
)
from hub.ledger.merges import Merge
from hub.ledger.merging import CannotMerge, Why
from hub.ledger.models import Account, Customer, Incident, JournalEntry
from hub.merchants import enrolment
from hub.merchants.models import FeedItem, Shop
from loyalty.account import Holding, Kind, owed_of, points_of, rest_of, welcome_of
from loyalty.entry import Sold
from loyalty.feed import CustomerIs, Granted
from loyalty.movements import movements
from loyalty.refund import refunded
from loyalty.wire import decode_entry, decode_item
from tests.hub.ledger.holds import told
from tests.hub.ledger.test_rights import clean, settle
from tests.hub.till import Till, fresh, sale

ANA, BEN, CLO = points_of("ana"), points_of("ben"), points_of("clo")


def who(uuid: str) -> Customer:
    return Customer.objects.get(uuid=uuid)


def merge(one: str, other: str) -> Merge:
    return merging.merge(who(one), who(other), reason="la même", person_id=None)


def undo(done: Merge) -> bool:
    return merging.undo(done.pk, "maison-lucet", reason="deux sœurs", person_id=None)


def balance(account) -> int:
    rows = Account.objects.filter(kind=account.kind, owner=account.owner, key=account.key)
    return rows.values_list("balance", flat=True).first() or 0


def said() -> dict[str, str]:
    """Whom each customer is served as, as the feed says it last."""
    items = [decode_item(bytes(body)) for body in FeedItem.objects.values_list("body", flat=True)]
    return {item.id: item.of for item in items if isinstance(item, CustomerIs)}


@pytest.fixture
def three(earned) -> Till:
    """Ana, Ben and Clo have 20, 30 and 40 points, all free."""
    for name, points in (("ben", 30), ("clo", 40)):
        earned.joins(name)
        earned.sells(points * 100, name)
        earned.releases(Holding(points_of(name), points))
    earned.send()
    return earned


def test_the_tills_are_told_whom_a_customer_is_served_as(three):
    done = merge("ana", "ben")
    assert said() == {"ana": "", "ben": "ana", "clo": ""}
    assert undo(done)
    assert said() == {"ana": "", "ben": "", "clo": ""}
    assert not undo(done), "once"


def test_what_a_person_has_once_is_granted_of_nobody_else(earned, other):
    """No till can use Eve's welcome for Dan: granted, it would only lie there (RIGHTS 17)."""
    for name in ("dan", "eve"):
        earned.joins(name, welcome=1)
        earned.releases(Holding(welcome_of(name), 1))
    earned.send()
    other.ask(welcome_of("dan"), 1)
    merge("dan", "eve")
    assert earned.ask(welcome_of("dan"), 1) == 0
    assert earned.ask(welcome_of("eve"), 1) == 1


def test_no_balance_moves_and_the_page_shows_the_sum(three):
    before = JournalEntry.objects.count()
    merge("ana", "ben")
    assert (balance(ANA), balance(BEN), JournalEntry.objects.count()) == (20, 30, before)
    assert history.balances(who("ana")).points == history.balances(who("ben")).points == 50
    rows = listings.customers(who("ana").merchant)
    assert {row.uuid: row.points for row in rows} == {"ana": 50, "clo": 40}
    assert listings.together(rows) == (2, 90)


def test_a_merged_customer_is_found_by_what_they_gave_before(three):
    merge("ana", "ben")
    lucet = who("ana").merchant
    found = listings.customers_named(listings.customers(lucet), lucet, "29ben")
    assert [row.uuid for row in found] == ["ana"]


def test_merges_of_merges_are_undone_in_any_order(three):
    first, second = merge("ana", "ben"), merge("clo", "ben")
    assert said() == {"ana": "clo", "ben": "clo", "clo": ""}
    undo(first)
    assert said() == {"ana": "clo", "ben": "", "clo": ""}
    undo(second)
    assert said() == {"ana": "", "ben": "", "clo": ""}
    assert {customer.head for customer in Customer.objects.all()} == {""}


@pytest.mark.parametrize("pair", [("ana", "ana"), ("ana", "ben"), ("ben", "ana"), ("clo", "ben")])
def test_who_is_one_already_is_not_merged_again(three, pair):
    merge("ana", "ben")
    merge("ana", "clo")
    with pytest.raises(CannotMerge) as refused:
        merge(*pair)
    assert refused.value.why is Why.SAME


def test_customers_of_two_merchants_are_never_one(three, stranger):
    stranger.joins("eve")
    stranger.send()
    with pytest.raises(CannotMerge) as refused:
        merge("ana", "eve")
    assert refused.value.why is Why.ELSEWHERE


def test_who_is_not_heard_to_have_joined_is_not_merged(three):
    three.sells(100, "nobody-yet")
    three.send()
    with pytest.raises(CannotMerge) as refused:
        merge("ana", "nobody-yet")
    assert refused.value.why is Why.UNNAMED


def test_a_snapshot_says_it_too(three):
    merge("ana", "ben")
    made = snapshot.make(three.terminal)
    _, lines = snapshot.part(three.terminal, made.pk, 1)
    items = [decode_item(line) for line in lines]
    assert {i.id: i.of for i in items if isinstance(i, CustomerIs)} == {
        "ana": "",
        "ben": "ana",
        "clo": "",
    }


# ── rights ──────────────────────────────────────────────────────────────────────────────────────


def owes(till: Till, customer: str, points: int) -> None:
    """A sale that is refunded after its points were spent."""
    sold = decode_entry(till.sells(points * 100, customer))
    till.sells(100, customer, uses=points)
    assert isinstance(sold.facts, Sold)
    part = refunded(
        sold.facts, sale=sold.id, left=points * 100, cents=points * 100, receipt=fresh("R")
    )
    till.write(part)
    del till.rights[rest_of(sold.id)]  # this till counts none when it sells


def test_what_a_person_owes_is_not_granted_to_them_on_another_card(three, other):
    """RIGHTS 17: Ana owes 2, Ben has 2 free: the group shows 0, and 0 is granted."""
    three.sells(200, "dan")
    three.joins("dan")
    owes(three, "dan", 30)
    three.send()
    debt = balance(owed_of(points_of("dan")))
    assert debt > 0
    other.ask(BEN, 30)
    merge("ben", "dan")
    assert balance(owed_of(points_of("dan"))) == debt, "what Ben has is held by a till"
    other.releases(Holding(BEN, 30))
    other.send()
    assert balance(owed_of(points_of("dan"))) == 0, "and pays as soon as it is free"
    assert balance(BEN) == 30 - debt
    assert other.ask(points_of("dan"), 30) == 30 - debt
    assert audit.faults("maison-lucet") == []


def freed_while_owed(three: Till, other: Till) -> tuple[int, int]:
    """Dan owes, a till that is retired held what Ben has: the debt, and what is granted of 30."""
    three.joins("dan")
    owes(three, "dan", 10)
    three.send()
    other.ask(BEN, 30)
    merge("ben", "dan")
    custody.retire(other.terminal)
    debt = balance(owed_of(points_of("dan")))
    assert debt > 0, "what was freed has paid nothing yet"
    return debt, three.ask(BEN, 30)


def test_what_is_owed_is_not_granted_before_it_was_paid(three, other):
    debt, granted = freed_while_owed(three, other)
    assert granted == 30 - debt
    three.scans("ben")
    three.send()
    assert balance(owed_of(points_of("dan"))) == 0, "the next posting finds it free"
    assert audit.faults("maison-lucet") == []


def test_without_taking_off_what_the_person_owes_it_would_be_granted_and_stay_owed(
    three, other, monkeypatch
):
    monkeypatch.setattr(grant, "owed_of", lambda account: replace(account, owner="nobody"))
    debt, granted = freed_while_owed(three, other)
    assert granted == 30
    three.scans("ben")
    three.send()
    assert balance(owed_of(points_of("dan"))) == debt


def test_a_debt_is_paid_by_the_other_card_when_they_are_merged_and_stays_paid(three):
    three.joins("dan")
    owes(three, "dan", 10)
    three.send()
    debt = balance(owed_of(points_of("dan")))
    done = merge("ana", "dan")
    assert (balance(ANA), balance(owed_of(points_of("dan")))) == (20 - debt, 0)
    undo(done)
    assert balance(ANA) == 20 - debt
    assert audit.faults("maison-lucet") == []


def test_a_till_that_asks_for_a_person_gets_it_from_whichever_card_has_it(three, other):
    other.ask(ANA, 20)
    merge("ana", "ben")
    three.ask(ANA, 25)
    granted = [item for item in told(three, Granted) if item.amount][-1]
    assert (granted.account, granted.amount) == (BEN, 25)
    assert audit.faults("maison-lucet") == []


def test_a_sale_takes_from_several_cards_and_its_refund_gives_back_to_them(three):
    done = merge("ana", "ben")
    three.ask(ANA, 20)
    three.ask(BEN, 10)
    three.rights[ANA], three.rights[BEN] = 20, 10
    spent = (Holding(ANA, 20), Holding(BEN, 10))
    sold = replace(sale(100, "ana", uses=30), spent=spent)
    three.write(sold, entry_id="the-sale")
    three.send()
    assert (balance(ANA), balance(BEN)) == (1, 20)
    undo(done)
    story = history.told(who("ben"), list(history.entries(who("ben"))))
    assert story[0].moved == {"points": -10}, "Ben's own part, in a sale to Ana"
    assert [line.balance for line in story if line.moved.get("points")] == [20, 30]
    back = refunded(sold, sale="the-sale", left=100, cents=100, receipt="R")
    three.write(replace(back, own=(Holding(ANA, 1),)))
    three.send()
    assert (balance(ANA), balance(BEN)) == (20, 30)
    assert audit.faults("maison-lucet") == []
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "spent",
    [
        (Holding(ANA, 10),),
        (Holding(ANA, 40), Holding(BEN, -10)),
        (Holding(ANA, 20), Holding(points_of("merchant"), 10)),
        (Holding(ANA, 20), Holding(owed_of(BEN), 10)),
    ],
)
def test_a_sale_that_takes_another_sum_than_it_says_is_shelved(three, spent):
    three.write(replace(sale(100, "ana", uses=30), spent=spent))
    three.send()
    assert JournalEntry.objects.filter(outcome="shelved").count() == 1
    assert (balance(ANA), balance(BEN)) == (20, 30)


# ── any story ───────────────────────────────────────────────────────────────────────────────────

NAMES = ("ana", "ben", "clo")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["earn", "spend", "ask", "release", "send", "merge", "undo", "owe"]),
        st.integers(0, 1),
        st.integers(0, 2),
        st.integers(1, 30),
    ),
    max_size=30,
)


def asks(till: Till, account, amount: int) -> None:
    """Ask for a right, and take it on whichever card the hub gives it."""
    if granted := till.ask(account, amount):
        given = told(till, Granted)[-1].account
        till.rights[account] -= granted
        till.rights[given] += granted


def spends(till: Till, customer: str, points: int) -> None:
    """Take a reward from what this till may spend of the person, card by card."""
    spent, left = [], points
    for uuid in groups.ones("maison-lucet", customer):
        amount = min(left, till.rights[points_of(uuid)])
        left -= amount
        spent += [Holding(points_of(uuid), amount)] if amount else []
    if not left:
        till.write(replace(sale(100, customer, uses=points), spent=tuple(spent)))


def live(tills: list[Till], steps) -> None:
    """Live a story; after each step everything adds up."""
    for act, which, name, amount in steps:
        till, customer = tills[which], NAMES[name]
        match act:
            case "earn":
                till.sells(amount * 100, customer)
            case "owe":
                owes(till, customer, amount)
            case "spend":
                spends(till, customer, amount)
            case "ask":
                asks(till, points_of(customer), amount)
            case "release":
                till.releases(*(Holding(a, n) for a, n in till.rights.items() if n > 0))
            case "send" if till.acked < len(till.raws):
                till.send()
            case "merge":
                with suppress(CannotMerge):
                    merge(customer, NAMES[(name + 1) % 3])
            case "undo":
                standing = Merge.objects.filter(undone_at=None)
                for done in standing.order_by("pk")[amount % 3 :][:1]:
                    undo(done)
        assert audit.faults("maison-lucet") == []


def merged_and_parted(shop: Shop, steps) -> None:
    """Live a story with two tills, let all arrive, compare with what they wrote, part everybody."""
    tills = [Till(enrolment.enrol(shop, fresh("terminal-no"))).opened() for _ in range(2)]
    Merge.objects.all().delete()
    clean(shop.merchant)
    known = Customer.objects.update(head="")
    for till in tills:
        till.send()
    for name in NAMES if not known else ():
        tills[0].joins(name)
        tills[0].send()
    live(tills, steps)
    settle(tills)
    written = sum(
        move.amount
        for till in tills
        for raw in till.raws
        for move in movements(decode_entry(raw).facts)
        if move.account.kind is Kind.POINTS
    )
    held = Account.objects.filter(owner__in=NAMES)
    assert written == sum(
        row.balance * (-1 if row.kind == Kind.OWED else 1)
        for row in held.filter(kind__in=[Kind.POINTS, Kind.OWED])
    )
    for done in Merge.objects.filter(undone_at=None):
        undo(done)
    assert {customer.head for customer in Customer.objects.all()} == {""}
    assert audit.faults("maison-lucet") == []


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whoever_is_merged_or_parted_meanwhile_the_sums_are_what_the_tills_wrote(shop, steps):
    merged_and_parted(shop, steps)


@pytest.mark.long
@pytest.mark.django_db
@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whoever_is_merged_or_parted_in_many_more_stories_the_sums_are_the_same(shop, steps):
    merged_and_parted(shop, steps)


def test_who_has_ordered_under_another_card_joins_without_a_welcome(earned):
    """A person has one very first order (SPEC C6, RIGHTS 17)."""
    earned.joins("dan", member=False)
    earned.joins("eve", member=False)
    earned.sells(100, "dan")
    earned.send()
    merge("dan", "eve")
    assert standing.opt_in(who("eve"), shop=None, person_id=None)
    assert balance(welcome_of("eve")) == 0
