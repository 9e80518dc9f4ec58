-- SPDX-License-Identifier: Apache-2.0
-- What counted towards a customer's tier when the hub last worked it out.

ALTER TABLE customer ADD COLUMN figure INTEGER NOT NULL DEFAULT 0;
DROP VIEW customer_now;
CREATE VIEW customer_now AS
    SELECT id, first_name, initial, words, head, member, pro, tier, figure FROM customer
    WHERE side = (SELECT value FROM setting WHERE name = 'side');

PRAGMA user_version = 11;
