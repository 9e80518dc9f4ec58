# SPDX-License-Identifier: Apache-2.0
"""A virtual terminal that is none yet: its page asks where the hub is, and for the hub's code."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Final

from firmware.faults import Fault
from firmware.virtual import page
from firmware.virtual.server import Asked, Reply, Route, VirtualServer, Wrong, page_file

_log = logging.getLogger(__name__)

LOOK_S: Final = 0.2

Become = Callable[[str, str], object]
"""Makes this board a terminal, given the hub's address and its code. Raises Fault."""
Said = Callable[[Fault, str], str]
"""Why it did not, in a language."""


class Refused(Wrong):
    """The board did not become a terminal."""

    def __init__(self, fault: Fault, said: Said) -> None:
        super().__init__(str(fault))
        self._fault, self._said = fault, said

    def said(self, language: str) -> str:
        """The hub's or the network's reason."""
        return self._said(self._fault, language)


class Board:
    """A board without settings, until somebody types a code on its page."""

    def __init__(self, become: Become, said: Said) -> None:
        self.enrolled = Event()
        self._become, self._said = become, said
        self._lock = Lock()

    def enrol(self, hub: str, code: str) -> None:
        """Become a terminal, once. Raises Refused."""
        with self._lock:
            if self.enrolled.is_set():
                return
            try:
                self._become(hub, code)
            except Fault as fault:
                raise Refused(fault, self._said) from fault
            self.enrolled.set()


def wait(board: Board, port: int, *, stop: Event) -> None:
    """Show the board's page until it is a terminal, or `stop` is set. Raises OSError."""
    with VirtualServer(board, port, routes=ROUTES, brief=True) as server:
        Thread(target=server.serve_forever, name="page", daemon=True).start()
        _log.info("page url=%s", server.url)
        while not stop.is_set() and not board.enrolled.wait(LOOK_S):
            pass
        server.shutdown()


def _page(_board: Board, asked: Asked) -> Reply:
    return Reply("text/html; charset=utf-8", page.enrolling(asked.query.get("lang", "fr")).encode())


def _enrol(board: Board, asked: Asked) -> Reply:
    match asked.body:
        case {"hub": str(hub), "code": str(code), **rest} if not rest:
            board.enrol(hub, code)
            return Reply.json({})
        case _:
            raise Wrong('Attendu : {"hub": "…", "code": "…"}.')


ROUTES: Final = (
    Route("GET", "/", "the page that asks; ?lang=en in English", _page),
    Route("GET", "/page/<name>", "a file of the page", page_file),
    Route("POST", "/enrol", 'become a terminal {"hub": "…", "code": "…"}', _enrol),
)
"""All that a board answers which is no terminal yet."""
