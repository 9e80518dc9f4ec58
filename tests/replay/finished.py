# SPDX-License-Identifier: Apache-2.0
"""A replay that its command has played to the end, and hubs that got it wrong."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.replay import shopping
from tests.replay.world import terminal_id


@dataclass(frozen=True, slots=True)
class Played:
    """What a replay has left behind."""

    said: str
    exit_code: int
    hub: Path
    states: dict[int, Path]
    choice: shopping.Choice


def play(folder: Path, *more: str, stores: int, baskets: int) -> Played:
    """`./run replay` with these options, and what it leaves in the folder."""
    asked = ["--stores", str(stores), "--baskets", str(baskets), "--data", str(folder)]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.replay", *asked, *more],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "COLUMNS": "120"},
    )
    choice = shopping.choose(stores=stores, baskets=baskets)
    return Played(
        said=ran.stdout + ran.stderr,
        exit_code=ran.returncode,
        hub=folder / "hub" / "hub.sqlite3",
        states={s: folder / "terminals" / terminal_id(s) / "state" for s in choice.stores},
        choice=choice,
    )


def mutant(hub: Path, folder: Path, wrong: str) -> Path:
    """A copy of the hub's books in which something went wrong."""
    path = folder / "hub.sqlite3"
    with closing(sqlite3.connect(hub)) as books, closing(sqlite3.connect(path)) as copy:
        books.backup(copy)
        copy.executescript(wrong)
    return path


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
