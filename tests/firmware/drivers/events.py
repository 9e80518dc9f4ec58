# SPDX-License-Identifier: Apache-2.0
"""Wait for what drivers report, without guessing how long they take."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

from firmware.drivers.base import Event
from firmware.drivers.intake import Intake

PATIENCE_S = 20.0
"""A busy machine may take long; a passing test never waits for it."""

E = TypeVar("E")


def heard(intake: Intake[Event], kind: type[E]) -> E:
    """The next event, which must be of this kind."""
    event = intake.get(PATIENCE_S)
    assert isinstance(event, kind), f"expected {kind.__name__}, got {event!r}"
    return event


def eventually(condition: Callable[[], object]) -> None:
    """Wait until it is true."""
    deadline = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < deadline, "it never came true"
        sleep(0.002)
