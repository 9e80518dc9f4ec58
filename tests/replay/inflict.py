# SPDX-License-Identifier: Apache-2.0
"""Let the planned faults happen to the programs and lines of a running replay, and count them."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

from tests.cast import Cast
from tests.replay.faults import Act, Fault, Kind, Part
from tests.replay.proxy import Line

LOOK_S = 0.02
LATE_S = 0.5
TORN_AFTER = 500
"""Bytes for each second that the fault lasts: a frame is about as long."""


def program(part: Part, shop: int | None) -> str:
    """What the cast calls it."""
    return str(part) if shop is None else f"{part} {shop}"


@dataclass
class Inflicting:
    """Strikes; every victim's faults are carried out by a thread of their own."""

    cast: Cast
    lines: Mapping[int, Line]
    ram: Mapping[int, Path]
    """What each shop's terminal keeps in RAM."""
    done: Callable[[int | None], int]
    """Baskets of a shop, or of all."""
    midway: Callable[[Fault], bool]
    """Whether its victim has something under way."""
    happened: Counter[Kind] = field(default_factory=Counter)
    midway_too: Counter[Kind] = field(default_factory=Counter)
    """How many of those struck in the middle of something."""
    _lock: Lock = field(default_factory=Lock)

    def carry_out(self, faults: Iterable[Fault], stop: Event) -> None:
        """One victim's faults, each when its basket has come; none once `stop` is set."""
        for fault in faults:
            while self.done(fault.shop) < fault.after and not stop.wait(LOOK_S):
                pass
            if stop.wait(fault.delay_s):
                return
            with self._struck(fault):
                midway = self.midway(fault)
                stop.wait(fault.lasts_s)
            with self._lock:
                self.happened[fault.kind] += 1
                self.midway_too[fault.kind] += midway

    @contextmanager
    def _struck(self, fault: Fault) -> Iterator[None]:
        """Strike; at the end the victim serves again."""
        kind, shop = fault.kind, fault.shop
        if kind.part is Part.LINE:
            with _struck_line(self.lines[shop], fault):
                yield
            return
        parts = (Part.KIOSK, Part.SYNC) if kind.part is Part.SHOP else (kind.part,)
        names = [program(part, shop) for part in parts]
        if kind.act is Act.HOLD:
            self.cast.hold(*names)
            try:
                yield
            finally:
                self.cast.let_go(*names)
        else:
            self.cast.kill(*names)
            if kind.part is Part.SHOP:
                shutil.rmtree(self.ram[shop], ignore_errors=True)
            yield
            self.cast.start(*names)


@contextmanager
def _struck_line(line: Line, fault: Fault) -> Iterator[None]:
    match fault.kind.act:
        case Act.TEAR:
            line.tear_after(int(fault.lasts_s * TORN_AFTER))
            yield
        case Act.LAG:
            line.lag(LATE_S)
            yield
            line.lag(0)
        case act:
            (line.cut if act is Act.CUT else line.hush)()
            yield
            line.mend()
