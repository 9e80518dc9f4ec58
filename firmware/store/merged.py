# SPDX-License-Identifier: Apache-2.0
"""Customers whom the hub has merged into one: who they are served as, and what they hold together.

Entries and rights keep the customer that they were made with; only look-ups and what the screen
shows know of the others. So a till that has not heard of a merge yet does nothing wrong.
"""

from firmware.store.database import Database


def head_of(db: Database, customer: str) -> str:
    """Whom this customer is served as: themselves, where they were never merged."""
    found = db.row(
        "SELECT h.id FROM customer_now c JOIN customer_now h ON h.id = c.head WHERE c.id = ?",
        customer,
    )
    return str(found[0]) if found else customer


def others(db: Database, customer: str) -> tuple[str, ...]:
    """The other customers who are the same person."""
    found = db.rows(
        "SELECT head, id FROM customer_now WHERE head <> '' AND head = coalesce("
        "(SELECT h.id FROM customer_now c JOIN customer_now h ON h.id = c.head WHERE c.id = ?1),"
        " ?1) ORDER BY id",
        customer,
    )
    heads = (found[0][0],) if found else ()
    return tuple(one for one in (*heads, *(i for _, i in found)) if one != customer)
