# SPDX-License-Identifier: Apache-2.0
"""A terminal that leaves in good order: its last entry closes its generation, nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.ledger import audit, custody
from hub.ledger.models import Account, Incident, JournalEntry, Segment, Why
from hub.ledger.post import NotOurs
from hub.merchants import enrolment
from hub.merchants.models import Terminal
from loyalty.account import Holding, points_of
from loyalty.entry import SignedOff
from loyalty.feed import TillMay
from tests.hub.ledger.holds import held, told
from tests.hub.till import Till

ANA = points_of("ana")


def later() -> int:
    return custody.see_off(now=timezone.now() + timedelta(minutes=1))


def signs_off(till: Till) -> None:
    till.terminal.refresh_from_db()
    till.releases(*(Holding(a, n) for a, n in till.rights.items() if n))
    till.write(SignedOff(gen=till.terminal.gen))
    till.send()
    till.terminal.refresh_from_db()


def test_the_terminal_is_told_to_leave_and_may_be_told_to_stay(earned):
    custody.leave(earned.terminal, leaving=True)
    custody.leave(earned.terminal, leaving=False)
    assert [item.leaving for item in told(earned, TillMay)][-2:] == [1, 0]


def test_its_last_entry_closes_the_generation_and_frees_all_it_held(earned, other):
    earned.sells(1000, "ana")
    earned.send()
    custody.leave(earned.terminal, leaving=True)
    signs_off(earned)
    assert earned.terminal.signed_off_at
    assert not earned.terminal.leaving
    assert other.ask(ANA, 30) == 30
    assert earned.ask(ANA, 1) == 0
    assert audit.faults("maison-lucet") == []
    assert not Incident.objects.exists()


@pytest.mark.parametrize("leaving", [True, False])
def test_who_asks_while_it_signs_off_finds_it_gone(earned, leaving):
    custody.leave(earned.terminal, leaving=True)
    read_before = Terminal.objects.get(pk=earned.terminal.pk)
    signs_off(earned)
    custody.leave(read_before, leaving=leaving)
    earned.terminal.refresh_from_db()
    assert earned.terminal.signed_off_at
    assert not earned.terminal.leaving


def test_what_it_forgot_to_give_back_is_free_all_the_same(earned, other):
    earned.ask(ANA, 20)
    earned.write(SignedOff(gen=1))
    earned.send()
    assert (held(earned), other.ask(ANA, 20)) == (0, 20)
    assert audit.faults("maison-lucet") == []


def test_until_it_is_seen_off_the_same_entries_are_acknowledged_again(earned):
    signs_off(earned)
    assert [earned.send(1).upto for _ in range(2)] == [len(earned.raws)] * 2
    assert custody.see_off() == 0, "it may not have heard yet"
    assert later() == 1
    earned.terminal.refresh_from_db()
    assert earned.terminal.retired_at
    with pytest.raises(NotOurs):
        earned.send(1)
    assert later() == 0


def test_one_that_is_enrolled_again_at_that_moment_stays(earned, other, shop, monkeypatch):
    """While the one is seen off, somebody enrols the other."""
    for till in (earned, other):
        signs_off(till)
    revoke = custody.authority.revoke

    def meanwhile(terminal: Terminal) -> None:
        revoke(terminal)
        enrolment.enrol(shop, ({earned.terminal.pk, other.terminal.pk} - {terminal.pk}).pop())

    monkeypatch.setattr("hub.ledger.custody.authority.revoke", meanwhile)
    assert later() == 1
    assert Terminal.objects.filter(retired_at=None, gen=2).count() == 1


def test_what_comes_after_its_last_entry_is_shelved(earned):
    signs_off(earned)
    earned.sells(500, "ana")
    answer = earned.send()
    assert answer.upto == len(earned.raws), "the queue goes on"
    assert JournalEntry.objects.get(why=Why.CLOSED).kind == "sold"
    assert Account.objects.get(kind="points", owner="ana").balance == 20
    assert audit.faults("maison-lucet") == []


def test_an_old_copy_of_its_card_is_shelved_whole_once_enrolled_again(earned):
    copy = [*earned.raws]
    signs_off(earned)
    later()
    enrolment.enrol(earned.terminal.shop, earned.terminal.pk)
    earned.terminal.refresh_from_db()
    found = Till(earned.terminal)
    found.segment, found.raws, found.head = earned.segment, copy, earned.head
    found.reboot(gen=1, prev_n=len(copy))
    found.sells(700, "ana")
    found.send()
    assert JournalEntry.objects.filter(why=Why.CLOSED).count() == 2
    assert Account.objects.get(kind="points", owner="ana").balance == 20
    assert not Segment.objects.get(uuid=found.segment).may_be_alive


def test_enrolled_again_it_sells_like_any_other(earned):
    signs_off(earned)
    later()
    enrolment.enrol(earned.terminal.shop, earned.terminal.pk)
    earned.terminal.refresh_from_db()
    assert earned.terminal.signed_off_at is None
    earned.reboot()
    earned.sells(500, "ana")
    earned.send()
    assert Account.objects.get(kind="points", owner="ana").balance == 25
    assert not JournalEntry.objects.filter(outcome="shelved").exists()
    assert audit.faults("maison-lucet") == []


def test_a_copy_in_another_machine_can_not_sign_off_for_it(earned):
    earned.reboot(hw_id="another board")
    earned.write(SignedOff(gen=1))
    earned.send()
    earned.terminal.refresh_from_db()
    assert earned.terminal.signed_off_at is None
