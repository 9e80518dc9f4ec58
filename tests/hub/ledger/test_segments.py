# SPDX-License-Identifier: Apache-2.0
"""Which boot may spend: restored, cloned, late, lost and retired cards (RIGHTS 1, 8 to 10, 16)."""

import pytest

from hub.ledger import audit, custody
from hub.ledger.models import Account, CallingIn, Incident
from hub.ledger.post import NotOurs, post
from hub.merchants import enrolment, feed
from hub.merchants.models import Terminal
from loyalty.account import LOSS, Holding, points_of
from loyalty.entry import CalledIn
from loyalty.feed import Heard
from loyalty.wire import Nack
from tests.hub.ledger.holds import calls_in, heard, held, held_in, order_to
from tests.hub.till import Till

ANA = points_of("ana")


def test_a_sound_header_sets_what_is_held_to_what_it_says(earned, other):
    earned.ask(ANA, 15)
    earned.rights[ANA] = 4  # eleven were under way and never arrived
    earned.reboot()
    earned.send()
    assert held(earned) == 4
    assert other.ask(ANA, 20) == 16


def test_a_header_that_states_more_than_the_hub_counts_does_not_follow(earned):
    earned.reboot(holds=(Holding(ANA, 999),), heard=True)
    earned.send()
    assert held(earned) == 0
    assert heard(earned).sound is False
    assert Incident.objects.filter(kind="unsound").exists()


@pytest.mark.parametrize(("told", "sound"), [(False, False), (True, True)])
def test_who_has_not_heard_that_the_boot_before_did_not_follow_does_not_follow(earned, told, sound):
    """It still holds what its card held when it was copied, whatever it says."""
    earned.reboot(prev_n=3, heard=True)
    earned.send()
    earned.reboot(holds=(), heard=told)
    earned.send()
    assert heard(earned).sound is sound


@pytest.mark.parametrize(
    "told", [{"prev_n": 3}, {"prev_head": "00" * 32}, {"prev_segment": ""}, {"gen": 9}]
)
def test_fault_30_a_header_that_does_not_follow_starts_from_nothing(earned, told):
    """A card put back: what it held may be spent already, what it earns from now on is its own."""
    earned.ask(ANA, 15)
    before = earned.segment
    earned.reboot(**told)
    earned.sells(300, "ana")
    assert earned.send().upto == 2, "its sales are facts all the same"
    assert (held(earned), held_in(before)) == (3, 15)
    assert heard(earned) == Heard(segment=earned.segment, sound=False)
    assert Incident.objects.filter(kind="unsound").exists()
    assert earned.ask(ANA, 50) == 5, "it is alive: what is free can be granted"


def test_the_boot_that_calls_in_frees_what_the_others_of_its_board_hold(earned, other):
    earned.ask(ANA, 15)
    before = earned.segment
    earned.reboot(prev_n=3)
    earned.send()
    assert other.ask(ANA, 20) == 5, "the boot before may have spent the rest, and not be over"
    calls_in(earned)
    assert held_in(before) == 0
    assert other.ask(ANA, 20) == 15
    assert audit.faults("maison-lucet") == []


def test_an_order_that_another_board_read_says_nothing(earned):
    earned.ask(ANA, 15)
    before = earned.segment
    earned.reboot(prev_n=3)
    earned.send()
    earned.reboot(hw_id="another board")
    calls_in(earned)
    assert held_in(before) == 15


def test_entries_after_the_place_where_a_segment_was_followed_find_no_right(earned, other):
    """A card put back before the hub had the end of its journal: the end comes late (RIGHTS 8)."""
    earned.ask(ANA, 15)
    forgotten = earned.segment, list(earned.raws), earned.head
    earned.reboot()
    earned.send()
    new = earned.segment, earned.raws, earned.head
    earned.segment, earned.raws, earned.head = forgotten
    earned.sells(100, "ana", uses=15)
    earned.send(len(earned.raws))
    earned.segment, earned.raws, earned.head = new
    assert held(earned) == 15, "the boot that followed may spend it all the same"
    assert Incident.objects.filter(kind="late").exists()
    assert Incident.objects.get(kind="loss").facts["amount"] == 9, "5 were free, 1 it earned"
    assert other.ask(ANA, 20) == 0
    assert audit.faults("maison-lucet") == []


def test_a_header_waits_for_what_came_before_it(earned):
    earned.ask(ANA, 15)
    earned.sells(100, "ana", uses=15)
    complete = earned.segment, list(earned.raws)
    earned.reboot()
    answer = earned.send()
    assert answer == Nack(epoch=feed.epoch(), segment=complete[0], want=5, code="earlier")
    batch, _ = earned.batch(5, segment=complete[0])
    post(earned.terminal.pk, batch, complete[1][4:])
    assert earned.send().upto == 1
    assert heard(earned) == Heard(segment=earned.segment, sound=True)


def test_what_a_card_has_lost_is_not_waited_for(earned):
    earned.sells(100, "ana")
    earned.reboot()
    assert isinstance(earned.send(), Nack)
    assert earned.send(lost=True).upto == 1
    assert heard(earned) == Heard(segment=earned.segment, sound=False)


