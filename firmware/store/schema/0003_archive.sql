-- SPDX-License-Identifier: Apache-2.0
-- What the hub has may leave this file after a month; the list of sales keeps its rows.

-- As before, but that the entry may be gone: `entry` is then its id.
CREATE TABLE sale_kept (
    number INTEGER PRIMARY KEY,
    place INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    receipt TEXT NOT NULL,
    customer TEXT,
    name TEXT NOT NULL,
    cents INTEGER NOT NULL,
    points INTEGER NOT NULL,
    gift_used INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    words TEXT NOT NULL,
    entry TEXT
) STRICT;
INSERT INTO sale_kept SELECT *, NULL FROM sale;
DROP TABLE sale;
ALTER TABLE sale_kept RENAME TO sale;

-- Entries up to `gone` have left; `gone_head` is the hash of the last of them.
ALTER TABLE segment ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE segment ADD COLUMN gone_head BLOB;

-- Days on which the clock was trusted, in the order in which they were seen, and the last entry
-- that the hub had acknowledged by then.
CREATE TABLE trusted_day (
    place INTEGER PRIMARY KEY,
    day INTEGER NOT NULL UNIQUE,
    segment INTEGER NOT NULL,
    n INTEGER NOT NULL
) STRICT;

PRAGMA user_version = 3;
