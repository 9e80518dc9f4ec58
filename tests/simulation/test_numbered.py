# SPDX-License-Identifier: Apache-2.0
"""Faults by their number in docs/faults.md: each story holds, and breaks without its defence."""

from collections.abc import Callable

import pytest

from tests.simulation import network, undefended
from tests.simulation.act import Step
from tests.simulation.mutants import MUTANTS
from tests.simulation.play import Stage
from tests.simulation.story import (
    ANA,
    INSTANT,
    LUC,
    ONE,
    SECONDS,
    THEO,
    THREE,
    TWO,
    cafe,
    one,
    sells,
)
from tests.simulation.unit import Broken

Patch = pytest.MonkeyPatch

MINUTES, HOURS = one("minutes", c=3), one("hours", c=11)
DOWN = 1
"""Frames to a terminal are held back, instead of those from it."""


def holds(here: Stage, *steps: Step) -> None:
    """No invariant breaks, and everything comes to rest."""
    told = here.play(steps)
    assert not told.broken, "\n".join((*told.lines, told.broken))


def shows(here: Stage, *steps: Step, without: str | Callable[[Patch], None]) -> None:
    """The story holds, and does not when a rule is taken out."""
    holds(here, *steps)
    with pytest.MonkeyPatch.context() as patch:
        (MUTANTS[without] if isinstance(without, str) else without)(patch)
        harmed = here.play(steps)
    # the judge has seen it: a mutant that only crashes shows nothing
    assert harmed.broken.startswith(Broken.__name__), "\n".join((*harmed.lines, harmed.broken))


def test_fault_2_the_power_goes_before_a_sale_is_sent(here: Stage) -> None:
    shows(
        here,
        one("cable_pulled", ONE),
        sells(ONE, ANA, 1_000),
        one("power_cut", ONE),
        one("cable_back", ONE),
        one("reboot", ONE),
        SECONDS,
        without="flush_less",
    )


def test_fault_3_the_power_goes_while_the_answer_is_awaited(here: Stage) -> None:
    shows(
        here,
        one("frames_held", ONE, b=DOWN),
        sells(ONE, ANA, 1_000),
        SECONDS,
        one("power_cut", ONE),
        one("frames_pass"),
        one("reboot", ONE),
        SECONDS,
        without="post_again",
    )


def test_fault_9_sync_is_the_first_to_open_the_file_after_a_flush_that_failed(here: Stage) -> None:
    shows(
        here,
        one("flush_fails", ONE),
        one("pays_by_gift", ONE, 533, b=10),
        one("killed_at_write", ONE, 8),
        one("sync_killed", ONE),
        without=undefended.only_the_kiosk_reads_the_card,
    )


@pytest.mark.parametrize("write", range(6))
def test_fault_4_the_power_goes_while_the_answer_is_noted(here: Stage, write: int) -> None:
    shows(
        here,
        one("frames_held", ONE, b=DOWN),
        sells(ONE, ANA, 1_000),
        SECONDS,
        Step("power_cut_at_write", ONE, 0, write),
        one("frames_let_go"),
        SECONDS,
        one("reboot", ONE),
        SECONDS,
        without="post_again",
    )


def test_fault_12_the_broker_dies_with_what_it_had_taken(here: Stage) -> None:
    shows(
        here,
        one("frames_held", ONE),
        sells(ONE, ANA, 1_000),
        SECONDS,
        one("broker_falls"),
        SECONDS,
        one("broker_rises"),
        SECONDS,
        without="trust_the_pipe",
    )


def test_fault_13_the_broker_drops_what_it_has_no_room_for(here: Stage, monkeypatch: Patch) -> None:
    monkeypatch.setattr(network, "ROOM", 1)
    shows(
        here,
        *(sells(till, ANA, 1_000) for till in (ONE, TWO, THREE)),
        SECONDS,
        *(sells(till, THEO, 1_000) for till in (ONE, TWO, THREE)),
        MINUTES,
        without="trust_the_pipe",
    )


def test_fault_14_days_without_a_broker(here: Stage) -> None:
    shows(
        here,
        sells(ONE, ANA, 1_000),
        one("a_moment", c=1),
        one("broker_falls"),
        *[HOURS] * 5,
        cafe(ONE, ANA),
        sells(TWO, ANA, 1_000),
        one("cable_pulled", ONE),
        one("broker_rises"),
        SECONDS,
        cafe(TWO, ANA),
        SECONDS,
        cafe(THREE, ANA),
        SECONDS,
        cafe(TWO, ANA),
        SECONDS,
        without="release_by_timeout",
    )


def test_fault_16_the_hub_is_killed_between_its_commit_and_its_answer(here: Stage) -> None:
    shows(
        here,
        sells(ONE, ANA, 1_000),
        Step("hub_will_die", 0, 1, 1),
        SECONDS,
        one("hub_starts"),
        SECONDS,
        without="post_again",
    )


def test_fault_17_the_hub_is_killed_between_its_inbox_and_its_ledger(here: Stage) -> None:
    shows(
        here,
        sells(ONE, ANA, 1_000),
        Step("hub_will_die", 0, 0, 1),
        SECONDS,
        one("hub_starts"),
        SECONDS,
        without="acknowledge_first",
    )


