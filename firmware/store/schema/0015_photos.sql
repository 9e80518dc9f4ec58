-- SPDX-License-Identifier: Apache-2.0
-- Small pictures of rewards, each by the hash of its bytes.

CREATE TABLE photo (
    side INTEGER NOT NULL,
    reward TEXT NOT NULL,
    digest TEXT NOT NULL,
    picture BLOB NOT NULL,
    PRIMARY KEY (side, reward)
) STRICT;
CREATE VIEW photo_now AS SELECT reward, digest, picture FROM photo
    WHERE side = (SELECT value FROM setting WHERE name = 'side');

PRAGMA user_version = 15;
