# SPDX-License-Identifier: Apache-2.0
"""A flow is one thing people do at the terminal; the till holds a stack of them.

The top flow is on the screen and gets every event. It stays, opens a flow above it and says what
to do with that one's answer, or ends; it never knows which flow is below.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from firmware.drivers.base import PaperDone, Reading
from firmware.till.outcome import Outcome
from firmware.till.tap import Tap


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed, or another process wrote to the store."""


Event = Reading | PaperDone | Tick | Tap
"""What the till is told; taps are what fingers asked."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Still here; show what is to be shown now."""


@dataclass(frozen=True, slots=True)
class Open:
    """A flow above this one; `then` takes its answer once it has ended."""

    flow: "Flow"
    then: "Callable[[object], Move]" = lambda _: Stay()


@dataclass(frozen=True, slots=True)
class End:
    """This flow is over.

    `answer` is for the flow below (None: left without one); `event` is what it shall handle next
    (a card that was scanned while the receipt was still shown).
    """

    answer: object = None
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Become:
    """This flow is over and another takes its place."""

    flow: "Flow"


Move = Stay | Open | End | Become


class Flow(ABC):
    """One thing people do at the terminal."""

    @abstractmethod
    def show(self) -> Outcome:
        """What the screen has to say now; reads, never writes."""

    @abstractmethod
    def handle(self, event: Event) -> Move:
        """Answer an event; one that means nothing here changes nothing."""


Opener = Callable[[], Flow]
"""Makes a flow that this one opens without knowing it."""
