-- SPDX-License-Identifier: Apache-2.0
-- What the hub last said of who keeps the rest of an account, for when it can't be asked.

CREATE TABLE elsewhere (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    shop TEXT NOT NULL,
    heard_ms INTEGER NOT NULL,
    said_ms INTEGER NOT NULL,
    tills INTEGER NOT NULL,
    PRIMARY KEY (owner, kind, key)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 6;
