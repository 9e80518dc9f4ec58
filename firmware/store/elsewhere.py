# SPDX-License-Identifier: Apache-2.0
"""Sales of other tills, or too old for this one: the hub is asked, and this is what it told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from firmware.store.database import Database
from loyalty.entry import Entry, Refunded, Sold
from loyalty.feed import SaleAt
from loyalty.wire import decode_entry


@dataclass(frozen=True, slots=True)
class SaleElsewhere:
    """A sale as the hub has it, and what was paid back of it anywhere, oldest first."""

    entry: Entry
    sold: Sold
    at: SaleAt
    parts: tuple[tuple[str, Refunded], ...] = ()
    """Each with its entry's id."""


@dataclass(frozen=True, slots=True)
class Told:
    """The hub's answer: sales, newest first."""

    sales: tuple[SaleElsewhere, ...]
    barred: int
    """Others that were meant, and are paid back at their own shops alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the hub has to be asked: a text, or a sale's id."""

    id: str
    text: str
    sale: str


# ── the till ────────────────────────────────────────────────────────────────────────────────────


def ask(db: Database, *, text: str = "", sale: str = "", new_id: Callable[[], str]) -> str:
    """Have sync ask for the sales that a text names, or for one; the id is for `answer`."""
    ask_id = new_id()
    with db.atomic():
        db.run("DELETE FROM sale_ask")  # one question at a time: the one before is given up
        db.run("DELETE FROM sale_found")
        db.run("INSERT INTO sale_ask (id, words, sale) VALUES (?, ?, ?)", ask_id, text, sale)
    return ask_id


def answer(db: Database, ask_id: str) -> Told | None:
    """What the hub told; None: no answer yet."""
    found = db.row("SELECT barred FROM sale_ask WHERE id = ?", ask_id)
    if not found or found[0] is None:
        return None
    sales: list[tuple[Entry, Sold, SaleAt]] = []
    parts: dict[str, list[tuple[str, Refunded]]] = {}
    for shop, terminal, wall_ms, raw in db.rows(
        "SELECT shop, terminal, wall_ms, raw FROM sale_found ORDER BY place"
    ):
        match decode_entry(raw):
            case Entry(facts=Sold() as sold) as entry:
                sales.append((entry, sold, SaleAt(shop=shop, terminal=terminal, wall_ms=wall_ms)))
            case Entry(id=part_id, facts=Refunded() as part):
                parts.setdefault(part.sale, []).append((part_id, part))
            case _:
                pass  # of a newer terminal: this one can't pay it back
    return Told(
        tuple(SaleElsewhere(e, sold, at, tuple(parts.get(e.id, ()))) for e, sold, at in sales),
        barred=found[0],
    )


# ── sync ────────────────────────────────────────────────────────────────────────────────────────


def asked(db: Database) -> tuple[Asked, ...]:
    """What somebody waits for."""
    found = db.rows("SELECT id, words, sale FROM sale_ask WHERE barred IS NULL")
    return tuple(Asked(*row) for row in found)


def told(
    db: Database, ask_id: str, entries: Iterable[tuple[SaleAt, bytes]], *, barred: int
) -> None:
    """Note the hub's answer, if it is still waited for."""
    with db.atomic():
        if ask_id not in {wanted.id for wanted in asked(db)}:
            return
        for at, raw in entries:
            db.run(
                "INSERT INTO sale_found (shop, terminal, wall_ms, raw) VALUES (?, ?, ?, ?)",
                *(at.shop, at.terminal, at.wall_ms, raw),
            )
        db.run("UPDATE sale_ask SET barred = ? WHERE id = ?", barred, ask_id)
