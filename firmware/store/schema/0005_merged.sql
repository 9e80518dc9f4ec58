-- SPDX-License-Identifier: Apache-2.0
-- Customers who are one person: `head` is whom they are served as, empty for their own.

ALTER TABLE customer ADD COLUMN head TEXT NOT NULL DEFAULT '';
CREATE INDEX customer_head ON customer (side, head) WHERE head <> '';
DROP VIEW customer_now;
CREATE VIEW customer_now AS SELECT id, first_name, initial, words, head FROM customer
    WHERE side = (SELECT value FROM setting WHERE name = 'side');

PRAGMA user_version = 5;
