# SPDX-License-Identifier: Apache-2.0
"""How long the till takes to save a sale, beside a bare durable commit of one row as long."""

from itertools import islice
from pathlib import Path

import apsw

from firmware.drivers.base import Reading
from firmware.store.database import PRAGMAS
from firmware.till import tap
from firmware.till.outcome import Saved
from firmware.till.till import Till
from tests.bench.figure import Figure, quantile, timed_ms
from tests.bench.scene import Seller, endless, scene
from tests.replay.shop import PIN, card_of
from tests.replay.shopping import Basket

SALES = 1_000
ALLOWED_MS = 1.0


def measure(folder: Path) -> list[Figure]:
    """Save sales and commit rows in turn, on one disk and one SQLite."""
    with scene(folder, stores=(1,), baskets=SALES) as here:
        shop = here.seller(1)
        bare = Bare(folder / "bare.sqlite3")
        till = unlocked(shop)
        saves, floors = [], []
        for basket in islice(endless(here.baskets), SALES):
            fill(till, basket)
            saves.append(timed_ms(lambda: _save(till)))
            (raw,) = shop.db.row("SELECT raw FROM entry ORDER BY place DESC LIMIT 1") or (b"",)
            floors.append(timed_ms(lambda raw=raw: bare.keep(raw)))
            till.handle(tap.Finish())
    found = []
    for percent, allowed in ((50, ALLOWED_MS), (99, None)):
        value, floor = quantile(saves, percent), quantile(floors, percent)
        found.append(
            Figure(
                name=f"a sale is saved, p{percent}",
                value=value,
                unit="ms",
                floor=floor,
                beside="one bare row, committed and on the disk",
                goal=f"≤ floor + {allowed:g} ms" if allowed else "",
                held=allowed is None or value <= floor + allowed,
            )
        )
    return found


class Bare:
    """One table, one row a commit, the terminal's own pragmas."""

    def __init__(self, path: Path) -> None:
        self._connection = apsw.Connection(str(path))
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.wal_autocheckpoint(1_000)
        self._connection.execute("CREATE TABLE row (place INTEGER PRIMARY KEY, raw BLOB)")

    def keep(self, raw: bytes) -> None:
        """Commit one row."""
        self._connection.execute("INSERT INTO row (raw) VALUES (?)", (raw,))


def unlocked(shop: Seller) -> Till:
    """The shop's till, open to its staff."""
    till = Till(shop.desk)
    till.handle(tap.Unlock())
    for digit in PIN:
        till.handle(tap.Key(digit))
    return till


def fill(till: Till, basket: Basket) -> None:
    """A card is shown, every line is typed."""
    till.handle(Reading(code=card_of(basket.household), source="mock:"))
    for item in basket.items:
        till.handle(tap.AddLine())
        till.handle(tap.PickCategory(item.shelf))
        till.handle(tap.Key(str(item.unit_cents * item.quantity)))
        till.handle(tap.Enter())


def _save(till: Till) -> None:
    saved = till.handle(tap.Save())
    if not isinstance(saved, Saved):
        raise TypeError(f"not saved: {saved}")
