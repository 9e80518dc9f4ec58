-- SPDX-License-Identifier: Apache-2.0
-- Gift cards that can't be used, or not from some day on, whatever is on them.

CREATE TABLE gift (
    side INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    blocked INTEGER NOT NULL,
    expires_on TEXT NOT NULL,
    PRIMARY KEY (side, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE VIEW gift_now AS SELECT fingerprint, blocked, expires_on FROM gift
    WHERE side = (SELECT value FROM setting WHERE name = 'side');

PRAGMA user_version = 8;