def test_fault_29_a_card_in_another_board_is_granted_nothing(earned):
    earned.reboot(hw_id="another board")
    earned.send()
    assert heard(earned) == Heard(segment=earned.segment, sound=False, stranger=True)
    assert Incident.objects.filter(kind="stranger").exists()
    assert earned.ask(ANA, 5) == 0
    custody.adopt(Terminal.objects.get(pk=earned.terminal.pk), "another board")
    assert earned.ask(ANA, 5) == 5


def test_a_frozen_terminal_is_granted_nothing(earned):
    custody.freeze(earned.terminal, frozen=True)
    assert earned.ask(ANA, 5) == 0
    custody.freeze(earned.terminal, frozen=False)
    assert earned.ask(ANA, 5) == 5


def test_fault_36_what_a_retired_terminal_held_is_the_customers_again(earned, other):
    earned.ask(ANA, 15)
    earned.sells(100, "ana", uses=15)
    custody.retire(earned.terminal)
    with pytest.raises(NotOurs):
        earned.send()
    assert other.ask(ANA, 20) == 20


def test_fault_36_what_turns_up_of_a_retired_terminal_is_paid_by_the_loss_reserve(
    earned, shop, other
):
    """Its journal was found on the card, which was enrolled again (RIGHTS 16)."""
    earned.ask(ANA, 15)
    earned.sells(100, "ana", uses=15)
    custody.retire(earned.terminal)
    other.ask(ANA, 12)
    earned.terminal = enrolment.enrol(shop, earned.terminal.pk)
    earned.send()
    assert Account.objects.get(owner="ana", kind="points").balance == 20
    assert Account.objects.get(owner=LOSS, kind="points").balance == -14, "1 it earned itself"
    earned.reboot(holds=())
    earned.send()
    assert heard(earned).sound is False
    assert audit.faults("maison-lucet") == []


def test_what_a_retired_card_earned_late_is_the_customers_once_it_is_read(earned, shop, other):
    """Until its journal ends, what it spends late comes out of that first."""
    earned.sells(300, "ana")
    custody.retire(earned.terminal)
    earned.terminal = enrolment.enrol(shop, earned.terminal.pk)
    earned.send()
    assert held(earned) == 3
    earned.reboot(holds=())
    earned.send()
    assert other.ask(ANA, 50) == 23


def test_a_sale_spends_what_it_earned_as_its_till_does(earned):
    """Till and hub count the difference: else a card put back would leave them apart for ever."""
    earned.reboot(prev_n=3)
    earned.sells(1200, "ana", uses=10)
    earned.send()
    assert held(earned) == 2
    assert not Incident.objects.filter(kind="loss").exists()


def test_what_a_card_held_in_the_board_it_left_goes_back(earned, shop, other):
    """It moved, and its old board's journal is heard only after somebody adopted the new one."""
    earned.ask(ANA, 15)
    earned.sells(300, "ana")
    before = earned.segment, earned.raws
    custody.adopt(Terminal.objects.get(pk=earned.terminal.pk), "new board")
    earned.reboot(hw_id="new board")
    batch, _ = earned.batch(4, segment=before[0])
    post(earned.terminal.pk, batch, before[1][3:])
    earned.send()
    assert held_in(before[0]) == 0
    assert other.ask(ANA, 50) == 23
    assert audit.faults("maison-lucet") == []


def test_what_a_card_held_that_was_enrolled_anew_in_another_board_goes_back(earned, shop, other):
    earned.ask(ANA, 15)
    before = earned.segment
    earned.reboot(hw_id="new board")
    earned.send()
    assert (held_in(before), heard(earned).stranger) == (15, True)
    earned.terminal = enrolment.enrol(shop, earned.terminal.pk)
    earned.reboot(hw_id="new board")
    earned.send()
    assert (held_in(before), heard(earned).sound) == (0, False)
    assert other.ask(ANA, 50) == 20


def test_a_copy_that_moves_on_leaves_nothing_behind_and_takes_nothing_of_the_original(earned):
    earned.ask(ANA, 15)
    original = earned.segment
    earned.reboot(hw_id="another board")
    earned.sells(300, "ana")
    earned.send()
    copied = earned.segment
    earned.reboot(hw_id="a third board")
    earned.send()
    assert (held_in(copied), held_in(original)) == (0, 15)


def test_a_copy_that_reboots_keeps_nothing_from_its_customers(earned, other):
    """What it sold in a boot that is over nobody can spend: only its own board can say so."""
    earned.ask(ANA, 15)
    original = earned.segment, earned.raws, earned.head
    earned.reboot(hw_id="another board")
    earned.sells(300, "ana")
    earned.send()
    copied = earned.segment
    earned.reboot(hw_id="another board")
    earned.send()
    order = order_to(earned)
    copy, (earned.segment, earned.raws, earned.head) = (
        (earned.segment, earned.raws, earned.head),
        original,
    )
    earned.acked = len(earned.raws)
    earned.write(CalledIn(order=order))
    earned.send()
    assert held_in(copied) == 3, "the original has read the order, too"
    earned.segment, earned.raws, earned.head = copy
    earned.acked = len(earned.raws)
    earned.write(CalledIn(order=order))
    earned.send()
    assert (held_in(copied), held_in(original[0])) == (0, 15)


