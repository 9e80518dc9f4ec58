# SPDX-License-Identifier: Apache-2.0
"""A refund of a sale that a restored hub lacks waits for whoever made it (RIGHTS 22)."""

from collections import Counter
from dataclasses import dataclass

import pytest

from hub.ledger import audit, custody, missing, restored
from hub.ledger.models import Account, Held, Incident, IncidentKind, JournalEntry, Outcome
from hub.ledger.posting import Posting
from hub.ledger.waiting import post_waiting
from hub.merchants import enrolment, feed
from loyalty.account import Holding, loss_of, owed_of, points_of, rest_of, short_of
from loyalty.entry import SignedOff
from loyalty.refund import refunded
from tests.hub.ledger.holds import heard
from tests.hub.ledger.test_post import balance
from tests.hub.till import Till, sale

LUCET = "maison-lucet"
ANA, REST = points_of("ana"), rest_of("sale")
SOLD = sale(1_000, "ana", uses=15)
"""Earns 10, and a coffee for 15 goes with it."""


@dataclass
class Case:
    """What the till does that pays the sale back, and when the hub goes on without the other."""

    other: Till

    def restored(self) -> None:
        """The hub forgot the sale, and that this till was given its rest."""
        restored.begin("test")
        self.other.rights[REST] = 1_000
        self.reboot()

    def refunds(self) -> None:
        self.other.write(refunded(SOLD, sale="sale", left=1_000, cents=1_000, receipt="R"))
        self.other.send()

    def reboot(self) -> None:
        told = {account: n for account, n in self.other.rights.items() if n}
        self.other.reboot(
            epoch=feed.epoch(),
            holds=tuple(Holding(a, n) for a, n in told.items() if a != REST),
            rests=tuple(Holding(a, n) for a, n in told.items() if a == REST),
        )
        self.other.send()

    def spends(self) -> None:
        """Ten of the points that came back."""
        self.other.sells(100, "ana", uses=10)
        self.other.send()

    def accepted(self) -> None:
        restored.accept(LUCET)


def held_at(till: Till) -> Counter:
    rows = Held.objects.filter(segment__uuid=till.segment, amount__gt=0).select_related("account")
    return Counter({(one.account.kind, one.account.owner): one.amount for one in rows})


def holds(till: Till) -> Counter:
    return Counter({(a.kind.value, a.owner): n for a, n in till.rights.items() if n})


def early() -> list[Incident]:
    return list(Incident.objects.filter(kind=IncidentKind.EARLY, closed_at=None))


@pytest.fixture
def silent(earned) -> Till:
    """It has 20 points of Ana in its right, and sells with them, unheard."""
    assert earned.ask(ANA, 20) == 20
    earned.write(SOLD, entry_id="sale")
    earned.rights[REST] = 1_000
    return earned


@pytest.fixture
def case(silent, other) -> Case:
    return Case(other)


def comes(till: Till) -> None:
    """The sale, after all; its till had let its rest go to the other one."""
    till.releases(Holding(REST, 1_000), Holding(ANA, till.rights[ANA]))
    till.send()
    till.reboot(epoch=feed.epoch())
    till.send()


ORDERS = {
    "it comes while all are waited for": "restored refunds accepted",
    "it comes after somebody went on": "restored accepted refunds",
    "its till reboots before that": "restored refunds reboot accepted",
    "its till reboots after that": "restored refunds accepted reboot",
    "it comes after, and its till reboots": "restored accepted refunds reboot",
    "what it gave is spent before": "restored refunds spends accepted",
    "what it gave is spent, and its till reboots": "restored refunds spends reboot accepted",
    "nobody goes on": "restored refunds",
    "nobody goes on, and what it gave is spent": "restored refunds reboot spends",
    "nobody goes on, and its till reboots": "restored refunds spends reboot",
    "what it gave is spent after": "restored accepted refunds spends",
    "what it gave is spent after a reboot": "restored accepted refunds reboot spends reboot",
}


@pytest.mark.parametrize("steps", ORDERS.values(), ids=ORDERS)
def test_it_comes_to_what_it_would_have_come_to_at_once(case, silent, steps):
    for step in steps.split():
        getattr(case, step)()
    assert early(), "it waits, and a person is told"
    comes(silent)
    spent = 10 if "spends" in steps else 0
    earned = 1 if spent else 0
    assert balance(ANA) - balance(owed_of(ANA)) == 20 - spent + earned
    assert (balance(short_of(ANA)), balance(loss_of(ANA))) == (0, 0)
    assert (balance(REST), balance(loss_of(REST))) == (0, 0)
    assert held_at(case.other) == holds(case.other)
    assert not early()
    assert not Incident.objects.filter(kind=IncidentKind.OVERHELD)
    assert audit.faults(LUCET) == []


def test_without_waiting_its_points_would_never_move(case, silent, monkeypatch):
    """The mutant: it is posted at once, and nothing is done when the sale comes."""
    monkeypatch.setattr(missing, "awaits", lambda _merchant: False)
    for step in (case.restored, case.accepted, case.refunds):
        step()
    comes(silent)
    assert balance(ANA) - balance(owed_of(ANA)) == 15


