# SPDX-License-Identifier: Apache-2.0
"""A disk that fails when it is told to: at once, or at its so-manieth act from now."""

import apsw


class FailingDisk(apsw.VFS):
    """Raises `error`: FullError when writing, another one when writing or flushing."""

    def __init__(self, name: str = "failing-disk") -> None:
        self.error: type[Exception] | None = None
        self.after = 0
        """Acts that still succeed."""
        self.acts = 0
        """Writes and flushes so far."""
        super().__init__(name, "")

    def xOpen(self, name, flags):  # noqa: N802
        return FailingFile(self, name, flags)

    def fail(self, error: type[Exception], *, after: int = 0) -> None:
        self.error, self.after = error, after

    def mend(self) -> None:
        self.error = None

    def act(self, *, flush: bool) -> None:
        self.acts += 1
        if self.error is None or (flush and self.error is apsw.FullError):
            return
        if self.after:
            self.after -= 1
            return
        raise self.error


class FailingFile(apsw.VFSFile):
    def __init__(self, disk: FailingDisk, name, flags) -> None:
        super().__init__("", name, flags)
        self.disk = disk

    def xSync(self, flags) -> None:  # noqa: N802
        self.disk.act(flush=True)
        super().xSync(flags)

    def xWrite(self, data, offset) -> None:  # noqa: N802
        self.disk.act(flush=False)
        super().xWrite(data, offset)
