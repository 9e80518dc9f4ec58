# SPDX-License-Identifier: Apache-2.0
"""The plan of the faults, the clerk who lives through them, and a small run of both."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import pytest

from tests.hands import Listed, Till
from tests.replay import live
from tests.replay.clerk import Clerk, Lost
from tests.replay.compare import differences
from tests.replay.faults import KINDS, OF_A_SHOP, plan
from tests.replay.finished import MUTANTS, Played, mutant, play
from tests.replay.shopping import Basket, Item

SHOPS = {1: 900, 2: 500, 3: 40, 4: 1}


# ── the plan ────────────────────────────────────────────────────────────────────────────────────


def test_every_kind_is_planned_so_often_and_within_its_victim_s_baskets() -> None:
    faults = plan(SHOPS, times=5, seed=7)
    assert Counter(fault.kind for fault in faults) == dict.fromkeys(KINDS, 5)
    for fault in faults:
        assert (fault.shop is not None) == (fault.kind.part in OF_A_SHOP)
        assert 0 <= fault.after < (SHOPS[fault.shop] if fault.shop else sum(SHOPS.values()))


def test_one_seed_is_one_plan_and_two_seeds_are_two() -> None:
    assert plan(SHOPS, times=5, seed=7) == plan(SHOPS, times=5, seed=7)
    assert plan(SHOPS, times=5, seed=7) != plan(SHOPS, times=5, seed=8)


def test_each_victim_meets_its_faults_in_the_order_of_its_baskets() -> None:
    faults = plan(SHOPS, times=9, seed=1)
    for victim in {fault.victim for fault in faults}:
        afters = [fault.after for fault in faults if fault.victim == victim]
        assert afters == sorted(afters)


# ── the clerk ───────────────────────────────────────────────────────────────────────────────────


@dataclass
class ScriptedTill(Till):
    """A till that is killed at the first touch of a button, before or after what it does."""

    port: int = 0
    pin: str = ""
    dies_before: str = ""
    dies_after: str = ""
    forgets: bool = False
    """What it had called saved."""
    listed: list[int] = field(default_factory=list)
    outcome: str = "AtTill"
    typed: int = 0

    def open(self) -> None:
        self.outcome = "AtTill"

    def scan(self, code: str) -> None:
        self._do("scan")
        self.outcome = "AtTill"

    def line(self, cents: int) -> None:
        self._do("line")
        self.typed = cents

    def save(self) -> None:
        self._do("save")

    def latest_sale(self) -> Listed:
        words = f"Foyer 5 | {self.listed[-1] // 100},00 €" if self.listed else ""
        return Listed(len(self.listed), words)

    def _do(self, act: str) -> None:
        if act == self.dies_before:
            self.dies_before = ""
            raise ConnectionResetError
        if act == "save":
            self.listed.append(self.typed)
            self.outcome = "Saved"
        if act == self.dies_after:
            self.dies_after = ""
            if self.forgets:
                self.listed.clear()
            raise ConnectionResetError


def basket(cents: int) -> Basket:
    line = Item(label="", shelf="", product="", unit_cents=cents, quantity=1)
    return Basket(id=cents, store=1, household=5, at_s=0, items=(line,))


BASKETS = [basket(cents) for cents in (1200, 3400)]


@pytest.mark.parametrize("act", ["scan", "line", "save"])
def test_what_a_killed_till_has_not_saved_is_keyed_again(act: str) -> None:
    till = ScriptedTill(dies_before=act)
    clerk = Clerk(till, BASKETS)
    clerk.work(Event())
    assert till.listed == [1200, 3400]
    assert (clerk.done, clerk.again, clerk.found) == (2, 1, 0)


def test_what_it_had_saved_before_it_could_say_so_is_not() -> None:
    till = ScriptedTill(dies_after="save")
    clerk = Clerk(till, BASKETS)
    clerk.work(Event())
    assert till.listed == [1200, 3400]
    assert (clerk.done, clerk.again, clerk.found) == (2, 0, 1)


def test_who_does_not_look_at_the_list_keys_it_twice() -> None:
    class Careless(Clerk):
        def _is_listed(self, _: Basket) -> bool:
            return False

    till = ScriptedTill(dies_after="save")
    Careless(till, BASKETS).work(Event())
    assert till.listed == [1200, 1200, 3400]


def test_a_till_that_forgot_what_its_screen_called_saved_is_noticed() -> None:
    till = ScriptedTill()
    clerk = Clerk(till, [basket(cents) for cents in (1200, 3400, 5600)])
    clerk.work(Event())
    till.dies_after, till.forgets = "scan", True
    with pytest.raises(Lost):
        clerk.work(Event())


def test_a_till_that_lists_another_sale_is_noticed() -> None:
    till = ScriptedTill(dies_after="save", listed=[900])
    clerk = Clerk(till, BASKETS)
    with pytest.raises(Lost):
        clerk.work(Event())


# ── a small run ─────────────────────────────────────────────────────────────────────────────────


STORES, BASKETS_IN_ALL, TIMES = 3, 60, 1


@pytest.fixture(scope="module")
def battered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("battered")
    faults = ("--faults", "--times", str(TIMES))
    yield play(folder, *faults, stores=STORES, baskets=BASKETS_IN_ALL)
    shutil.rmtree(folder)


@pytest.mark.long
def test_a_run_in_which_everything_is_killed_and_cut_ends_without_a_difference(
    battered: Played,
) -> None:
    assert battered.exit_code == 0, battered.said
    assert not list(differences(live.books(battered.choice), battered.hub, battered.states))


@pytest.mark.long
def test_every_kind_of_fault_happened_and_is_told(battered: Played) -> None:
    for kind in KINDS:
        assert re.search(rf"{re.escape(str(kind))}\s+{TIMES}\s+{TIMES}\b", battered.said)


@pytest.mark.long
@pytest.mark.parametrize("wrong", MUTANTS.values(), ids=MUTANTS)
def test_what_a_battered_hub_gets_wrong_is_seen(
    battered: Played, tmp_path: Path, wrong: str
) -> None:
    wronged = mutant(battered.hub, tmp_path, wrong)
    assert list(differences(live.books(battered.choice), wronged, battered.states))


@pytest.mark.long
def test_a_basket_keyed_twice_is_seen(battered: Played) -> None:
    """To who knows of one basket less, the books have it once too often."""
    *others, _ = battered.choice.baskets
    truth = live.books(replace(battered.choice, baskets=tuple(others)))
    assert list(differences(truth, battered.hub, battered.states))
