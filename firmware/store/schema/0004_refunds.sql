-- SPDX-License-Identifier: Apache-2.0
-- Refunds beside the sales that they undo, and who may allow them.

ALTER TABLE staff ADD COLUMN manager INTEGER NOT NULL DEFAULT 0;
DROP VIEW staff_now;
CREATE VIEW staff_now AS SELECT id, name, pin, manager FROM staff
    WHERE side = (SELECT value FROM setting WHERE name = 'side');

-- Of a refund: the entry of the sale that it undoes, in part or whole.
ALTER TABLE sale ADD COLUMN of TEXT;
CREATE INDEX sale_of ON sale (of) WHERE of IS NOT NULL;

PRAGMA user_version = 4;
