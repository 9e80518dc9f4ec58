# SPDX-License-Identifier: Apache-2.0
"""What a hub did not know is kept, and posted by the version that does: once, and the same."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.ledger import audit
from hub.ledger.models import Account, Held, Incident, JournalEntry, Outcome, Why
from hub.ledger.waiting import post_waiting
from hub.merchants import enrolment, registry
from hub.merchants.models import FeedItem, Terminal
from loyalty.account import Holding, Kind, loss_of, points_of, rest_of
from loyalty.entry import KINDS
from loyalty.refund import refunded
from loyalty.wire import GENESIS, chain
from tests.hub.ledger.test_post import balance, told
from tests.hub.till import Till, fresh, sale

LUCET = "maison-lucet"
ANA = points_of("ana")


@contextmanager
def before_the_update(*kinds: str) -> Iterator[None]:
    """A hub that does not know these kinds of entries yet."""
    unknown = {kind: KINDS.pop(kind) for kind in kinds}
    try:
        yield
    finally:
        KINDS.update(unknown)


def state(merchant: str) -> tuple[object, ...]:
    """All that a merchant's entries came to."""
    accounts = Account.objects.filter(merchant=merchant).exclude(balance=0, held_total=0)
    holds = Held.objects.filter(account__merchant=merchant).exclude(amount=0)
    rows = JournalEntry.objects.filter(merchant=merchant).exclude(kind="carry_converted")
    return (
        sorted(accounts.values_list("kind", "owner", "key", "balance", "held_total")),
        sorted(holds.values_list("account__kind", "account__owner", "amount")),
        list(
            rows.order_by("segment", "n").values_list(
                "kind", "n", "outcome", "why", "at", "cents", "points"
            )
        ),
        audit.faults(merchant),
    )


@pytest.fixture(autouse=True)
def sums_agree(db):
    yield
    assert audit.faults(LUCET) == []


def test_fault_44_it_waits_in_its_place_and_is_posted_once_after_the_update(till):
    till.joins("ana")
    till.sells(1250, "ana")
    till.sells_gift("f1", 2000)
    with before_the_update("sold"):
        till.send()
        assert post_waiting() == 0
    assert balance(ANA) == 0
    assert Incident.objects.get(kind="waiting").subject == "sold"
    assert post_waiting() == 1
    assert post_waiting() == 0
    assert balance(ANA) == 12
    row = JournalEntry.objects.get(kind="sold")
    assert (row.n, row.outcome, row.cents, row.points) == (3, Outcome.POSTED, 1250, 12)


def test_terminals_hear_of_it(till):
    till.sells(1250, "ana")
    with before_the_update("sold"):
        till.send()
    before = FeedItem.objects.latest("position").position
    post_waiting()
    assert [item.balance for item in told(before) if getattr(item, "account", 0) == ANA] == [12]


def test_nobody_needs_to_look_at_it_any_more(till):
    till.sells(1250, "ana")
    till.scans("ana")
    with before_the_update("sold", "visited"):
        till.send()
    with before_the_update("visited"):
        post_waiting()
        still = Incident.objects.filter(closed_at=None, kind="waiting")
        assert [incident.subject for incident in still] == ["visited"]
    post_waiting()
    closed = Incident.objects.filter(kind="waiting").exclude(closed_at=None)
    assert {(incident.subject, incident.ruling.person) for incident in closed} == {
        ("sold", None),
        ("visited", None),
    }


def test_what_turns_out_to_be_absurd_goes_to_the_shelf(till):
    till.sells(-100, "ana")
    with before_the_update("sold"):
        till.send()
    post_waiting()
    row = JournalEntry.objects.get(kind="sold")
    assert (row.outcome, row.why) == (Outcome.SHELVED, Why.ABSURD)
    assert Incident.objects.get(kind="shelved").subject == row.hash


def test_one_that_can_not_be_posted_stops_none_of_the_others(till, monkeypatch):
    till.sells(100, "ana")
    till.sells_gift("f1", 500)
    till.sells(200, "ana")
    with before_the_update("sold", "gift_sold"):
        till.send()
    with monkeypatch.context() as broken:
        broken.setattr("hub.ledger.people.People.gift", lambda *_: 1 / 0)
        assert post_waiting() == 2
    assert balance(ANA) == 3
    assert JournalEntry.objects.get(outcome=Outcome.WAITING).kind == "gift_sold"
    assert post_waiting() == 1


