# SPDX-License-Identifier: Apache-2.0
"""From a card or a finger to the finished frame, with 100,000 customers in the terminal.

The kiosk's own loop, till, screens and painter; 800 × 480, without a window.
"""

from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pygame

from firmware.drivers.base import Reading
from firmware.drivers.intake import Intake
from firmware.drivers.mock import MockPrinter, MockSignal
from firmware.drivers.supervise import Printing
from firmware.kiosk.app import App, Happened
from firmware.kiosk.display import Display
from firmware.kiosk.look import Look
from firmware.store import replica
from firmware.till import tap
from firmware.till.till import Till
from loyalty import card
from loyalty.account import points_of
from loyalty.feed import BalanceIs, CustomerIs
from tests.bench.figure import Figure, quantile, timed_ms
from tests.bench.scene import Seller, scene
from tests.replay.shop import PIN, PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

CUSTOMERS = 100_000
FIRST = 5_000_000
"""Number of their first card: beyond those of the hub's own customers."""
ROUNDS = 300
MOST_MS = 50.0
SIZE = (800, 480)
TOUCHED = (tap.AddLine, tap.PickCategory, tap.Key, tap.Key, tap.Key, tap.Enter)
"""A line of an order, typed."""


def measure(folder: Path) -> list[Figure]:
    """Scan cards and type amounts; each frame beside one plain copy of the whole screen."""
    with scene(folder, stores=(1,), baskets=200) as here:
        shop = here.seller(1)
        add_customers(shop, CUSTOMERS)
        with _kiosk(shop) as kiosk:
            scans, touches, floors = kiosk.serve(ROUNDS)
    floor = quantile(floors, 50)
    return [
        Figure(
            name=f"{what} to finished frame, p{percent}",
            value=quantile(times, percent),
            unit="ms",
            floor=floor,
            beside="one copy of the whole frame",
            goal=f"≤ {MOST_MS:g} ms" if goal else "",
            held=not goal or quantile(times, percent) <= MOST_MS,
        )
        for what, times in (("scan", scans), ("touch", touches))
        for percent, goal in ((50, False), (99, what == "scan"))
    ]


def add_customers(shop: Seller, number: int) -> None:
    """Let the terminal know so many more, as a snapshot would."""
    with shop.db.atomic():
        for serial in range(FIRST, FIRST + number):
            known = CustomerIs(
                id=f"customer-{serial}",
                first_name=f"Client {serial}",
                initial="B",
                codes=(card.issue(PREFIX, serial),),
            )
            replica.apply(shop.db, known)
            replica.apply(shop.db, BalanceIs(points_of(known.id), serial % 900))


class _Kiosk:
    def __init__(self, shop: Seller, printing: Printing) -> None:
        self._intake: Intake[Happened] = Intake()
        self._display = Display(Look(width=SIZE[0], height=SIZE[1]))
        self._app = App(
            Till(shop.desk),
            self._display,
            intake=self._intake,
            printing=printing,
            signal=MockSignal(),
            report=lambda *_: None,
        )
        self._app.step(0)
        for asked in (tap.Unlock(), *map(tap.Key, PIN)):
            self._happens(asked)

    def serve(self, customers: int) -> tuple[list[float], list[float], list[float]]:
        """Times of scans, touches and copies, in milliseconds."""
        luck, scans, touches, floors = Random(1), [], [], []
        frame, copy = pygame.Surface(SIZE, 0, 32), pygame.Surface(SIZE, 0, 32)
        for _ in range(customers):
            code = card.issue(PREFIX, FIRST + luck.randrange(CUSTOMERS))
            scans.append(timed_ms(lambda code=code: self._happens(Reading(code, "mock:"))))
            touches += [timed_ms(lambda kind=kind: self._touch(kind)) for kind in TOUCHED]
            floors.append(timed_ms(lambda: copy.blit(frame, (0, 0))))
            self._happens(tap.Save())
            self._happens(tap.Finish())
        return scans, touches, floors

    def _touch(self, kind: type) -> None:
        """A finger comes down on the first place that asks this."""
        places = self._display.arranged.targets
        target = next(t for t in places if t.enabled and isinstance(t.tap, kind))
        x, y, width, height = target.rect
        asked = self._display.press(x + width / 2, y + height / 2)
        self._display.release()
        self._happens(asked)

    def _happens(self, event: Happened | None) -> None:
        self._intake.put(event)
        before = self._display.frame
        self._app.step(0)
        if self._display.frame == before:
            raise RuntimeError(f"{event} changed nothing on the screen")


@contextmanager
def _kiosk(shop: Seller) -> "Iterator[_Kiosk]":
    printing = Printing(MockPrinter())
    printing.start(lambda _: None)
    try:
        yield _Kiosk(shop, printing)
    finally:
        printing.stop()
