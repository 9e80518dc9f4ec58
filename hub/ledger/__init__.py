# SPDX-License-Identifier: Apache-2.0
"""What happened, and what it comes to.

Writing: `post.post` (a terminal's batch), `post.post_own` (the hub's own entries), `grant.grant` (a
right to spend), `acts.create_gift_card` and `acts.register_customers` (people on the web),
`gifting` (cards printed together, blocked, let be used again), `stock.count` (what is left to give),
`notices.send_due` (gift cards' recipients). Nothing else writes, and every one of them tells the
merchant's feed in the same database transaction.

Reading: `statements.figures` (days, weeks, what is owed), `listings` (customers, sales, gift cards,
incidents), `history` (one customer's movements and their causes), `snapshot` (everything, for a
terminal), `audit` (whether it adds up).

Inside `post`: `posting` folds entries into rows, `tally` keeps balances and what is held, `people`
customers and gift cards, `opening` judges a segment's header, `dating` dates, `sanity` keeps out
what no till writes, `incidents` notes what a person should look at.
"""
