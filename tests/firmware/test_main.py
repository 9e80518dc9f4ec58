# SPDX-License-Identifier: Apache-2.0
"""The programs themselves: what they do when the terminal's file is damaged."""

from argparse import Namespace
from pathlib import Path
from threading import Event

import pytest

from firmware.__main__ import _parser, run_check, run_kiosk
from firmware.faults import StoreFault
from firmware.kiosk import display
from firmware.store.database import FILE_NAME
from firmware.till.outcome import Broken, Outcome, OutOfOrder
from tests.firmware.store.shelf import Shelf, sold
from tests.firmware.sync.world import config_of


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A folder whose file lost its first page."""
    shelf = Shelf(tmp_path / "state")
    shelf.write(sold())
    shelf.close()
    file = tmp_path / "state" / FILE_NAME
    file.write_bytes(bytes(4096) + file.read_bytes()[4096:])
    return tmp_path / "state"


def test_fault_11_a_kiosk_that_can_not_open_its_file_says_so_on_the_screen(
    damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Outcome] = []
    monkeypatch.setattr(display, "_open", lambda _: None)  # no window in here
    monkeypatch.setattr(display.Display, "show", lambda _, outcome: shown.append(outcome))
    stop = Event()
    stop.set()
    with pytest.raises(StoreFault, match="abîmé"):
        run_kiosk(config_of("saint-denis-1", damaged), Namespace(), stop)
    assert shown == [OutOfOrder(broken=Broken.STORE)]


def test_fault_11_a_tech_salvages_what_the_terminal_can_not_open(
    damaged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = _parser().parse_args(["check", "--salvage", str(tmp_path / "all.jsonl")])
    run_check(config_of("saint-denis-1", damaged), asked, Event())
    assert "2 douteuses" in capsys.readouterr().out
    assert len((tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()) == 2
