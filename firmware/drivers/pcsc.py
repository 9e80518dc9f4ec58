# SPDX-License-Identifier: Apache-2.0
"""Contactless readers that speak PC/SC: `pcsc://any`, or part of a reader's name: `pcsc://ACR122U`.

A tag's code is its number, in hexadecimal. The system's pcscd does the talking; readers that type
the number like a keyboard need none of this: see `hid`.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from threading import Event as Flag
from time import monotonic
from typing import Final, Protocol

from firmware.drivers import winscard
from firmware.drivers.address import Address
from firmware.drivers.base import Put, Reading, Scanner
from firmware.drivers.winscard import COUNT_BITS, PRESENT, UNKNOWN
from firmware.faults import BadSetting, Unplugged

_EVERY: Final = "any"

_RESCAN_S: Final = 0.25
"""How soon a reader that came or went, or a stop, is noticed. A tag is noticed at once."""

_AGAIN_S: Final = 1.0
"""A tag at the edge of the field comes and goes many times while a hand holds it there."""

_log = logging.getLogger(__name__)


class Conversation(Protocol):
    """What is needed of `winscard.Service`."""

    def readers(self) -> list[str]: ...

    def wait(self, known: Mapping[str, int], timeout_s: float) -> dict[str, int]: ...

    def uid(self, reader: str) -> bytes: ...

    def close(self) -> None: ...


class PcscScanner(Scanner):
    """All contactless readers whose name has a word in it, or with `any` simply all."""

    def __init__(self, url: str, *, service: Callable[[], Conversation] = winscard.Service) -> None:
        place = Address.parse(url).place
        if not place:
            raise BadSetting("Dans {url}, il faut any ou le nom d’un lecteur.", url=url)
        self.source = url
        self._wanted = "" if place == _EVERY else place.casefold()
        self._service = service
        self._stopping = Flag()
        self._last: dict[str, tuple[str, float]] = {}

    def listen(self, put: Put, ready: Callable[[], None]) -> None:
        states: dict[str, int] = {}
        self._last.clear()
        with closing(self._service()) as service:
            while not self._stopping.is_set():
                begun = bool(states)
                states = {name: states.get(name, UNKNOWN) for name in self._readers(service)}
                for name, state in service.wait(states, _RESCAN_S).items():
                    if _arrived(states[name], state):
                        self._read(service, name, put)
                    states[name] = state
                if not begun:
                    ready()

    def stop(self) -> None:
        self._stopping.set()

    def _readers(self, service: Conversation) -> list[str]:
        """Those that are wanted and there.

        Raises:
            Unplugged: none is.
        """
        self.found = [name for name in service.readers() if self._wanted in name.casefold()]
        if not self.found:
            raise Unplugged
        return self.found

    def _read(self, service: Conversation, reader: str, put: Put) -> None:
        code = service.uid(reader).hex().upper()
        if not code:
            _log.info("no number read reader=%r", reader)
            return
        now_s = monotonic()
        before, at_s = self._last.get(reader, ("", 0.0))
        self._last[reader] = code, now_s
        if code != before or now_s - at_s > _AGAIN_S:
            put(Reading(code, reader))


def _arrived(before: int, now: int) -> bool:
    """Whether a tag was laid on a reader between two states of it.

    What lay there before the reader was known was not shown to us. Bits change for many reasons,
    ours among them; the count of events only when tags come and go.
    """
    return before != UNKNOWN and bool(now & PRESENT) and now >> COUNT_BITS != before >> COUNT_BITS
