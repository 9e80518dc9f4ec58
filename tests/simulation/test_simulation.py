# SPDX-License-Identifier: Apache-2.0
"""Some worlds at each run, many more at night; `./run simulate` plays as many as one likes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation import mutants
from tests.simulation.act import Step
from tests.simulation.play import Stage, seeded
from tests.simulation.shrink import shrink
from tests.simulation.story import (
    ANA,
    BACKUP,
    INSTANT,
    LET_GO,
    LUC,
    MINUTE,
    MINUTES,
    MOMENT,
    ONE,
    OVERTAKEN,
    RESTORED,
    SECONDS,
    THEO,
    TWO,
    ZOE,
    cafe,
    offline,
    one,
    online,
    sells,
    stuck_to,
)
from tests.simulation.template import SHOP_OF

ROOT = Path(__file__).parents[2]
FEW, MANY = range(1, 6), range(1000, 1200)


def hold(here: Stage, seeds: range, *, steps: int) -> None:
    broken = {
        seed: told.broken for seed in seeds if (told := here.play(seeded(seed, steps))).broken
    }
    assert not broken, "see the story: ./run simulate --seed <number>"


def test_no_fault_breaks_an_invariant(here: Stage) -> None:
    hold(here, FEW, steps=100)


@pytest.mark.long
def test_no_fault_breaks_an_invariant_in_many_worlds(here: Stage) -> None:
    hold(here, MANY, steps=200)


def test_a_seed_plays_the_same_in_any_process(here: Stage) -> None:
    told = here.play(seeded(3, 60))
    command = [sys.executable, "-m", "tests.simulation", "--seed", "3", "--steps", "60"]
    env = os.environ | {"PYTHONHASHSEED": "7"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    said = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    assert said.stdout.endswith(f"nothing broke; {told.digest}\n")


def test_a_world_that_was_broken_leaves_nothing_to_the_next(here: Stage) -> None:
    before = here.play(seeded(5, 40)).digest
    here.play([Step("power_cut_at_write", 0, 0, 3), Step("sells", 0, 0, 100), *seeded(6, 20)])
    assert here.play(seeded(5, 40)).digest == before


@pytest.mark.parametrize("comes_back", ["card_rolled_back", "card_cloned"])
def test_a_copy_of_a_card_that_lied_is_not_said_to_hold_what_the_card_lost(
    here: Stage, comes_back: str
) -> None:
    lied = (one("flush_lies", ONE), sells(ONE, ANA, 1_000), one("power_cut", ONE))
    copied = one("card_copied", ONE)
    told = here.play([copied, *lied, copied, one(comes_back, ONE)])
    assert not told.broken, "\n".join((*told.lines, told.broken))


def test_a_till_that_had_no_room_to_start_is_not_held_to_what_its_card_forgot(here: Stage) -> None:
    """Nobody is served there: it says what it holds, and hears what of it counts, once it starts."""
    sold = (offline(TWO), sells(TWO, ZOE, 344), sells(ONE, THEO, 879), online(TWO), MINUTES)
    dark = (one("power_cut", TWO), one("disk_full", TWO), sells(TWO, ZOE, 100))
    told = here.play([one("flush_lies", TWO), *sold, *dark])
    assert not told.broken, "\n".join((*told.lines, told.broken))


def test_what_a_till_saved_as_it_died_counts_though_its_card_is_thrown_away_before_it_is_back(
    here: Stage,
) -> None:
    """A visit was saved and the sale was not; sync is up and sends what the till has written."""
    died = (one("killed_at_write", ONE, 25), sells(ONE, ZOE, 283))
    sent = (sells(TWO, LUC, 546), MOMENT, one("enrolled_again", ONE, b=0), MINUTE)
    told = here.play([*died, *sent])
    assert not told.broken, "\n".join((*told.lines, told.broken))


def test_what_a_till_may_pay_back_of_a_sale_that_nobody_has_any_more_is_the_reserves(
    here: Stage,
) -> None:
    """The hub is an older copy and the card that sold is thrown away: the right is out there."""
    asked = (sells(TWO, THEO, 508), SECONDS, one("refunds", ONE), SECONDS)
    gone = (offline(TWO), RESTORED, one("enrolled_again", TWO, b=0), MINUTE)
    told = here.play([BACKUP, *asked, *gone])
    assert not told.broken, "\n".join((*told.lines, told.broken))


@pytest.mark.parametrize("card", [0, 1], ids=["a new card", "its card"])
def test_enrolling_a_copy_is_the_end_of_what_it_was_copied_from(here: Stage, card: int) -> None:
    copied = (one("card_copied", ONE), one("card_cloned", ONE), MINUTE)
    told = here.play([*copied, one("enrolled_again", len(SHOP_OF), b=card), MINUTE])
    assert not told.broken, "\n".join((*told.lines, told.broken))


@pytest.mark.parametrize("given_up", ["adopts", "board_changed"])
def test_two_boards_of_one_name_come_to_rest_once_one_is_given_up(
    here: Stage, given_up: str
) -> None:
    """The other one is told that it is a stranger, and not asked for ever whether it is alive."""
    which = one(given_up, len(SHOP_OF) if given_up == "adopts" else ONE, c=1)
    cloned = (one("card_copied", ONE), one("card_cloned", ONE), INSTANT)
    told = here.play([*cloned, which])
    assert not told.broken, "\n".join((*told.lines, told.broken))


def test_what_a_copy_spends_after_its_terminal_was_retired_is_within_what_was_at_stake(
    here: Stage,
) -> None:
    """Who retires a terminal gives up every board that has its name."""
    copy = len(SHOP_OF)
    cloned = (one("card_copied", ONE), one("card_cloned", ONE), MINUTE, offline(copy))
    spent = (one("retires", ONE), cafe(copy, ANA), cafe(copy, LUC), online(copy))
    told = here.play([*cloned, *spent, one("enrolled_again", copy, b=1), MINUTE])
    assert not told.broken, "\n".join((*told.lines, told.broken))


@pytest.mark.parametrize("instants", [0, 3, 20], ids="{} instants later".format)
def test_an_acknowledgement_of_another_life_of_the_hub_hides_nothing(
    here: Stage, instants: int
) -> None:
    """Whatever it says, a restored hub asks for what comes before the next header."""
    forgotten = (BACKUP, stuck_to(ONE), sells(ONE, ANA, 1_000), SECONDS, one("hub_dies"))
    late = (OVERTAKEN, one("hub_moved"), *[INSTANT] * instants, LET_GO, MINUTES)
    told = here.play([*forgotten, *late])
    assert not told.broken, "\n".join((*told.lines, told.broken))


def test_a_broken_rule_is_seen_and_its_story_is_short(here: Stage) -> None:
    steps = seeded(1, 80)
    with pytest.MonkeyPatch.context() as patch:
        mutants.MUTANTS["convert_twice"](patch)
        told = here.play(steps)
        _, short = shrink(here.play, steps, told)
    assert short.broken.startswith("Broken: loss"), "somebody got what nobody paid"
    assert len(short.lines) <= 4, "a sale with a rest is all that it takes"


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(mutants.MUTANTS))
def test_every_broken_rule_is_seen(here: Stage, name: str) -> None:
    assert mutants.seen_by(here, name).seen