def test_what_was_released_after_it_is_not_held_for_ever(till, other):
    """The hub counts too much until the next boot says what it holds: never too little."""
    till.joins("ana")
    till.sells(1200, "ana")
    till.releases(Holding(ANA, 12))
    with before_the_update("sold"):
        till.send()
    post_waiting()
    till.reboot()
    till.send()
    assert other.ask(ANA, 12) == 12


def test_what_the_till_may_still_spend_is_given_to_nobody_else(till, other):
    till.joins("ana")
    till.sells(1200, "ana")
    with before_the_update("sold"):
        till.send()
    till.reboot()
    till.sells(300, "ana", uses=4)
    till.send()
    post_waiting()
    assert (balance(ANA), other.ask(ANA, 100)) == (12 + 3 - 4, 0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["earn", "spend", "release", "gift", "visit", "send", "reboot"]),
        st.integers(1, 9),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, unknown=st.sets(st.sampled_from(["sold", "gift_sold", "visited"]), min_size=1))
def test_it_comes_to_what_it_would_have_come_to_at_once(merchant, steps, unknown):
    """The same journal, told to a hub that knows all and to one that is updated at the end."""

    def lived(*unknown_kinds: str) -> tuple[object, ...]:
        name = fresh("merchant")
        registry.open_merchant(name, name, card_prefix="2000")
        till = Till(enrolment.enrol(registry.open_shop(name, "Ici"), f"{name}-1")).opened()
        live(till, steps, unknown_kinds)
        post_waiting()
        return state(name)

    assert lived(*unknown) == lived()


def live(till: Till, steps: list[tuple[str, int]], unknown: tuple[str, ...]) -> None:
    def send() -> None:
        with before_the_update(*unknown):
            till.send()

    till.joins("ana")
    for i, (step, amount) in enumerate(steps):
        match step:
            case "earn":
                till.write(sale(amount * 130, "ana", receipt=f"R{i}"))
            case "spend" if till.rights[ANA]:
                uses = min(amount, till.rights[ANA])
                sold = sale(amount * 10, "ana", uses=uses, receipt=f"R{i}")
                till.write(sold)
            case "release" if till.rights[ANA]:
                till.releases(Holding(ANA, min(amount, till.rights[ANA])))
            case "gift":
                till.sells_gift(f"card-{i}", amount * 100)
            case "visit":
                till.scans("ana")
            case "send":
                send()
            case "reboot":
                send()
                till.reboot()
    send()
    post_waiting()
    till.reboot()
    till.send()


def test_the_command_says_what_it_did(till, capsys):
    till.sells(100, "ana")
    with before_the_update("sold"):
        till.send()
    call_command("post_waiting")
    assert capsys.readouterr().out == "1 enregistrées, 0 en attente\n"


def refund_waits(till: Till, *, cents: int = 1_000, garbled: bool = False) -> None:
    """It pays back a sale of its own, which a hub that does not know that yet keeps."""
    sold = sale(1_000)
    sale_id = fresh("sale")
    till.write(sold, entry_id=sale_id)
    till.rights[rest_of(sale_id)] = 1_000
    till.send()
    raw = till.write(refunded(sold, sale=sale_id, left=1_000, cents=cents, receipt="R"))
    if garbled:
        del till.raws[-1]
        till.head = GENESIS
        for one in till.raws:
            till.head = chain(till.head, one)
        till.keep(raw.replace(b'"cents":1000', b'"cents":"xx"'))
    with before_the_update("refunded"):
        till.send()


@pytest.mark.parametrize("cents", [400, 1_000])
def test_a_refund_of_a_kind_learned_later_costs_the_reserve_nothing(till, cents):
    refund_waits(till, cents=cents)
    (rest,) = (account for account in till.rights if account.kind is Kind.REST)
    left = tuple(Holding(a, n) for a, n in till.rights.items() if n and a == rest)
    with before_the_update("refunded"):
        till.reboot(holds=(), rests=left)
        till.send()
    assert post_waiting() == 1
    assert (balance(rest), balance(loss_of(rest))) == (1_000 - cents, 0)


def test_refunds_that_can_not_be_read_after_the_update_hold_up_nobody(till, other):
    for one in (till, other):
        refund_waits(one, garbled=True)
    till.reboot()
    till.send()
    assert post_waiting() == 2, "they are on the shelf"
    assert not Terminal.objects.filter(waits=True).exists()
