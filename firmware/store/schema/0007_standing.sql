-- SPDX-License-Identifier: Apache-2.0
-- What the hub says of a customer that rules ask for: whether they joined, are a professional, and
-- which tier they have.

ALTER TABLE customer ADD COLUMN member INTEGER NOT NULL DEFAULT 1;
ALTER TABLE customer ADD COLUMN pro INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN tier TEXT NOT NULL DEFAULT '';
DROP VIEW customer_now;
CREATE VIEW customer_now AS
    SELECT id, first_name, initial, words, head, member, pro, tier FROM customer
    WHERE side = (SELECT value FROM setting WHERE name = 'side');

PRAGMA user_version = 7;
