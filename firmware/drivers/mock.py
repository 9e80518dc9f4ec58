# SPDX-License-Identifier: Apache-2.0
"""Hardware that is not there: driven by a page or a test, it keeps every contract and records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Condition, Lock
from time import monotonic
from typing import Final, Generic, TypeVar

from firmware.drivers import escpos
from firmware.drivers.address import Address
from firmware.drivers.base import Printer, PrinterStatus, Put, Scanner, Signal
from firmware.drivers.codes import Assembler
from firmware.drivers.cues import VERT_WAGON, Cue, Rgb
from firmware.drivers.paper import Paper
from firmware.faults import Fault, Unplugged

KEPT: Final = 200
"""How many receipts and cues are remembered; older ones are forgotten."""

T = TypeVar("T")


class MockScanner(Scanner):
    """A scanner whose cards are shown by `put`, and whose cable is pulled by `unplug`."""

    def __init__(self, url: str = "mock:") -> None:
        Address.parse(url)
        self.source = url
        self._codes: Assembler | None = None
        self._plugged = True
        self._stopping = False
        self._changed = Condition()

    def listen(self, put: Put, ready: Callable[[], None]) -> None:
        with self._changed:
            if not self._plugged:
                raise Unplugged
            self._codes = Assembler(self.source, put)
            self.found = (self.source,)
            ready()
            self._changed.wait_for(lambda: self._stopping or not self._plugged)
            self._codes = None
            if not self._stopping:
                raise Unplugged

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def put(self, code: str) -> bool:
        """Show a card to the scanner; False when nobody listens to it."""
        return self.send(f"{code}\r")

    def send(self, text: str) -> bool:
        """Send single characters, as a scanner does; False when nobody listens to it."""
        with self._changed:
            if self._codes is None:
                return False
            self._codes.feed(text, monotonic())
            return True

    def unplug(self) -> None:
        """Pull the cable."""
        self._plug(plugged=False)

    def plug(self) -> None:
        """Put the cable back."""
        self._plug(plugged=True)

    def _plug(self, *, plugged: bool) -> None:
        with self._changed:
            self._plugged = plugged
            self._changed.notify()


class MockPrinter(Printer):
    """A printer that keeps the ESC/POS bytes of each receipt, and is as well as one says."""

    def __init__(self, url: str = "mock:") -> None:
        Address.parse(url)
        self.condition = PrinterStatus.READY
        """Set it to have no paper, an open cover or no power."""
        self._receipts = _Kept[bytes]()

    @property
    def receipts(self) -> Mapping[int, bytes]:
        """What was printed, by number: the first receipt is 1."""
        return self._receipts.all()

    def prepare(self) -> None:
        escpos.warm()

    def print(self, paper: Paper) -> None:
        data = escpos.encode(paper)
        fault = self.condition.fault
        if fault:
            raise fault
        self._receipts.add(data)

    def status(self) -> PrinterStatus:
        return self.condition


@dataclass(frozen=True, slots=True)
class Shown:
    """A cue that was played, and the shop's colour at that moment."""

    cue: Cue
    shop: Rgb


class MockSignal(Signal):
    """Lights and a buzzer that only remember; `cues.SIGNS` says how they would look and sound."""

    def __init__(self, url: str = "mock:") -> None:
        Address.parse(url)
        self._shown = _Kept[Shown]()

    @property
    def shown(self) -> Mapping[int, Shown]:
        """The cues that were played, by number: the first is 1."""
        return self._shown.all()

    def show(self, cue: Cue, *, shop: Rgb = VERT_WAGON) -> None:
        self._shown.add(Shown(cue, shop))

    def check(self) -> Fault | None:
        return None

    def stop(self) -> None:
        pass  # nothing shines


class _Kept(Generic[T]):
    """The last things of a kind, numbered from 1; any thread may add and look."""

    def __init__(self) -> None:
        self._things: dict[int, T] = {}
        self._number = 0
        self._lock = Lock()

    def add(self, thing: T) -> None:
        with self._lock:
            self._number += 1
            self._things[self._number] = thing
            self._things.pop(self._number - KEPT, None)

    def all(self) -> Mapping[int, T]:
        with self._lock:
            return dict(self._things)
