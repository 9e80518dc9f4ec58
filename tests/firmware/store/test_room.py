# SPDX-License-Identifier: Apache-2.0
"""What gives way as the disk fills up, and from when on."""

from pathlib import Path

import pytest

from firmware.store.database import Database, Role
from firmware.store.room import AMPLE, Disk, Strain, measure, percent_used, strain

GB = 10**9


@pytest.mark.parametrize(
    ("free", "gives_way"),
    [
        (50, Strain.NONE),
        (21, Strain.NONE),
        (20, Strain.SCRAPS),
        (11, Strain.SCRAPS),
        (10, Strain.ARCHIVE),
        (6, Strain.ARCHIVE),
        (5, Strain.SALES),
        (0, Strain.SALES),
    ],
)
def test_fault_10_what_gives_way_depends_on_what_is_left(free: int, gives_way: Strain) -> None:
    assert strain(Disk(total=GB, free=free * GB // 100)) is gives_way


def test_a_percent_begun_is_a_percent() -> None:
    assert strain(Disk(total=GB, free=5 * GB // 100 + 1)) is Strain.SALES
    assert strain(Disk(total=GB, free=6 * GB // 100)) is Strain.ARCHIVE


def test_gigabytes_are_ample_on_the_fullest_of_large_disks() -> None:
    assert strain(Disk(total=1000 * GB, free=AMPLE)) is Strain.NONE
    assert strain(Disk(total=1000 * GB, free=AMPLE - 1)) is Strain.SALES


def test_a_disk_that_says_nothing_of_its_size_is_not_full() -> None:
    assert percent_used(Disk(0, 0)) == 0


def test_this_machine_says_what_df_would(tmp_path: Path) -> None:
    found = measure(tmp_path)
    assert 0 < found.free <= found.total


def test_pages_that_the_file_has_emptied_count_as_free(ram: Path) -> None:
    db = Database(ram, role=Role.KIOSK, runtime=ram / "ram", measure=lambda _: Disk(GB, 0))
    db.run("CREATE TABLE ballast (stuff BLOB)")
    db.run("INSERT INTO ballast VALUES (zeroblob(1000000))")
    before = db.disk().free
    db.run("DROP TABLE ballast")
    assert 1_000_000 <= db.disk().free - before < 1_010_000
    db.close()
