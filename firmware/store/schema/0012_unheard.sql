-- SPDX-License-Identifier: Apache-2.0
-- What a segment's entries handed out that the hub has not acknowledged, in cents: kept as they are
-- written, so that no sale adds up those before it.
ALTER TABLE segment ADD COLUMN unheard INTEGER NOT NULL DEFAULT 0;
UPDATE segment SET unheard = coalesce(
    (SELECT sum(spent) FROM entry WHERE segment = seq AND n > acked AND spent > 0), 0);

PRAGMA user_version = 12;
