# SPDX-License-Identifier: Apache-2.0
"""What the terminal remembers: one SQLite file that kiosk and sync share, and nothing else.

Modules in the order in which a sale meets them:

    clock     Clock(stamp, monotonic_s), SystemClock(floor_ms), new_id()
    database  Database(folder, role=Role.KIOSK): atomic(), data_version(), close()
    inodes    whether the file that is open is still the one that lies there
    room      how full the disk is, what has to give way: strain(db.disk())
    replica   what the hub said: shop, programme, staff, categories, products, product,
              product_by_ean, customer, customer_by_code, customers_by_hash, customers_by_name,
              customers_by_id, balances(db, owner), gift_known, recent_sales, last_visit,
              apply(db, item)
    cards     lost_card, cards_changed, take_card_number
    rights    held, reserve, unreserve, ask, answer, give_up, ask_find, answer_find, release
    journal   open_segment, append(db, facts, clock=, new_id=, staff=) -> Entry, next_receipt,
              sales(db, query, kind=, limit=, before=), entry, waiting, is_waiting,
              batch_to_send, acknowledge
    cursors   position, link_state, network_on, set_network, report_health, till_health
    own       what own entries and grants changed: pending movements, rights
    feed      pages and snapshots into the replica
    mend      an entry that the card altered goes out wrapped, for the hub's shelf
    archive   what the hub has goes after a month, or when the disk fills up: Archive(db, clock=)
              .tend(now_s), kept_from(db, segment)
    export    a tech's CSV, made on a copy

How the till decides safely: read balances and rights, decide and append inside ONE
`with db.atomic():`, for sync may give rights back at any moment outside of it. `reserve` the
customer and the gift cards of an order while it is open and `unreserve` in the transaction that
saves it. A kiosk that starts calls `open_segment` and `unreserve`.
"""
