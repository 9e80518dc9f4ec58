-- SPDX-License-Identifier: Apache-2.0
-- Codes of cards that were lost: known, and nobody is served by them.

ALTER TABLE code ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
-- else somebody's own codes are looked for among everybody's
DROP INDEX code_customer;
CREATE INDEX code_customer ON code (side, customer, blocked);
DROP VIEW code_now;
CREATE VIEW code_now AS SELECT code, customer FROM code
    WHERE blocked = 0 AND side = (SELECT value FROM setting WHERE name = 'side');
CREATE VIEW lost_now AS SELECT code, customer FROM code
    WHERE blocked = 1 AND side = (SELECT value FROM setting WHERE name = 'side');

PRAGMA user_version = 13;
