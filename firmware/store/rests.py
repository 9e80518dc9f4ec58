# SPDX-License-Identifier: Apache-2.0
"""What may be refunded here of each sale: of one made here all, until it was touched.

Like any right it follows the journal: a boot that the hub has not heard of refunds what it sold
itself, and a card that was put back to an earlier state nothing from before.
"""

from firmware.store.database import Database
from loyalty.account import Holding, rest_of
from loyalty.entry import Entry, Sold
from loyalty.wire import decode_entry


def held(db: Database, sale: str) -> int:
    """Cents of the sale's total that this till holds."""
    return _found(db, sale)[0]


def usable(db: Database, sale: str) -> int:
    """Of those, what may be refunded now."""
    cents, segment = _found(db, sale)
    if not cents:  # nearly always: a customer is looked up here as well
        return 0
    current = db.row("SELECT max(seq) FROM segment")
    heard = db.row("SELECT value FROM setting WHERE name = 'heard'")
    return cents if current and (current[0] == segment or current == heard) else 0


def change(db: Database, sale: str, amount: int) -> None:
    """Raise or lower it.

    Raises:
        BadRow: more than is held.
    """
    cents, segment = _found(db, sale)
    if amount > 0:
        (segment,) = db.row("SELECT max(seq) FROM segment") or (0,)
    db.run("INSERT OR REPLACE INTO rest VALUES (?, ?, ?)", sale, cents + amount, segment)


def touched(db: Database) -> tuple[Holding, ...]:
    """What is held of sales that somebody has touched: the hub can't know which grant was read."""
    found = db.rows("SELECT sale, cents FROM rest WHERE cents > 0 ORDER BY sale")
    return tuple(Holding(rest_of(sale), cents) for sale, cents in found)


def begin(db: Database, *, most: int) -> None:
    """A segment is being opened, whose header can state so many: the oldest are let go of."""
    db.run(
        "UPDATE rest SET cents = 0 WHERE cents > 0 AND sale NOT IN"
        " (SELECT sale FROM rest WHERE cents > 0 ORDER BY segment DESC, sale LIMIT ?)",
        most,
    )


def since(db: Database) -> str:
    """The segment from which on what was sold here is held without a word; empty: from the first.

    A hub that was restored may not know any more that it did not let a boot follow.
    """
    found = db.row(
        "SELECT s.id FROM segment s JOIN setting t ON t.name = 'rests_since'"
        " WHERE s.seq >= t.value ORDER BY s.seq LIMIT 1"
    )
    return found[0] if found else ""


def outlive(db: Database, first: int, last: int) -> None:
    """The entries at these places leave the archive: what is held of their sales stays held."""
    for place, segment, raw in db.rows(
        "SELECT place, segment, raw FROM entry WHERE kind = 'sold' AND place BETWEEN ? AND ?",
        *(first, last),
    ):
        db.run(
            "UPDATE sale SET segment = ?, total = ? WHERE place = ?", segment, _total(raw), place
        )


def forget_before(db: Database, segment: int) -> None:
    """Nothing from before that segment is held any more."""
    db.run("DELETE FROM rest WHERE segment < ?", segment)
    db.run("INSERT OR REPLACE INTO setting VALUES ('rests_since', ?)", segment)


def _found(db: Database, sale: str) -> tuple[int, int]:
    """What is held of a sale, and in which segment it came."""
    found = db.row(
        "SELECT 0, segment, cents, NULL FROM rest WHERE sale = ?1"
        " UNION ALL SELECT 1, segment, 0, raw FROM entry WHERE id = ?1 AND kind = 'sold'"
        " UNION ALL SELECT 2, segment, total, NULL FROM sale"
        " WHERE entry = ?1 AND total IS NOT NULL ORDER BY 1 LIMIT 1",
        sale,
    )
    if found is None:
        return 0, 0
    untouched, segment, cents, raw = found
    since = db.row("SELECT value FROM setting WHERE name = 'rests_since'") if untouched else None
    if since and segment < since[0]:
        return 0, 0
    return (_total(raw) if raw else cents), segment


def _total(raw: bytes) -> int:
    match decode_entry(raw):
        case Entry(facts=Sold(total_cents=total)):
            return total
        case _:
            return 0
