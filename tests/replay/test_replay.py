# SPDX-License-Identifier: Apache-2.0
"""A small stretch of the year through everything real, and hubs that got it wrong."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.replay import shopping
from tests.replay.compare import differences
from tests.replay.oracle import Expected
from tests.replay.run import books
from tests.replay.world import terminal_id

STORES, BASKETS = 4, 200


@dataclass(frozen=True, slots=True)
class Played:
    """What a replay has left behind."""

    said: str
    exit_code: int
    hub: Path
    states: dict[int, Path]
    truth: Expected


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("replay")
    asked = ["--stores", str(STORES), "--baskets", str(BASKETS), "--data", str(folder)]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.replay", *asked],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    choice = shopping.choose(stores=STORES, baskets=BASKETS)
    states = {s: folder / "terminals" / terminal_id(s) / "state" for s in choice.stores}
    yield Played(
        said=ran.stdout + ran.stderr,
        exit_code=ran.returncode,
        hub=folder / "hub" / "hub.sqlite3",
        states=states,
        truth=books(choice),
    )
    shutil.rmtree(folder)


def test_a_stretch_of_the_year_ends_without_a_difference(played: Played) -> None:
    assert played.exit_code == 0, played.said
    assert not list(differences(played.truth, played.hub, played.states))


def test_the_comparison_had_something_to_compare(played: Played) -> None:
    sales = sum(shop.sales for shop in played.truth.shops.values())
    assert sales > BASKETS * 0.9
    assert played.truth.converted > 0
    carry = [household.carry for household in played.truth.households.values()]
    assert {rule for by_rule in carry for rule in by_rule} == {"3/250", "1/199"}


A_SALE = "(SELECT min(id) FROM ledger_journalentry WHERE kind = 'sold')"
ITS_POINTS = f"""(SELECT m.account_id FROM ledger_movement m JOIN ledger_account a
    ON a.id = m.account_id WHERE m.entry_id = {A_SALE} AND a.kind = 'points')"""

MUTANTS = {
    "a hub that loses one entry": f"""
        UPDATE ledger_account SET balance = balance - (SELECT sum(amount) FROM ledger_movement m
            WHERE m.account_id = ledger_account.id AND m.entry_id = {A_SALE})
            WHERE id IN (SELECT account_id FROM ledger_movement WHERE entry_id = {A_SALE});
        DELETE FROM ledger_movement WHERE entry_id = {A_SALE};
        DELETE FROM ledger_journalentry WHERE id = {A_SALE};
    """,
    "a hub that posts one entry twice": f"""
        CREATE TEMP TABLE twin AS SELECT * FROM ledger_journalentry WHERE id = {A_SALE};
        UPDATE twin SET id = NULL, event_id = 'twin', n = 99999, hash = 'twin';
        INSERT INTO ledger_journalentry SELECT * FROM twin;
    """,
    "a hub that gives a point to nobody": f"""
        UPDATE ledger_account SET balance = balance - 1 WHERE id = {ITS_POINTS};
    """,
    "a hub that counts more held than there is": f"""
        UPDATE ledger_account SET held_total = balance + 1 WHERE id = {ITS_POINTS};
    """,
    "a hub that puts an entry aside": f"""
        UPDATE ledger_journalentry SET outcome = 'shelved', why = 'poison' WHERE id = {A_SALE};
    """,
    "a hub that changes a byte": f"""
        UPDATE ledger_journalentry SET raw = CAST(raw || ' ' AS BLOB) WHERE id = {A_SALE};
    """,
}


@pytest.mark.parametrize("wrong", MUTANTS.values(), ids=MUTANTS)
def test_what_a_hub_gets_wrong_is_seen(played: Played, tmp_path: Path, wrong: str) -> None:
    mutant = tmp_path / "hub.sqlite3"
    with closing(sqlite3.connect(played.hub)) as books_, closing(sqlite3.connect(mutant)) as copy:
        books_.backup(copy)
        copy.executescript(wrong)
    assert list(differences(played.truth, mutant, played.states))


def test_a_store_that_lost_a_sale_is_seen(played: Played, tmp_path: Path) -> None:
    states = {}
    for store, state in played.states.items():
        states[store] = shutil.copytree(state, tmp_path / str(store))
        with closing(sqlite3.connect(states[store] / "comptoir.sqlite3")) as file:
            file.execute("DELETE FROM sale")
            file.execute("DELETE FROM entry WHERE kind = 'sold'")
            file.commit()
    assert list(differences(played.truth, played.hub, states))
