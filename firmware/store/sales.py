# SPDX-License-Identifier: Apache-2.0
"""The till's own list of sales: what it shows and searches, beside the journal's entries."""

from dataclasses import dataclass
from typing import Literal

from firmware.store import replica
from firmware.store.database import Database
from firmware.store.words import fold
from loyalty.entry import Entry, GiftSold, Refunded, Sold, Visited, customer_of

SaleKind = Literal["sales", "gifts"]
"""Sales and their refunds, or everything with a gift card in it: sold, used or given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleListed:
    """A sale, a refund or a gift card sold, as the list of transactions shows it."""

    number: int
    """Grows with every sale of this terminal: `before` of the next page."""
    id: str
    receipt: str
    wall_ms: int
    gift: bool
    """A gift card was sold."""
    customer: str | None
    name: str
    """First name and initial as they were known then, or the gift card's last four."""
    cents: int
    points: int
    gift_used: bool
    of: str
    """Of a refund: id of the sale's entry."""
    back_cents: int | None
    """Of a sale: what was paid back of it here; None: nothing was."""
    waiting: bool
    """The hub has not acknowledged it."""


def next_receipt(db: Database) -> str:
    """The number of the next receipt; read it in the transaction that uses it."""
    found = db.row("SELECT max(number) FROM sale")
    return f"{(found[0] or 0) + 1 if found else 1:04d}"


def listed(
    db: Database,
    query: str = "",
    *,
    kind: SaleKind | None = None,
    limit: int = 50,
    before: int | None = None,
) -> tuple[SaleListed, ...]:
    """Sales and gift cards of this terminal, newest first.

    Args:
        query: part of a receipt number, name or article, or an amount such as 12,50.
        before: number of the last row already shown.
    """
    words = fold(query)
    found = db.rows(
        "SELECT number, coalesce(entry.id, sale.entry), receipt, wall_ms, sale.kind, customer, name,"
        " cents, points, gift_used, coalesce(of, ''),"
        " (SELECT -sum(back.cents) FROM sale back WHERE back.of = coalesce(entry.id, sale.entry)),"
        " coalesce(entry.n > acked, 0)"
        " FROM sale LEFT JOIN entry USING (place) LEFT JOIN segment ON seq = entry.segment"
        " WHERE (?1 = '' OR instr(words, ?1) OR cents = ?2)"
        " AND (?3 IS NULL OR CASE ?3 WHEN 'sales' THEN sale.kind <> 'gift_sold'"
        " ELSE sale.kind = 'gift_sold' OR gift_used END)"
        " AND (?4 IS NULL OR number < ?4) ORDER BY number DESC LIMIT ?5",
        *(words, _cents(words), kind, before, limit),
    )
    return tuple(
        SaleListed(
            number=number,
            id=entry_id,
            receipt=receipt,
            wall_ms=wall_ms,
            gift=sold == "gift_sold",
            customer=customer,
            name=name,
            cents=cents,
            points=points,
            gift_used=bool(gift_used),
            of=of,
            back_cents=back,
            waiting=bool(waits),
        )
        for number, entry_id, receipt, wall_ms, sold, customer, name, cents, points, gift_used, of, back, waits in found
    )


def refunds_of(db: Database, sale: str) -> tuple[str, ...]:
    """Ids of the entries by which a sale was paid back here, oldest first."""
    found = db.rows(
        "SELECT coalesce(entry.id, sale.entry) FROM sale LEFT JOIN entry USING (place)"
        " WHERE of = ? ORDER BY number",
        sale,
    )
    return tuple(entry_id for (entry_id,) in found)


def note(db: Database, entry: Entry, *, segment: int) -> None:
    """Keep what lists need of an entry beside it."""
    facts, stamp = entry.facts, entry.stamp
    labels: list[str]
    of = None
    match facts:
        case Visited():
            db.run(
                "INSERT OR REPLACE INTO visit VALUES (?, ?, ?, ?)",
                *(facts.customer, stamp.boot_id, stamp.mono_ms, stamp.wall_ms),
            )
            return
        case Sold():
            name = replica.name_of(db, facts.customer) if facts.customer else ""
            cents, points, gifts = facts.due_cents, facts.points, bool(facts.gifts)
            labels = [line.label for line in facts.lines]
        case GiftSold():
            name, cents, points, gifts, labels = facts.last4, facts.cents, 0, False, []
        case Refunded():
            name = replica.name_of(db, facts.customer) if facts.customer else ""
            cents, gifts, of = -facts.due_cents, bool(facts.gifts), facts.sale
            points = facts.points_back - facts.points
            labels = [facts.of, *(line.label for line in facts.lines)]
        case _:
            return
    db.run(
        "INSERT INTO sale (place, kind, receipt, customer, name, cents, points, gift_used, wall_ms,"
        " words, of) SELECT place, kind, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM entry"
        " WHERE segment = ? AND n = ?",
        *(facts.receipt, customer_of(facts), name, cents, points, int(gifts), stamp.wall_ms),
        *(fold(" ".join((facts.receipt, name, *labels))), of, segment, entry.n),
    )


def _cents(words: str) -> int | None:
    """The amount that somebody may be looking for: 12,50 or 12.5 or 12 €."""
    euros, _, rest = words.removesuffix("€").strip().replace(".", ",").partition(",")
    if not euros.isdecimal() or len(rest) > 2 or (rest and not rest.isdecimal()):  # noqa: PLR2004
        return None
    return int(euros) * 100 + int(rest.ljust(2, "0") or 0)
