# SPDX-License-Identifier: Apache-2.0
"""A coloured light and a buzzer on the Pi's pins: `gpio://17,27,22?buzzer=12`.

The pins are those of red, green and blue. Options: `buzzer` (its pin; without it there is no
sound), `active` (high, or low for lights that share their plus).
"""

import logging
from contextlib import ExitStack
from threading import Condition, Thread
from typing import Final

from gpiozero import RGBLED, Factory, TonalBuzzer
from gpiozero.tones import Tone as Note

from firmware.drivers.address import Address
from firmware.drivers.base import Signal
from firmware.drivers.cues import GAP_MS, SIGNS, VERT_WAGON, Cue, Rgb, Sign, colour
from firmware.faults import BadSetting, Fault, NoPins

_OCTAVES: Final = 3
"""Around 440 Hz: every tone of the table is between 55 and 3,520."""

_JOIN_S: Final = 2.0
_DARK: Final = Rgb(0, 0, 0)

_log = logging.getLogger(__name__)


class GpioSignal(Signal):
    """Plays cues in a thread of its own; a board without pins stays dark and silent."""

    def __init__(self, url: str, *, pin_factory: Factory | None = None) -> None:
        address = Address.parse(url, options=("buzzer", "active"))
        pins = [_pin(address, word) for word in address.place.split(",")]
        if len(pins) != len(("red", "green", "blue")):
            raise BadSetting("Dans {url}, il faut trois broches : rouge, vert, bleu.", url=url)
        active = address.options.get("active", "high")
        if active not in ("high", "low"):
            raise address.refused("active")
        buzzer = address.options.get("buzzer")
        self._buzzer_pin = None if buzzer is None else _pin(address, buzzer)
        self._light_pins = pins
        self._pins = pins if self._buzzer_pin is None else [*pins, self._buzzer_pin]
        self._active_high = active == "high"
        self._pin_factory = pin_factory
        self._changed = Condition()
        self._next: tuple[Sign, Rgb] | None = None
        self._steady = _DARK
        self._stopping = False
        self._thread: Thread | None = None

    def show(self, cue: Cue, *, shop: Rgb = VERT_WAGON) -> None:
        sign = SIGNS[cue]
        with self._changed:
            if sign.steady:
                self._steady = colour(sign.steady, shop)
            else:
                self._next = sign, shop
            if self._thread is None and not self._stopping:
                self._thread = Thread(target=self._run, name="signal", daemon=True)
                self._thread.start()
            self._changed.notify()

    def check(self) -> Fault | None:
        try:
            with ExitStack() as stack:
                self._open(stack)
        except Exception:  # noqa: BLE001 (a board may lack anything)
            _log.info("no pins for light and sound", exc_info=True)
            return NoPins(pins=", ".join(map(str, self._pins)))
        return None

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread:
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        with ExitStack() as stack:
            try:
                board = self._open(stack)
            except Exception:  # noqa: BLE001 (a board may lack anything; the till goes on)
                _log.exception("no pins for light and sound")
                return
            self._serve(board)

    def _open(self, stack: ExitStack) -> "_Board":
        light = RGBLED(
            *self._light_pins, active_high=self._active_high, pin_factory=self._pin_factory
        )
        stack.callback(light.close)
        if self._buzzer_pin is None:
            return _Board(light, None)
        buzzer = TonalBuzzer(self._buzzer_pin, octaves=_OCTAVES, pin_factory=self._pin_factory)
        stack.callback(buzzer.close)
        return _Board(light, buzzer)

    def _serve(self, board: "_Board") -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._called() or board.colour != self._steady)
                if self._stopping:
                    return
                called, self._next = self._next, None
            if called:
                self._play(board, *called)
            else:
                board.shine(self._steady)

    def _play(self, board: "_Board", sign: Sign, shop: Rgb) -> None:
        if sign.light:
            board.shine(colour(sign.light, shop))
        rest_ms = sign.light_ms or 0
        for tone in sign.tones:
            board.sound(tone.frequency_hz)
            cut = self._rest(tone.length_ms)
            board.sound(None)
            if cut or self._rest(GAP_MS):
                return
            rest_ms -= tone.length_ms + GAP_MS
        self._rest(rest_ms)

    def _rest(self, length_ms: int) -> bool:
        """Let the time pass; True when something else should be shown instead."""
        with self._changed:
            return self._changed.wait_for(self._called, max(length_ms, 0) / 1000)

    def _called(self) -> bool:
        return self._stopping or self._next is not None


class _Board:
    """The pins, once they are ours."""

    def __init__(self, light: RGBLED, buzzer: TonalBuzzer | None) -> None:
        self._light = light
        self._buzzer = buzzer
        self.colour = _DARK

    def shine(self, rgb: Rgb) -> None:
        self._light.color = (rgb.red / 255, rgb.green / 255, rgb.blue / 255)
        self.colour = rgb

    def sound(self, frequency_hz: int | None) -> None:
        if self._buzzer is None:
            return
        if frequency_hz is None:
            self._buzzer.stop()
        else:
            self._buzzer.play(Note.from_frequency(frequency_hz))


def _pin(address: Address, word: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise BadSetting("Dans {url}, {pin} n’est pas une broche.", url=address.url, pin=word)
    return int(word)
