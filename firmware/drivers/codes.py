# SPDX-License-Identifier: Apache-2.0
"""From single characters to whole codes, whatever a scanner sends."""

from typing import Final

from firmware.drivers.base import Put, Reading

LIMIT: Final = 256
"""Characters of one reading; the longest thing worth scanning is the address of a receipt."""

SILENCE_S: Final = 1.0
"""A scanner sends a code within a tenth of this; what comes later is another code."""

ENDS: Final = "\r\n\t"
"""Scanners end a code with Enter or Tab; which one is a setting of theirs."""


class Assembler:
    """Makes readings of one scanner's characters.

    A code that never ends is put once, cut and marked `too_long`, and the rest of it is ignored up
    to its end or to a silence. A code that stops half-way is forgotten after the same silence: it
    must never become the beginning of the next customer's.
    """

    def __init__(self, source: str, put: Put, *, prefix: str = "", suffix: str = "") -> None:
        self._source = source
        self._put = put
        self._prefix = prefix
        self._suffix = suffix
        self._text = ""
        self._ignoring = False
        self._heard_at_s = 0.0

    def feed(self, text: str, at_s: float) -> None:
        """Take the characters that arrived at one instant, of any clock that runs in seconds."""
        if not text:
            return
        if at_s - self._heard_at_s > SILENCE_S:
            self._forget()
        self._heard_at_s = at_s
        for character in text:
            if character in ENDS:
                self._end()
            elif character.isprintable() and not self._ignoring:
                self._text += character
                if len(self._text) > LIMIT:
                    self._put(Reading(self._text[:LIMIT], self._source, too_long=True))
                    self.spoil()

    def spoil(self) -> None:
        """Ignore the code under way: part of it is lost, so none of it may count."""
        self._text = ""
        self._ignoring = True

    def _end(self) -> None:
        code = self._text.removeprefix(self._prefix).removesuffix(self._suffix)
        self._forget()
        if code:
            self._put(Reading(code, self._source))

    def _forget(self) -> None:
        self._text = ""
        self._ignoring = False
