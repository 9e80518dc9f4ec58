# SPDX-License-Identifier: Apache-2.0
"""Card codes at this terminal: numbers to give out, codes given here, and cards that were lost."""

from firmware.store import merged, replica
from firmware.store.database import Database
from loyalty import card
from loyalty.entry import CardsChanged
from loyalty.feed import CustomerIs


def lost_card(db: Database, code: str) -> CustomerIs | None:
    """Whose card this was until it was lost; of who was forgotten since, nothing but that."""
    found = db.row("SELECT customer FROM lost_now WHERE code = ?", code)
    if found is None:
        return None
    nobody = CustomerIs(id=found[0], first_name="", initial="", codes=(), gone=True)
    return replica.customer(db, merged.head_of(db, found[0])) or nobody


def cards_changed(db: Database, changed: CardsChanged, *, side: int) -> None:
    """A card was given or lost at this till: known here before the hub has said it back."""
    where = (side, changed.customer)
    for codes, blocked in ((changed.lost, 1), (changed.found, 0)):
        for code in codes:
            db.run(
                "UPDATE code SET blocked = ? WHERE side = ? AND customer = ? AND code = ?",
                *(blocked, *where, code),
            )
    if changed.code:
        db.run("INSERT OR IGNORE INTO code VALUES (?, ?, ?, 0)", side, changed.code, where[1])


def take_card_number(db: Database) -> str | None:
    """A card number that nobody has yet, used up by this call; None: ask the hub for more.

    Call it inside the transaction that gives the number away.
    """
    here = replica.shop(db)
    if here is None:
        return None
    with db.atomic():
        while block := db.row(
            "SELECT first, next FROM card_block WHERE next <= last ORDER BY first LIMIT 1"
        ):
            first, serial = block
            db.run("UPDATE card_block SET next = next + 1 WHERE first = ?", first)
            code = card.issue(here.card_prefix, serial)
            if replica.customer_by_code(db, code) is None and lost_card(db, code) is None:
                return code
    return None
