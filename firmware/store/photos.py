# SPDX-License-Identifier: Apache-2.0
"""Rewards' small pictures, for the tiles of the screen: there if there is room, missed by nobody."""

from firmware.store.database import Database
from firmware.store.room import Strain, strain
from loyalty.feed import RewardPhotoIs


def of_rewards(db: Database) -> dict[str, bytes]:
    """JPEG of each reward that has one here."""
    return dict(db.rows("SELECT reward, picture FROM photo_now"))


def keep(db: Database, item: RewardPhotoIs, *, side: int) -> None:
    """Keep a picture, or forget the one there was; a disk that fills up goes without.

    Raises:
        ValueError: its bytes are not those of its hash, or too many.
    """
    if not item.sound:
        raise ValueError(item.reward)
    here = (side, item.reward)
    if item.picture and db.row(
        "SELECT 1 FROM photo WHERE (side, reward, digest) = (?, ?, ?)", *here, item.digest
    ):
        return
    db.run("DELETE FROM photo WHERE side = ? AND reward = ?", *here)
    if item.picture and strain(db.disk()) is Strain.NONE:
        db.run("INSERT INTO photo VALUES (?, ?, ?, ?)", *here, item.digest, item.picture)
