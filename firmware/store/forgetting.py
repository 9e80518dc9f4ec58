# SPDX-License-Identifier: Apache-2.0
"""Somebody was anonymised: this terminal forgets their name, in its list of sales, too."""

from firmware.store.database import Database
from firmware.store.words import fold


def forget(db: Database, customer_id: str, *, side: int) -> None:
    """Keep no name of a customer; sales stay, and are found by their receipt and articles."""
    db.run("DELETE FROM customer WHERE side = ? AND id = ?", side, customer_id)
    # of a gift card the name is its last four
    names = db.rows(
        "SELECT DISTINCT name FROM sale WHERE customer = ? AND name <> '' AND kind <> 'gift_sold'",
        customer_id,
    )
    for (name,) in names:
        db.run(
            "UPDATE sale SET name = '', words = replace(words, ?, '')"
            " WHERE customer = ? AND name = ? AND kind <> 'gift_sold'",
            *(fold(name), customer_id, name),
        )
