-- SPDX-License-Identifier: Apache-2.0
-- A scanned article is found by its barcode: by an index that begins with the side, SQLite read the
-- whole catalogue instead, for it takes a side to be ten rows.

DROP INDEX product_ean;
CREATE INDEX product_ean ON product (ean) WHERE ean <> '';

PRAGMA user_version = 14;
