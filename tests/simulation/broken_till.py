# SPDX-License-Identifier: Apache-2.0
"""Rules that a terminal breaks."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from firmware.store import database, own, replica
from loyalty import rights
from loyalty.entry import Released
from tests.firmware.sync import test_mutants as terminal_side
from tests.simulation.broken import Patch, mutant

for one in terminal_side.MUTANTS:
    # worlds so small are read by pages; tests/firmware/sync sees what only a snapshot meets
    if "snapshot" not in one.__name__ and one is not terminal_side.sweep_what_is_being_built:
        mutant(one)


@mutant
def flush_less(patch: Patch) -> None:
    """synchronous=NORMAL at the terminal."""
    lazy = tuple(p.replace("synchronous = FULL", "synchronous = NORMAL") for p in database.PRAGMAS)
    patch.setattr(database, "PRAGMAS", lazy)


@mutant
def own_right_survives_release(patch: Patch) -> None:
    """A right that was released can still be spent at the till."""

    def changes(facts: Any) -> Any:
        return {} if isinstance(facts, Released) else rights.changes(facts)

    patch.setattr(own, "rights", SimpleNamespace(changes=changes))


@mutant
def frozen_till_spends(patch: Patch) -> None:
    """A till that is frozen spends what it holds."""
    policy = replica.policy
    patch.setattr(replica, "policy", lambda db: replace(policy(db), frozen=False))


@mutant
def a_header_does_not_say_since_when_its_sales_count(patch: Patch) -> None:
    """A header does not say from where on its till holds what it sold: it let go of all before."""
    from firmware.store import rests

    patch.setattr(rests, "since", lambda _db: "")
