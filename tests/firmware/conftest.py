# SPDX-License-Identifier: Apache-2.0
"""What tests of the terminal share: a clock that they turn, ids that they know, a folder in RAM."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from firmware.store.room import Disk
from loyalty.entry import ClockQuality, Stamp
from tests.memory import in_memory


@dataclass
class TurnedClock:
    """A clock that only moves when it is told to."""

    boot: str = "boot-1"
    mono_s: float = 1_000.0
    wall_ms: int = 1_795_330_800_000
    quality: ClockQuality = ClockQuality.SYNCED

    def stamp(self) -> Stamp:
        return Stamp(
            boot_id=self.boot,
            mono_ms=int(self.mono_s * 1000),
            wall_ms=self.wall_ms,
            quality=self.quality,
        )

    def monotonic_s(self) -> float:
        return self.mono_s

    def pass_s(self, seconds: float) -> None:
        self.mono_s += seconds
        self.wall_ms += int(seconds * 1000)

    def reboot(self) -> None:
        self.boot += "'"
        self.mono_s = 1.0


class Ids:
    """Ids that look random and are the same in every run."""

    def __init__(self, prefix: str = "id") -> None:
        self.prefix, self.count = prefix, 0

    def __call__(self) -> str:
        self.count += 1
        return f"{self.prefix}-{self.count:06d}"


@dataclass
class FillingDisk:
    """A small disk that is as full as it is told to be."""

    percent: int = 10

    def __call__(self, _folder: Path) -> Disk:
        return Disk(total=10**9, free=10**7 * (100 - self.percent))


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def new_id() -> Ids:
    return Ids()


@pytest.fixture
def ram() -> Iterator[Path]:
    """A folder whose fsync costs nothing, for tests of logic that write a lot."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
        yield Path(folder)


@pytest.fixture
def plain() -> Iterator[Path]:
    """A folder in which a printer may be a plain file: below /dev it is plugged in, never made."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The journal's token in RAM belongs to the test that wrote it."""
    folder = tmp_path / "runtime"
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(folder))
    return folder
