# SPDX-License-Identifier: Apache-2.0
"""Sounds and lights stay within what a shop can bear."""

from firmware.drivers.cues import SIGNS, Cue, Light


def test_every_cue_has_its_sign():
    assert set(SIGNS) == set(Cue)


def test_what_lasts_makes_no_sound_and_what_sounds_does_not_last():
    for sign in SIGNS.values():
        assert not (sign.steady and sign.tones)


def test_no_sound_is_longer_than_a_quarter_of_a_second():
    assert max(sum(t.length_ms for t in sign.tones) for sign in SIGNS.values()) <= 250


def test_only_a_repair_is_brick():
    assert [cue for cue, sign in SIGNS.items() if sign.light is Light.BRICK] == [Cue.REPAIR]
