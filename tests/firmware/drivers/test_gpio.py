# SPDX-License-Identifier: Apache-2.0
"""Pins get the colours and notes of the table, and a board without pins is no trouble."""

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from firmware.drivers.cues import BRICK, SIGNS, VERT_WAGON, WHITE, Cue, Rgb
from firmware.drivers.gpio import GpioSignal
from tests.firmware.drivers.events import eventually

LIGHT = (17, 27, 22)
BUZZER = 12
FUCHSIA = Rgb(194, 24, 91)


class ListeningPin(MockPWMPin):
    """A pin that remembers the notes it was given."""

    def __init__(self, *arguments, **options):
        self.notes = []
        super().__init__(*arguments, **options)

    def _set_state(self, value):
        super()._set_state(value)
        if value:
            self.notes.append(round(self.frequency or 0))


class NoPin(MockPWMPin):
    """A pin of a board that has none."""

    def __init__(self, *_arguments):
        raise OSError("no gpiochip")


@pytest.fixture
def board():
    return MockFactory(pin_class=ListeningPin)


@pytest.fixture
def signal(board):
    signal = GpioSignal("gpio://17,27,22?buzzer=12", pin_factory=board)
    yield signal
    signal.stop()


def shines(board, rgb):
    """Whether the light has this colour now."""
    wanted = (rgb.red / 255, rgb.green / 255, rgb.blue / 255)
    return tuple(board.pin(pin).state for pin in LIGHT) == pytest.approx(wanted)


def shone(board, rgb):
    """Whether the light has had this colour."""
    parts = zip(LIGHT, (rgb.red, rgb.green, rgb.blue), strict=True)
    return all(
        any(state.state == pytest.approx(part / 255) for state in board.pin(pin).states)
        for pin, part in parts
    )


def test_ready_is_steady_white_and_repair_steady_brick(signal, board):
    signal.show(Cue.READY)
    eventually(lambda: shines(board, WHITE))
    signal.show(Cue.REPAIR)
    eventually(lambda: shines(board, BRICK))


def test_a_card_flashes_in_the_shops_colour_and_the_light_comes_back(signal, board):
    signal.show(Cue.READY)
    eventually(lambda: shines(board, WHITE))
    signal.show(Cue.READ, shop=FUCHSIA)
    eventually(lambda: shines(board, FUCHSIA))
    eventually(lambda: shines(board, WHITE))
    assert not shone(board, VERT_WAGON)


@pytest.mark.parametrize("cue", [cue for cue in Cue if SIGNS[cue].tones])
def test_each_cue_sounds_its_notes_in_order(signal, board, cue):
    notes = [tone.frequency_hz for tone in SIGNS[cue].tones]
    signal.show(cue)
    eventually(lambda: board.pin(BUZZER).notes == notes)


def test_a_steady_light_does_not_cut_a_sound_short(signal, board):
    signal.show(Cue.SAVED)
    signal.show(Cue.READY)
    eventually(lambda: board.pin(BUZZER).notes == [1175, 1568])
    eventually(lambda: shines(board, WHITE))


def test_after_the_stop_all_is_dark_and_silent(signal, board):
    signal.show(Cue.READY)
    eventually(lambda: shines(board, WHITE))
    signal.stop()
    assert shines(board, Rgb(0, 0, 0))


def test_a_light_that_shares_its_plus_is_driven_upside_down(board):
    signal = GpioSignal("gpio://17,27,22?active=low", pin_factory=board)
    signal.show(Cue.REPAIR)
    upside_down = Rgb(255 - BRICK.red, 255 - BRICK.green, 255 - BRICK.blue)
    eventually(lambda: shines(board, upside_down))
    signal.stop()


def test_a_board_without_pins_stays_dark_and_raises_nothing(caplog):
    board = MockFactory(pin_class=NoPin)
    signal = GpioSignal("gpio://17,27,22", pin_factory=board)
    signal.show(Cue.READ)
    eventually(lambda: "no pins" in caplog.text)
    signal.show(Cue.READY)
    signal.stop()