def test_what_a_silent_till_holds_and_another_one_spends_is_the_reserves(case, silent):
    """Somebody went on though both believed to hold it: that is what may be spent twice."""
    for step in (case.restored, case.refunds, case.reboot, case.spends, case.accepted):
        step()
    comes(silent)
    assert balance(ANA) == 11 - balance(loss_of(ANA))
    counted, told = held_at(case.other), holds(case.other)
    assert counted >= told, "too much at most: the next header puts it right"
    case.reboot()
    assert held_at(case.other) == told
    assert audit.faults(LUCET) == []


def test_nothing_moves_before(case):
    case.restored()
    case.accepted()
    before = set(Account.objects.exclude(kind="rest").values_list("kind", "owner", "balance"))
    case.refunds()
    after = set(Account.objects.exclude(kind="rest").values_list("kind", "owner", "balance"))
    assert after == before
    assert post_waiting() == 0, "an update of the hub does not change that"
    assert audit.faults(LUCET) == []


def test_of_a_till_that_is_retired_it_is_posted_without_its_sale(case, silent):
    """Its money was handed out; of the customer nothing is known that could be undone."""
    case.restored()
    case.accepted()
    case.refunds()
    custody.retire(silent.terminal)
    assert not early()
    assert balance(ANA) == 20
    assert balance(loss_of(REST)) == -1_000
    assert audit.faults(LUCET) == []


def test_where_no_hub_was_restored_it_does_not_wait(earned, other):
    """A till that forgot the sale can't be waited for: it says so itself (PROTOCOL 3)."""
    other.write(refunded(SOLD, sale="sale", left=1_000, cents=1_000, receipt="R"))
    other.send()
    assert not early()
    assert balance(loss_of(REST)) == -1_000


# ── what else happens while it waits ────────────────────────────────────────────────────────────


@pytest.fixture
def third(shop) -> Till:
    """One more of the shop, which the hub has heard."""
    till = Till(enrolment.enrol(shop, "saint-denis-3")).opened()
    till.send()
    return till


def reports(till: Till) -> None:
    """It says in this life of the hub what it holds."""
    till.reboot(epoch=feed.epoch())
    till.send()


@pytest.mark.parametrize("reboots", [False, True])
def test_its_till_signs_off_before_the_sale_comes(case, silent, reboots):
    """It was acknowledged in time: nothing of it goes to the shelf."""
    for step in (case.restored, case.accepted, case.refunds):
        step()
    if reboots:
        case.reboot()
    case.other.write(SignedOff(gen=case.other.terminal.gen))
    case.other.send()
    comes(silent)
    assert balance(REST) == 0
    assert JournalEntry.objects.get(kind="refunded").outcome == Outcome.POSTED
    assert audit.faults(LUCET) == []


@pytest.mark.parametrize("accepted", [True, False])
def test_its_till_is_retired_before_the_sale_comes(case, silent, third, accepted):
    """It was honest when it paid the sale back: nobody pays that back again."""
    case.restored()
    reports(third)
    if accepted:
        case.accepted()
    case.refunds()
    custody.retire(case.other.terminal)
    comes(silent)
    assert third.ask(REST, 1_000) == 0
    assert balance(ANA) - balance(owed_of(ANA)) == 20
    assert balance(loss_of(REST)) == 0


def test_nobody_is_given_the_rest_of_the_sale_meanwhile(case, silent, third):
    """Its sale has come, and the header of its till has not: nobody has looked yet."""
    case.restored()
    reports(third)
    for step in (case.accepted, case.refunds, case.reboot):
        step()
    silent.releases(Holding(REST, 1_000), Holding(ANA, silent.rights[ANA]))
    silent.send()
    assert third.ask(REST, 1_000) == 0


def test_what_another_till_was_short_of_is_paid_of_what_is_free(earned, other, third):
    """And what then lacks is not asked of the till that waits."""
    third.rights[ANA] = 10  # granted since the backup
    case = Case(other)
    case.restored()
    third.sells(100, "ana", uses=10)
    third.releases(Holding(ANA, 1))
    third.send()
    reports(third)
    case.refunds()
    case.accepted()
    assert (balance(ANA), balance(short_of(ANA))) == (11, 0)
    earned.rights |= {ANA: 15, REST: 1_000}
    earned.write(SOLD, entry_id="sale")
    comes(earned)
    case.reboot()
    assert heard(other).sound


def test_who_goes_on_twice_takes_nothing_off_again(earned, other, third):
    """There were two incidents of it, or somebody's page was open already."""
    other.ask(ANA, 15)
    case = Case(other)
    case.restored()
    reports(third)
    for step in (case.refunds, case.accepted, case.reboot, case.accepted):
        step()
    assert third.ask(ANA, 20) == 5


def test_one_that_can_not_be_posted_keeps_nobody_out(case, silent, third, monkeypatch):
    for step in (case.restored, lambda: reports(third), case.accepted, case.refunds):
        step()
    with monkeypatch.context() as patch:
        patch.setattr(Posting, "wake", lambda *_: 1 / 0)
        comes(silent)
        assert early(), "it goes on waiting, and all else is posted"
        assert audit.faults(LUCET) == []
    assert post_waiting() == 1
    assert not early()
