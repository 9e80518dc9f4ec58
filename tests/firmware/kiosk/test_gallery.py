# SPDX-License-Identifier: Apache-2.0
"""docs/screens.md shows every screen, and shows it as it is drawn today."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from firmware.kiosk.screens import SCREENS
from tests.gallery import terminal

SHOTS = terminal.PAIRS + terminal.OTHERS


def test_the_page_is_current() -> None:
    assert terminal.PAGE.read_text() == terminal.page(), "run ./run gallery"


def test_every_screen_is_on_the_page() -> None:
    names = {screen.name for screen in SCREENS.values()}
    assert set(terminal.TITLES) == names
    assert {shot.screen for shot in SHOTS} == names


def test_no_picture_lies_there_unused() -> None:
    used = {f"{shot.name}.png" for shot in SHOTS}
    used |= {f"drawn-{shot.drawn}.png" for shot in SHOTS if shot.drawn}
    assert {path.name for path in terminal.PICTURES.iterdir()} == used


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_picture_is_what_is_drawn_today(shot: terminal.Shot) -> None:
    """Letters may differ by a shade between two machines; what is said and where may not."""
    kept = Image.open(terminal.PICTURES / f"{shot.name}.png").convert("RGB")
    drawn = Image.open(BytesIO(shot.png())).convert("RGB")
    assert kept.size == drawn.size
    assert ImageStat.Stat(ImageChops.difference(kept, drawn)).mean <= [1.0] * 3, "run ./run gallery"
