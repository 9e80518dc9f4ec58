# SPDX-License-Identifier: Apache-2.0
"""Drivers over a real kernel: grab, hot-plug, usblp and libusb, in a small machine (`--all`)."""

from pathlib import Path

import pytest

from tests.firmware.drivers.metal import machine
from tests.house.pages import ROOT

INSIDE = Path(__file__).with_name("inside.py").relative_to(ROOT)


@pytest.mark.long
@pytest.mark.row("T6")
def test_scanners_and_printers_keep_their_contract_over_a_real_kernel(tmp_path: Path) -> None:
    if lacking := machine.missing():
        pytest.skip(f"no machine to start here: {lacking}")
    options = "-q --noconftest -c /dev/null --rootdir=. -p no:cacheprovider"
    code, said = machine.run(f".venv/bin/python -m pytest {options} {INSIDE}", tmp_path)
    assert code == 0, said
