-- SPDX-License-Identifier: Apache-2.0
-- Staff unlock the till with a badge, too: its keyed hash.

ALTER TABLE staff ADD COLUMN badge TEXT NOT NULL DEFAULT '';
DROP VIEW staff_now;
CREATE VIEW staff_now AS SELECT id, name, pin, manager, badge FROM staff
    WHERE side = (SELECT value FROM setting WHERE name = 'side');

PRAGMA user_version = 10;
