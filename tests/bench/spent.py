# SPDX-License-Identifier: Apache-2.0
"""What spending rights cost a sale that uses a reward, beside the same sale without them.

Every second sale is made with the terminal's bookkeeping of rights taken out: any balance may be
spent, nothing is counted as held.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from firmware.store import own, replica, rights
from firmware.store.database import Database
from firmware.till import tap
from firmware.till.flow import Tick
from firmware.till.outcome import AtTill, Saved
from firmware.till.till import Till
from loyalty.account import Account
from loyalty.badge import BadgeState
from tests.bench.commit import fill, unlocked
from tests.bench.figure import Figure, median, timed_ms
from tests.bench.scene import endless, offer, scene
from tests.replay.shopping import Basket

SALES = 600
"""Of each sort."""
ALLOWED_MS = 0.2


def measure(folder: Path) -> list[Figure]:
    """Sell the same baskets with and without rights in turn; the middle of each."""
    with scene(folder, stores=(1,), baskets=SALES) as here:
        offer(cost=1)
        till = unlocked(here.seller(1))
        pairs = _pairs(here.baskets)
        within: list[float] = []
        without: list[float] = []
        for basket in islice(endless(here.baskets), 2 * SALES):
            one, other = pairs[basket.household]
            within += _sell(till, replace(basket, household=one))
            with pytest.MonkeyPatch.context() as patch:
                _take_out(patch)
                without += _sell(till, replace(basket, household=other))
    value, floor = median(within), median(without)
    return [
        Figure(
            name="a sale that uses a reward is saved, within its right",
            value=value,
            unit="ms",
            floor=floor,
            beside="the same sale without the bookkeeping of rights",
            goal=f"≤ floor + {ALLOWED_MS:g} ms",
            held=value <= floor + ALLOWED_MS,
        )
    ]


def _take_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rights, "spendable", _everything)
    patch.setattr(rights, "reserve", lambda *_: None)
    patch.setattr(rights, "unheard_room_cents", lambda _: 1_000_000)
    patch.setattr(own, "change_right", lambda *_, **_place: 0)


def _everything(db: Database, *owners: str) -> dict[Account, int]:
    return {a: n for owner in owners for a, n in replica.balances(db, owner).items()}


def _pairs(baskets: Sequence[Basket]) -> dict[int, tuple[int, int]]:
    """For each household, the one to whom a sale is made with rights, and the one without."""
    known = sorted({basket.household for basket in baskets})
    pairs = list(zip(known[::2], known[1::2], strict=False))
    return {household: pairs[i // 2 % len(pairs)] for i, household in enumerate(known)}


def _sell(till: Till, basket: Basket) -> tuple[float, ...]:
    """Save the basket's sale, with a reward if one is lit; the time of the saving with one."""
    fill(till, basket)
    shown = till.handle(Tick())
    if not isinstance(shown, AtTill):
        raise TypeError(f"not at the till: {shown}")
    lit = [b for b in shown.badges if b.state is BadgeState.USABLE]
    gift = next((b.reward.id for b in lit if b.reward.kind == "gift"), None)
    if gift:
        till.handle(tap.Take(gift))
    time = timed_ms(lambda: _save(till))
    till.handle(tap.Finish())
    return (time,) if gift else ()


def _save(till: Till) -> None:
    saved = till.handle(tap.Save())
    if not isinstance(saved, Saved):
        raise TypeError(f"not saved: {saved}")
