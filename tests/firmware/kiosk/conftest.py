# SPDX-License-Identifier: Apache-2.0
"""What tests of the screens share: both panels, both languages, every example."""

from collections.abc import Iterator
from itertools import product

import pytest

from firmware.kiosk.look import Look
from firmware.kiosk.screens import SCREENS
from firmware.kiosk.text import Language
from firmware.till.outcome import Outcome
from provisioning.messages import compile_messages

LANDSCAPE = Look()
PORTRAIT = Look(width=720, height=1280)
PANELS = {"landscape": LANDSCAPE, "portrait": PORTRAIT}

EXAMPLES: dict[str, Outcome] = {
    f"{screen.name}-{name}": outcome
    for screen in SCREENS.values()
    for name, outcome in screen.examples.items()
}


EXAMPLES_OF = {
    screen.name: [f"{screen.name}-{name}" for name in screen.examples]
    for screen in SCREENS.values()
}
every_screen = pytest.mark.parametrize("shown", EXAMPLES_OF)
"""One case for each screen; it looks at all its examples."""


def looks(**more: bool) -> Iterator[Look]:
    """Each panel in each language."""
    for panel, language in product(PANELS.values(), Language):
        yield Look(width=panel.width, height=panel.height, language=language, **more)


@pytest.fixture(scope="session", autouse=True)
def _english() -> None:
    compile_messages()
