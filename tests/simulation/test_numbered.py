# SPDX-License-Identifier: Apache-2.0
"""Faults by their number in docs/faults.md: each story holds, and breaks without its defence."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from firmware.store import journal, own
from tests.simulation import network
from tests.simulation.act import Step
from tests.simulation.mutants import MUTANTS
from tests.simulation.play import Stage
from tests.simulation.stories import (
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

Patch = pytest.MonkeyPatch

MINUTES, HOURS = one("minutes", c=3), one("hours", c=11)
DOWN = 1
"""Frames to a terminal are held back, instead of those from it."""


def shows(here: Stage, *steps: Step, without: str | Callable[[Patch], None]) -> None:
    """The story holds, and does not when a rule is taken out."""
    told = here.play(steps)
    assert not told.broken, "\n".join((*told.lines, told.broken))
    with pytest.MonkeyPatch.context() as patch:
        (MUTANTS[without] if isinstance(without, str) else without)(patch)
        harmed = here.play(steps)
    print(harmed.broken[:150])
    assert harmed.broken, "\n".join(harmed.lines)


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
        without=nobody_notices,
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
        without=take_a_gap,
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
        without=nobody_notices,
    )


@pytest.mark.parametrize("wrong", range(3), ids=["1970", "twenty years on", "an hour back"])
def test_fault_27_a_clock_jumps_in_the_middle_of_selling(here: Stage, wrong: int) -> None:
    shows(
        here,
        sells(ONE, ANA, 1_000),
        one("clock_jumps", ONE, wrong),
        cafe(ONE, ANA),
        SECONDS,
        one("clock_jumps", ONE, 3),
        sells(ONE, ANA, 500),
        MINUTES,
        without=timers_by_the_wall,
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
        without=every_header_is_sound,
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
        without=every_header_is_sound,
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
        without=late_grants_are_dropped,
    )


def test_fault_38_a_card_with_a_queue_is_enrolled_again(here: Stage) -> None:
    shows(
        here,
        one("cable_pulled", ONE),
        sells(ONE, ANA, 1_000),
        Step("enrolled_again", ONE, 1, 0),
        one("cable_back", ONE),
        MINUTES,
        without=enrolled_with_an_empty_queue,
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


# ── the defences, taken out ─────────────────────────────────────────────────────────────────────


def nobody_notices(patch: Patch) -> None:
    """The hub goes on with an older database as if nothing had happened."""
    from hub.broker_bridge import answers

    patch.setattr(answers.restored, "begin", lambda *_, **__: None)


def timers_by_the_wall(patch: Patch) -> None:
    """The terminal waits by the clock on the wall."""
    from tests.simulation.chance import UnitClock

    patch.setattr(UnitClock, "monotonic_s", lambda self: self.stamp().wall_ms / 1000)


def every_header_is_sound(patch: Patch) -> None:
    """The hub believes what a card says it holds, whatever it says it follows, in any board."""
    from hub.ledger import post
    from hub.ledger.models import Segment

    judge = post.judge

    def believing(merchant, terminal, header, *, lost):
        found = judge(merchant, terminal, header, lost=lost)
        before = Segment.objects.filter(terminal=terminal, uuid=header.prev_segment).first()
        return replace(found, before=before, sound=True, stranger=False)

    patch.setattr(post, "judge", believing)


def late_grants_are_dropped(patch: Patch) -> None:
    """What nobody waits for any more is not kept."""
    grant = own.grant

    def punctual(db, granted):
        if db.row("SELECT 1 FROM ask WHERE id = ? AND NOT given_up", granted.ask):
            grant(db, granted)

    patch.setattr(own, "grant", punctual)


def enrolled_with_an_empty_queue(patch: Patch) -> None:
    """A terminal that is enrolled again begins its journal anew."""
    opening = journal.open_segment

    def begun(db, *, gen, **more):
        if db.rows("SELECT 1 FROM segment WHERE gen < ?", gen):
            db.run("UPDATE segment SET acked = n")
        return opening(db, gen=gen, **more)

    patch.setattr(journal, "open_segment", begun)


def take_a_gap(patch: Patch) -> None:
    """The hub posts what comes, whatever is missing before it."""
    from hub.ledger import post

    real = post.post

    def eager(terminal_id, batch, lines, **more):
        import msgspec

        here = post.watermark(terminal_id, batch.segment)
        if batch.lo > here + 1:
            batch = msgspec.structs.replace(batch, lo=here + 1)
        return real(terminal_id, batch, lines, **more)

    patch.setattr(post, "post", eager)