def test_fault_18_the_hub_is_put_back_from_an_hour_ago(here: Stage) -> None:
    shows(
        here,
        one("hub_backed_up"),
        sells(ONE, THEO, 1_000),
        cafe(TWO, ANA),
        one("hours", c=0),
        one("cable_pulled", TWO),
        one("hub_restored"),
        SECONDS,
        cafe(THREE, ANA),
        SECONDS,
        one("cable_back", TWO),
        MINUTES,
        without=undefended.nobody_notices,
    )


def test_fault_20_frames_come_again_hours_later(here: Stage) -> None:
    shows(
        here,
        one("frames_held", ONE),
        sells(ONE, ANA, 1_000),
        SECONDS,
        one("frames_pass"),
        MINUTES,
        HOURS,
        one("frames_let_go"),
        SECONDS,
        without="post_again",
    )


def test_fault_21_batches_overtake_each_other(here: Stage) -> None:
    shows(
        here,
        one("frames_held", ONE),
        sells(ONE, ANA, 1_000),
        INSTANT,
        one("frames_pass"),
        sells(ONE, ANA, 500),
        INSTANT,
        one("frames_let_go"),
        SECONDS,
        without=undefended.take_a_gap,
    )


def test_fault_22_three_frames_in_ten_are_lost_and_all_are_late(here: Stage) -> None:
    shows(
        here,
        Step("weather_turns", 0, 1, 7),
        *(sells(till, who, 1_000) for till in (ONE, TWO, THREE) for who in (ANA, THEO, LUC)),
        *[MINUTES] * 6,
        without="trust_the_pipe",
    )


def test_fault_19_the_database_comes_back_without_its_last_commits(here: Stage) -> None:
    shows(
        here,
        sells(ONE, THEO, 1_000),
        SECONDS,
        one("hub_backed_up"),
        sells(ONE, THEO, 500),
        cafe(TWO, ANA),
        INSTANT,
        one("a_moment", c=1),
        one("cable_pulled", TWO),
        one("hub_restored"),
        one("minutes", c=2),
        cafe(THREE, ANA),
        SECONDS,
        without=undefended.nobody_notices,
    )


@pytest.mark.parametrize("wrong", range(3), ids=["1970", "twenty years on", "an hour back"])
def test_fault_27_a_clock_jumps_in_the_middle_of_selling(here: Stage, wrong: int) -> None:
    holds(
        here,
        sells(ONE, ANA, 1_000),
        one("clock_jumps", ONE, wrong),
        cafe(ONE, ANA),
        SECONDS,
        one("clock_jumps", ONE, 3),
        sells(ONE, ANA, 500),
        MINUTES,
    )


def test_fault_29_a_card_is_copied_into_a_second_board(here: Stage) -> None:
    shows(
        here,
        sells(ONE, ANA, 1_000),
        SECONDS,
        one("card_copied", ONE),
        SECONDS,
        one("card_cloned", ONE),
        SECONDS,
        cafe(ONE, ANA),
        Step("redeems", 3, ANA, 10),
        MINUTES,
        cafe(ONE, ANA),
        Step("redeems", 3, ANA, 10),
        MINUTES,
        without=undefended.every_header_is_sound,
    )


def test_fault_30_a_copy_is_written_back_onto_its_card(here: Stage) -> None:
    shows(
        here,
        sells(ONE, ANA, 1_000),
        SECONDS,
        one("card_copied", ONE),
        SECONDS,
        cafe(ONE, ANA),
        cafe(ONE, ANA),
        SECONDS,
        one("card_rolled_back", ONE),
        SECONDS,
        cafe(ONE, ANA),
        SECONDS,
        without=undefended.every_header_is_sound,
    )


def test_fault_34_two_tills_ask_for_the_same_last_points(here: Stage) -> None:
    shows(here, cafe(TWO, ANA), cafe(THREE, ANA), SECONDS, without="grant_not_counted")


def test_fault_35_a_grant_comes_after_the_till_gave_up(here: Stage) -> None:
    shows(
        here,
        one("frames_held", TWO, b=DOWN),
        cafe(TWO, ANA),
        SECONDS,
        one("frames_let_go"),
        MINUTES,
        cafe(THREE, ANA),
        SECONDS,
        without=undefended.late_grants_are_dropped,
    )


def test_fault_38_a_card_with_a_queue_is_enrolled_again(here: Stage) -> None:
    shows(
        here,
        one("cable_pulled", ONE),
        sells(ONE, ANA, 1_000),
        Step("enrolled_again", ONE, 1, 0),
        one("cable_back", ONE),
        MINUTES,
        without=undefended.enrolled_with_an_empty_queue,
    )


def test_fault_55_hub_and_broker_are_killed_for_want_of_memory(here: Stage) -> None:
    shows(
        here,
        sells(ONE, ANA, 1_000),
        Step("hub_will_die", 0, 1, 1),
        one("a_moment", c=1),
        one("frames_held", TWO),
        sells(TWO, THEO, 500),
        INSTANT,
        one("broker_falls"),
        SECONDS,
        one("broker_rises"),
        one("hub_starts"),
        MINUTES,
        without="post_again",
    )
