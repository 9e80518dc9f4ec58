-- SPDX-License-Identifier: Apache-2.0
-- The terminal's one file: its journal, what it holds, and its copy of the merchant's state.

-- One value per name: cursor, epoch, side of the replica in use, link state, network switch.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- ── journal ──────────────────────────────────────────────────────────────────────────────────
-- A segment per boot and enrolment; `n` and `head` are its last entry and that entry's hash.
CREATE TABLE segment (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    boot TEXT NOT NULL,
    gen INTEGER NOT NULL,
    n INTEGER NOT NULL,
    head BLOB NOT NULL,
    acked INTEGER NOT NULL DEFAULT 0 CHECK (acked <= n)
) STRICT;
CREATE INDEX segment_waiting ON segment (seq) WHERE acked < n;

-- `raw` is hashed, stored and forwarded as it is; nobody encodes it again.
CREATE TABLE entry (
    place INTEGER PRIMARY KEY,
    segment INTEGER NOT NULL REFERENCES segment,
    n INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    raw BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (segment, n)
) STRICT;

-- What the list of transactions shows and searches; `number` is the receipt's.
CREATE TABLE sale (
    number INTEGER PRIMARY KEY,
    place INTEGER NOT NULL UNIQUE REFERENCES entry,
    kind TEXT NOT NULL,
    receipt TEXT NOT NULL,
    customer TEXT,
    name TEXT NOT NULL,
    cents INTEGER NOT NULL,
    points INTEGER NOT NULL,
    gift_used INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    words TEXT NOT NULL
) STRICT;

-- The last visit that this till counted for each customer.
CREATE TABLE visit (
    customer TEXT PRIMARY KEY,
    boot TEXT NOT NULL,
    mono_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ── own ──────────────────────────────────────────────────────────────────────────────────────
-- Movements of own entries that the feed has not covered: shown on top of the replica.
CREATE TABLE pending (
    owner TEXT NOT NULL,
    segment INTEGER NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (owner, segment, n, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX pending_place ON pending (segment, n);

-- Spending rights. `segment`, `n`: the own entry that raised it last; null: a grant did.
CREATE TABLE held (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    segment INTEGER,
    n INTEGER,
    PRIMARY KEY (owner, kind, key)
) STRICT, WITHOUT ROWID;

-- Owners that the order being made may spend from: their rights are not given back meanwhile.
CREATE TABLE reserved (owner TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Rights asked of the hub; `granted` is null until it answered.
CREATE TABLE ask (
    id TEXT PRIMARY KEY,
    segment TEXT NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    amount INTEGER NOT NULL,
    given_up INTEGER NOT NULL DEFAULT 0,
    granted INTEGER
) STRICT;
CREATE INDEX ask_open ON ask (id) WHERE granted IS NULL AND given_up = 0;

-- Names looked up at the hub; `customers` is null until it answered, then ids split by spaces.
CREATE TABLE find (
    id TEXT PRIMARY KEY,
    words TEXT NOT NULL,
    customers TEXT
) STRICT, WITHOUT ROWID;

-- Card numbers that this terminal may give out.
CREATE TABLE card_block (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    next INTEGER NOT NULL
) STRICT;

-- ── replica ──────────────────────────────────────────────────────────────────────────────────
-- Two sides: one is read, a snapshot is built on the other; `setting` says which is which.
CREATE TABLE fact (
    side INTEGER NOT NULL,
    name TEXT NOT NULL,
    raw BLOB NOT NULL,
    PRIMARY KEY (side, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    side INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    pin TEXT NOT NULL,
    PRIMARY KEY (side, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE category (
    side INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (side, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
    side INTEGER NOT NULL,
    id TEXT NOT NULL,
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    cents INTEGER NOT NULL,
    ean TEXT NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (side, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_category ON product (side, category, rank, name);
CREATE INDEX product_ean ON product (side, ean) WHERE ean <> '';

CREATE TABLE customer (
    side INTEGER NOT NULL,
    id TEXT NOT NULL,
    first_name TEXT NOT NULL,
    initial TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (side, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_words ON customer (side, words);

CREATE TABLE code (
    side INTEGER NOT NULL,
    code TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (side, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX code_customer ON code (side, customer);

CREATE TABLE contact (
    side INTEGER NOT NULL,
    hash TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (side, hash, customer)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_customer ON contact (side, customer);

CREATE TABLE balance (
    side INTEGER NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (side, owner, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE recent (
    side INTEGER NOT NULL,
    customer TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    id TEXT NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (side, customer, wall_ms, id)
) STRICT, WITHOUT ROWID;

-- What look-ups read of each: the side in use.
CREATE VIEW fact_now AS SELECT name, raw FROM fact
    WHERE side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW staff_now AS SELECT id, name, pin FROM staff
    WHERE side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW category_now AS SELECT id, name, rank FROM category
    WHERE side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW product_now AS SELECT id, category, name, cents, ean, rank FROM product
    WHERE side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW customer_now AS SELECT id, first_name, initial, words FROM customer
    WHERE side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW code_now AS SELECT code, customer FROM code
    WHERE side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW contact_now AS SELECT hash, customer FROM contact
    WHERE side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW balance_now AS SELECT owner, kind, key, amount FROM balance
    WHERE side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW recent_now AS SELECT customer, wall_ms, id, points FROM recent
    WHERE side = (SELECT value FROM setting WHERE name = 'side');

-- Feed items that could not be applied: kept for a person, the cursor goes on.
CREATE TABLE feed_dead (
    place INTEGER PRIMARY KEY,
    epoch TEXT NOT NULL,
    position INTEGER NOT NULL,
    raw BLOB NOT NULL,
    error TEXT NOT NULL
) STRICT;

INSERT INTO setting VALUES ('side', 0), ('cursor', 0), ('epoch', ''), ('network', 1);

PRAGMA user_version = 1;
