# SPDX-License-Identifier: Apache-2.0
"""`./run check --salvage`: what a tech types when the terminal says that its file is damaged."""

from pathlib import Path
from threading import Event

import pytest

from firmware.__main__ import _parser, run_check
from firmware.store.database import FILE_NAME
from tests.firmware.store.shelf import Shelf, sold
from tests.firmware.sync.world import config_of


def test_fault_11_a_tech_salvages_what_the_terminal_can_not_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = Shelf(tmp_path / "state")
    shelf.write(sold())
    shelf.close()
    file = tmp_path / "state" / FILE_NAME
    file.write_bytes(bytes(4096) + file.read_bytes()[4096:])
    asked = _parser().parse_args(["check", "--salvage", str(tmp_path / "all.jsonl")])
    run_check(config_of("saint-denis-1", tmp_path / "state"), asked, Event())
    assert "2 douteuses" in capsys.readouterr().out
    assert len((tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()) == 2
