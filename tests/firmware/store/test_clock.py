# SPDX-License-Identifier: Apache-2.0
"""This machine's clock: one boot, time that only grows, and an honest word on its quality."""

import ctypes
import re
from pathlib import Path

import pytest

from firmware.store import clock
from firmware.store.clock import SystemClock, new_id
from loyalty.entry import ClockQuality


def test_a_boot_has_one_id_and_its_time_only_grows() -> None:
    first, second = SystemClock(), SystemClock()
    before, after = first.stamp(), second.stamp()
    assert before.boot_id == after.boot_id
    assert before.mono_ms <= after.mono_ms
    assert first.monotonic_s() <= second.monotonic_s()
    assert after.wall_ms > 1_700_000_000_000


@pytest.mark.parametrize(
    ("state", "quality"),
    [(0, ClockQuality.SYNCED), (5, ClockQuality.GUESS), (-1, ClockQuality.GUESS)],
)
def test_a_clock_that_nobody_set_is_a_guess(
    state: int, quality: ClockQuality, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Kernel:
        def adjtimex(self, asked: ctypes.Array) -> int:
            assert not any(asked.raw), "it is only asked, never set"
            return state

    monkeypatch.setattr(clock, "_LIBC", Kernel())
    monkeypatch.setattr(clock, "_TIMESYNCED", tmp_path / "synchronized")
    assert SystemClock().stamp().quality is quality
    (tmp_path / "synchronized").touch()
    assert SystemClock().stamp().quality is ClockQuality.SYNCED


def test_fault_26_a_clock_that_starts_in_1970_has_a_floor_until_the_network_sets_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    enrolled_ms = 4_000_000_000_000  # so far ahead that this machine's clock is behind
    monkeypatch.setattr(clock, "_LIBC", type("Kernel", (), {"adjtimex": lambda *_: 5})())
    monkeypatch.setattr(clock, "_TIMESYNCED", tmp_path / "synchronized")
    floored = SystemClock(floor_ms=enrolled_ms)
    first, second = floored.stamp(), floored.stamp()
    assert enrolled_ms < first.wall_ms <= second.wall_ms
    assert first.quality is ClockQuality.GUESS
    assert SystemClock(floor_ms=1).stamp().wall_ms < enrolled_ms, "a later clock stays as it is"
    (tmp_path / "synchronized").touch()
    assert floored.stamp().wall_ms < enrolled_ms


def test_ids_are_random_and_of_one_form() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"[0-9a-f]{32}", i) for i in ids)
