# SPDX-License-Identifier: Apache-2.0
"""A disk that remembers every write and flush, and shows what a power cut would have left."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import apsw

SECTOR = 512


@dataclass(frozen=True)
class Act:
    """Something that was done to a file; `data` of None is a flush, a length a truncation."""

    file: str
    offset: int = 0
    data: bytes | None = None
    length: int | None = None


@dataclass
class Platter:
    """What a file holds for certain, and what was written to it since the last flush."""

    durable: bytearray = field(default_factory=bytearray)
    loose: list[Act] = field(default_factory=list)


class Recorder(apsw.VFS):
    """Passes everything on to the real disk and writes it down."""

    def __init__(self, name: str) -> None:
        self.acts: list[Act] = []
        super().__init__(name, "")

    def xOpen(self, name, flags):  # noqa: N802
        return RecordedFile(self, name, flags)

    def xDelete(self, name, sync_directory) -> None:  # noqa: N802
        self.acts += [Act(Path(name).name, length=0), Act(Path(name).name)]
        super().xDelete(name, sync_directory)


class RecordedFile(apsw.VFSFile):
    def __init__(self, recorder: Recorder, name, flags) -> None:
        super().__init__("", name, flags)
        self.acts = recorder.acts
        self.name = Path(name.filename() if hasattr(name, "filename") else name).name

    def xWrite(self, data, offset) -> None:  # noqa: N802
        self.acts.append(Act(self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size) -> None:  # noqa: N802
        self.acts.append(Act(self.name, length=size))
        super().xTruncate(size)

    def xSync(self, flags) -> None:  # noqa: N802
        self.acts.append(Act(self.name))
        super().xSync(flags)


def after_cut(
    acts: list[Act], folder: Path, luck: Random, *, before: dict[str, bytes] | None = None
) -> None:
    """Write the files as a cut after these acts may leave them.

    What was flushed is there; of the rest each sector was kept or lost, in any order.

    Args:
        before: what the files held for certain when recording began.
    """
    platters = {name: Platter(bytearray(held)) for name, held in (before or {}).items()}
    for act in acts:
        platter = platters.setdefault(act.file, Platter())
        if act.data is None and act.length is None:
            for loose in platter.loose:
                _carry_out(platter.durable, loose)
            platter.loose.clear()
        else:
            platter.loose.append(act)
    folder.mkdir(parents=True)
    for name, platter in platters.items():
        for loose in platter.loose:
            for part in _sectors(loose):
                if luck.random() < 0.5:
                    _carry_out(platter.durable, part)
        if platter.durable:
            (folder / name).write_bytes(platter.durable)


def _sectors(act: Act) -> list[Act]:
    if act.data is None:
        return [act]
    return [
        Act(act.file, act.offset + at, act.data[at : at + SECTOR])
        for at in range(0, len(act.data), SECTOR)
    ]


def _carry_out(held: bytearray, act: Act) -> None:
    if act.data is None:
        del held[act.length :]
        return
    if len(held) < act.offset:
        held.extend(bytes(act.offset - len(held)))
    held[act.offset : act.offset + len(act.data)] = act.data
