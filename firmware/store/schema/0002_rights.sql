-- SPDX-License-Identifier: Apache-2.0
-- Rights that outlive a boot only as far as the merchant allows, and the rests of sales.

-- `old`: the part from before this segment; `rests`: nothing of it has to go back for now.
ALTER TABLE held ADD COLUMN old INTEGER NOT NULL DEFAULT 0;
ALTER TABLE held ADD COLUMN rests INTEGER NOT NULL DEFAULT 0;
CREATE INDEX held_going ON held (owner) WHERE rests = 0;
UPDATE held SET old = amount;

-- Value that an entry handed out, in cents: bounded while the hub has not acknowledged it.
ALTER TABLE entry ADD COLUMN spent INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_spent ON entry (segment, n, spent) WHERE spent > 0;

-- What may be refunded here of a sale that was touched; of any other sale made here, all of it.
-- `segment`: the one in which this till got it.
CREATE TABLE rest (
    sale TEXT PRIMARY KEY,
    cents INTEGER NOT NULL CHECK (cents >= 0),
    segment INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Accounts that another till asks for.
CREATE TABLE recalled (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (owner, kind, key)
) STRICT, WITHOUT ROWID;

-- Orders of the hub to say which boot this is.
CREATE TABLE calling (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

PRAGMA user_version = 2;
