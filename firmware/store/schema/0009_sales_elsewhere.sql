-- SPDX-License-Identifier: Apache-2.0
-- Sales that this terminal does not have, or not any more, for as long as somebody looks at them;
-- and what may be paid back of its own once their entries have left the archive.

ALTER TABLE sale ADD COLUMN segment INTEGER;
ALTER TABLE sale ADD COLUMN total INTEGER;
CREATE INDEX sale_archived ON sale (entry) WHERE entry IS NOT NULL;

CREATE TABLE sale_ask (
    id TEXT PRIMARY KEY,
    words TEXT NOT NULL,
    sale TEXT NOT NULL,
    barred INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_found (
    place INTEGER PRIMARY KEY,
    shop TEXT NOT NULL,
    terminal TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    raw BLOB NOT NULL
) STRICT;

PRAGMA user_version = 9;
