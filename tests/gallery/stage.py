# SPDX-License-Identifier: Apache-2.0
"""Set the stage for a newcomer: a hub that runs, and a board that is no terminal yet."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Final

from provisioning.demo.ports import LOOPBACK, Ports, listening
from provisioning.demo.programs import Program, Programs
from tests.gallery.hub import browsing
from tests.gallery.newcomer import SIZE, Newcomer, walk
from tests.hands import until
from tests.journeys.world import World

PICTURES: Final = Path(__file__).parent.parent.parent / "docs" / "screens" / "start"
BESIDE: Final = 100
"""Ports between those of the world and the board's."""


@contextmanager
def bare_board(world: World, folder: Path) -> Iterator[str]:
    """A virtual terminal without settings, as `./run virtual --sync` starts it; where its page is."""
    port = Ports().take(world.house.web_port + BESIDE)
    programs = Programs()
    argv = (sys.executable, "-m", "firmware", "virtual", "--sync", "--port", str(port))
    settings = ("--config", str(folder / "terminal.toml"))
    ram = {"RUNTIME_DIRECTORY": str(folder / "ram")}
    (folder / "ram").mkdir(parents=True)
    programs.start(Program("board", (*argv, *settings), folder / "board.log", ram))
    try:
        until(lambda: listening(port), "the board's page")
        yield f"http://{LOOPBACK}:{port}/"
    finally:
        programs.stop()


def visit(
    world: World,
    browser: Any,
    folder: Path,
    *,
    locale: str,
    words: NullTranslations,
    seen: Callable[[Any, str], None],
) -> None:
    """Let a newcomer with a browser of that language take the ten steps; errors of pages fail."""
    width, height = SIZE
    with bare_board(world, folder) as terminal:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
        wrong: list[str] = []
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        newcomer = Newcomer(
            tab=context.new_page(),
            hub=world.house.web_url,
            terminal=terminal,
            words=words,
            seen=seen,
            downloads=folder,
            domain="rivages.example" if locale == "fr-FR" else f"{locale.lower()}.example",
        )
        walk(newcomer)
        context.close()
        assert not wrong


def write_docs() -> int:
    """Take the guide's pictures; how many there are."""
    PICTURES.mkdir(parents=True, exist_ok=True)

    def seen(tab: Any, name: str) -> None:
        tab.evaluate("document.fonts.ready")
        tab.screenshot(path=PICTURES / f"{name}.png")

    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        world = World.prepare(folder / "world", None)
        ending.callback(world.programs.stop)
        world.cast.start()
        browser = ending.enter_context(browsing())
        board = folder / "board"
        visit(world, browser, board, locale="fr-FR", words=NullTranslations(), seen=seen)
    return len(list(PICTURES.glob("*.png")))
