# SPDX-License-Identifier: Apache-2.0
"""Let the planned faults happen to the programs and lines of a running replay, and count them."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

from tests.cast import Cast
from tests.replay.faults import Act, Fault, Kind, Part
from tests.replay.proxy import Line

LOOK_S = 0.02


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
    happened: Counter[Kind] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def carry_out(self, faults: Iterable[Fault], stop: Event) -> None:
        """One victim's faults, each when its basket has come; none once `stop` is set."""
        for fault in faults:
            while self.done(fault.shop) < fault.after and not stop.wait(LOOK_S):
                pass
            if stop.wait(fault.delay_s):
                return
            self._strike(fault, stop)
            with self._lock:
                self.happened[fault.kind] += 1

    def _strike(self, fault: Fault, stop: Event) -> None:
        """Returns when the victim serves again."""
        act, part, shop = fault.kind.act, fault.kind.part, fault.shop
        if shop is not None and part is Part.LINE:
            line = self.lines[shop]
            (line.cut if act is Act.CUT else line.hush)()
            stop.wait(fault.lasts_s)
            line.mend()
        elif shop is not None and part is Part.SHOP:
            both = [program(one, shop) for one in (Part.KIOSK, Part.SYNC)]
            self.cast.kill(*both)
            shutil.rmtree(self.ram[shop], ignore_errors=True)
            stop.wait(fault.lasts_s)
            self.cast.start(*both)
        elif act is Act.HOLD:
            name = program(part, shop)
            self.cast.hold(name)
            try:
                stop.wait(fault.lasts_s)
            finally:
                self.cast.let_go(name)
        else:
            name = program(part, shop)
            self.cast.kill(name)
            stop.wait(fault.lasts_s)
            self.cast.start(name)