def test_what_a_copy_sold_is_the_customers_once_the_original_is_enrolled_again(earned, shop, other):
    """The copy is of the generation before: nobody will ever hear it, nor call it in."""
    earned.ask(ANA, 15)
    original = earned.segment, earned.raws, earned.head
    earned.reboot(hw_id="another board")
    earned.sells(300, "ana")
    earned.send()
    copied = earned.segment
    earned.segment, earned.raws, earned.head = original
    earned.terminal = enrolment.enrol(shop, earned.terminal.pk)
    earned.reboot(holds=(Holding(ANA, 15),))
    earned.send()
    assert (held_in(copied), held(earned), heard(earned).sound) == (0, 15, True)
    assert other.ask(ANA, 50) == 8
    assert audit.faults("maison-lucet") == []


def test_a_terminal_enrolled_again_starts_with_nothing(earned, shop, other):
    earned.ask(ANA, 15)
    again = Till(enrolment.enrol(shop, earned.terminal.pk)).opened()
    assert again.send().upto == 1
    assert held(again) == 0
    assert other.ask(ANA, 20) == 20


def deliver(till: Till) -> None:
    """Send everything that was not, oldest segment first, as terminals do."""
    for segment, raws in [*till.closed, (till.segment, till.raws)]:
        batch, _ = till.batch(1, segment=segment)
        post(till.terminal.pk, batch, raws)


@pytest.mark.parametrize("sent", [0, 1], ids=["nothing", "its header"])
@pytest.mark.parametrize("reboots", [1, 2])
def test_fault_38_a_terminal_enrolled_again_with_its_journal_keeps_what_it_earned_unheard(
    shop, other, sent, reboots
):
    """Its own right is counted before anybody else is granted the same points."""
    till = Till(enrolment.enrol(shop, "saint-denis-9")).opened()
    if sent:
        till.send()
    for reboot in range(reboots):
        if reboot:
            till.reboot()
        till.sells(2500, "ana")
    till.terminal = enrolment.enrol(shop, till.terminal.pk)
    till.reboot()
    deliver(till)
    earned = 25 * reboots
    assert (held(till), till.rights[ANA], other.ask(ANA, 50)) == (earned, earned, 0)
    till.acked = 1
    till.sells(100, "ana", uses=earned)
    till.send()
    assert audit.faults("maison-lucet") == []
    assert not Incident.objects.exclude(kind="unknown_customer").exists()


def test_a_card_that_was_put_back_and_booted_twice_before_it_heard_holds_nothing(earned):
    """Its second header follows the first, and states what nobody counts."""
    earned.ask(ANA, 15)
    held_then = dict(earned.rights)
    earned.reboot(prev_n=3)
    earned.rights.update(held_then)
    earned.reboot(holds=(Holding(ANA, 15),))
    for segment, raws in [earned.closed[-1], (earned.segment, earned.raws)]:
        batch, _ = earned.batch(1, segment=segment)
        post(earned.terminal.pk, batch, raws)
    assert heard(earned) == Heard(segment=earned.segment, sound=False)
    assert held(earned) == 0


def test_what_late_entries_have_earned_comes_back_once_the_living_boot_calls_in(earned):
    """Their segment was followed: nobody could ever spend or release it there."""
    forgotten = earned.segment, list(earned.raws), earned.head
    earned.reboot()
    earned.send()
    new = earned.segment, earned.raws, earned.head
    earned.segment, earned.raws, earned.head = forgotten
    earned.sells(300, "ana")
    earned.send(len(earned.raws))
    assert held_in(forgotten[0]) == 3
    earned.segment, earned.raws, earned.head = new
    earned.acked = 1
    calls_in(earned)
    assert held_in(forgotten[0]) == 0
    assert audit.faults("maison-lucet") == []


def test_a_board_that_was_given_up_is_not_asked_again_when_it_answers(earned):
    """Its answer comes late itself: hub and board would go on asking and answering for ever."""
    original = earned.segment, earned.raws, earned.head
    earned.reboot(hw_id="another board")
    earned.send()
    custody.adopt(earned.terminal, "another board")
    earned.segment, earned.raws, earned.head = original
    earned.acked = len(earned.raws)
    orders = CallingIn.objects.count()
    earned.write(CalledIn(order=order_to(earned)))
    earned.sells(300, "ana")
    earned.send()
    assert CallingIn.objects.count() == orders


def test_what_a_retired_terminal_had_earned_unheard_is_the_customers_in_the_end(earned, shop):
    before = earned.segment
    earned.sells(300, "ana")
    custody.retire(earned.terminal)
    earned.terminal = enrolment.enrol(shop, earned.terminal.pk)
    earned.send()
    assert held_in(before) == 3, "its own late redemptions come first"
    earned.reboot(holds=())
    earned.send()
    calls_in(earned)
    assert held_in(before) == 0
    assert audit.faults("maison-lucet") == []
