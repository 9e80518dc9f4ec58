# SPDX-License-Identifier: Apache-2.0
"""The virtual terminal over HTTP, for its page and for tests: loopback only, every input bounded."""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore
from typing import Any, Final
from urllib.parse import parse_qs

from firmware.virtual import page, paper
from firmware.virtual.terminal import VirtualTerminal
from firmware.virtual.words import NotPossible, say

LOOPBACK: Final = "127.0.0.1"
LARGEST_BODY: Final = 64 * 1024
LONGEST_WAIT_S: Final = 15.0
"""After which a page that watches is told that nothing changed: it notices a lost terminal."""

MOST_WATCHERS: Final = 16
"""Pages that may watch at once; each holds a thread."""

_log = logging.getLogger(__name__)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    kind: str
    content: bytes | Iterator[bytes]
    """An iterator is sent piece by piece as long as somebody listens."""
    status: HTTPStatus = HTTPStatus.OK

    @classmethod
    def json(cls, value: Json, status: HTTPStatus = HTTPStatus.OK) -> "Reply":
        """An answer for programs."""
        content = json.dumps(value, ensure_ascii=False, indent=1).encode()
        return cls("application/json; charset=utf-8", content, status)


@dataclass(frozen=True, slots=True)
class Route:
    """One door of the interface, and the line that documents it."""

    method: str
    path: str
    """As documented; `<n>` and `<name>` stand for something."""
    does: str
    answer: Callable[[Any, "Asked"], Reply]
    """Given what is served: a terminal, or a board that is none yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, taken apart."""

    parts: tuple[str, ...]
    """What stands where the path has `<…>`."""
    query: Mapping[str, str]
    body: Json


class Wrong(NotPossible):
    """The request itself makes no sense."""

    def __init__(self, text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(text)
        self.status = status


def _page(terminal: VirtualTerminal, asked: Asked) -> Reply:
    language = asked.query.get("lang", terminal.language)
    size = (terminal.width, terminal.height)
    return Reply("text/html; charset=utf-8", page.counter(language, size=size).encode())


def page_file(_served: object, asked: Asked) -> Reply:
    """A file of the page."""
    found = page.file(asked.parts[0])
    if found is None:
        raise Wrong("Il n’y a rien à cette adresse.", HTTPStatus.NOT_FOUND)
    return Reply(*found)


def _api(_terminal: VirtualTerminal, _asked: Asked) -> Reply:
    return Reply.json({f"{r.method} {r.path}": r.does for r in ROUTES})


def _picture(terminal: VirtualTerminal, _asked: Asked) -> Reply:
    return Reply("image/png", terminal.picture())


def _screen(terminal: VirtualTerminal, _asked: Asked) -> Reply:
    return Reply.json(terminal.screen())


def _tap(terminal: VirtualTerminal, asked: Asked) -> Reply:
    match asked.body:
        case {"label": str(label), **rest} if not rest:
            return Reply.json(terminal.tap_label(label))
        case {"x": int(x), "y": int(y), **rest} if not rest and bool not in {type(x), type(y)}:
            return Reply.json(terminal.tap_at(x, y))
        case _:
            raise Wrong('Attendu : {"label": "…"} ou {"x": 400, "y": 240}.')


def _scan(terminal: VirtualTerminal, asked: Asked) -> Reply:
    match asked.body:
        case {"code": str(code), **rest} if not rest:
            return Reply.json(terminal.scan(code))
        case _:
            raise Wrong('Attendu : {"code": "…"}.')


def _scanner(terminal: VirtualTerminal, asked: Asked) -> Reply:
    match asked.body:
        case {"plugged": bool(plugged), **rest} if not rest:
            return Reply.json(terminal.plug_scanner(plugged=plugged))
        case _:
            raise Wrong('Attendu : {"plugged": true} ou false.')


def _printer(terminal: VirtualTerminal, asked: Asked) -> Reply:
    match asked.body:
        case {"condition": str(condition), **rest} if not rest:
            return Reply.json(terminal.set_printer(condition))
        case _:
            raise Wrong('Attendu : {"condition": "…"}.')


def _network(terminal: VirtualTerminal, asked: Asked) -> Reply:
    match asked.body:
        case {"up": bool(up), **rest} if not rest:
            return Reply.json(terminal.set_network(up=up))
        case _:
            raise Wrong('Attendu : {"up": true} ou false.')


def _papers(terminal: VirtualTerminal, _asked: Asked) -> Reply:
    found = [{"n": n, "text": paper.text(data)} for n, data in sorted(terminal.receipts().items())]
    return Reply.json({"receipts": found})


def _paper(terminal: VirtualTerminal, asked: Asked) -> Reply:
    data = terminal.receipts().get(int(asked.parts[0]))
    if data is None:
        raise Wrong("Ce ticket n’est pas sorti, ou il y a trop longtemps.", HTTPStatus.NOT_FOUND)
    return Reply("image/png", paper.png(data))


def _signals(terminal: VirtualTerminal, _asked: Asked) -> Reply:
    return Reply.json(terminal.signals())


def _state(terminal: VirtualTerminal, _asked: Asked) -> Reply:
    return Reply.json(terminal.state())


def _cards(terminal: VirtualTerminal, _asked: Asked) -> Reply:
    return Reply.json({"cards": terminal.cards()})


def _events(terminal: VirtualTerminal, _asked: Asked) -> Reply:
    return Reply("text/event-stream; charset=utf-8", _watch(terminal))


def _watch(terminal: VirtualTerminal) -> Iterator[bytes]:
    """One event for each change, the state as it is first; nothing new is an empty comment."""
    now = terminal.glance()
    yield _event(now)
    while True:
        later = terminal.wait_for_change(now, timeout_s=LONGEST_WAIT_S)
        yield b":\n\n" if later == now else _event(later)
        now = later


def _event(glance: Json) -> bytes:
    return b"data: " + json.dumps(glance, ensure_ascii=False).encode() + b"\n\n"


ROUTES: Final = (
    Route("GET", "/", "the page; ?lang=en in English", _page),
    Route("GET", "/page/<name>", "a file of the page", page_file),
    Route("GET", "/api", "this list", _api),
    Route("GET", "/screen.png", "the screen", _picture),
    Route("GET", "/screen.json", "outcome, language, size and widgets of the screen", _screen),
    Route(
        "POST", "/tap", 'touch {"label": "…"} or {"x": …, "y": …}; answers as /screen.json', _tap
    ),
    Route("POST", "/scan", 'show a card {"code": "…"}; answers as /screen.json', _scan),
    Route("POST", "/scanner", 'pull or put back its cable {"plugged": false}', _scanner),
    Route("POST", "/printer", 'put it in a state {"condition": "paper_out"}', _printer),
    Route("POST", "/network", 'cut the network {"up": false}; answers as /state.json', _network),
    Route("GET", "/paper.json", "the text of each receipt that came out", _papers),
    Route("GET", "/paper/<n>.png", "a receipt, drawn from its ESC/POS bytes", _paper),
    Route("GET", "/signals.json", "the lights and sounds so far", _signals),
    Route("GET", "/state.json", "merchant, shop, network, entries that wait, printer", _state),
    Route("GET", "/cards.json", "sample cards to show", _cards),
    Route("GET", "/events", "server-sent events, one for each change", _events),
)
"""The whole interface; docs/virtual-terminal.md says the same at more length."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class VirtualServer(ThreadingHTTPServer):
    """Serves one virtual terminal on this machine only."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, served: object, port: int, *, routes: Sequence[Route] = ROUTES, brief: bool = False
    ) -> None:
        """Listen on this port of the loopback address.

        Args:
            served: what the routes are answered from.
            port: 0: any free one.
            routes: the interface; a terminal's unless given.
            brief: another server takes the port soon, so no connection is kept.

        Raises:
            OSError: the port is taken.
        """
        self.served = served
        self.brief = brief
        self.patterns = tuple((route, _pattern(route.path)) for route in routes)
        self.watchers = BoundedSemaphore(MOST_WATCHERS)
        super().__init__((LOOPBACK, port), _Handler)
        self.hosts = frozenset(f"{name}:{self.server_port}" for name in (LOOPBACK, "localhost"))

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{LOOPBACK}:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: VirtualServer
    timeout = 30

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        _log.debug("%s", format % args)

    def _answer(self, method: str) -> None:
        try:
            body = self._body() if method == "POST" else {}
            self._check_sender()
            route, parts, query = self._find(method)
            reply = route.answer(self.server.served, Asked(parts, query, body))
        except NotPossible as wrong:
            status = wrong.status if isinstance(wrong, Wrong) else HTTPStatus.BAD_REQUEST
            reply = Reply.json({"error": wrong.said(self._language())}, status)
        except Exception:  # noqa: BLE001 - a bug is answered in words, and logged whole
            _log.exception("request failed path=%s", self.path)
            sorry = say("Le terminal n’a pas pu répondre : voyez son journal.", self._language())
            reply = Reply.json({"error": sorry}, HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            self._send(reply)
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _language(self) -> str:
        return self.headers.get("Accept-Language", "")[:2]

    def _check_sender(self) -> None:
        """Refuse what another site's page sends through somebody's browser."""
        origin = self.headers.get("Origin")
        host = self.headers.get("Host", "")
        if host not in self.server.hosts or origin not in (None, f"http://{host}"):
            raise Wrong(
                "Ce terminal ne répond qu’à sa propre page, sur cet ordinateur.",
                HTTPStatus.FORBIDDEN,
            )

    def _body(self) -> Json:
        """The JSON that was sent; read whole before anything is refused."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            self.close_connection = True
            raise Wrong("La longueur du message manque.", HTTPStatus.LENGTH_REQUIRED)
        if int(length) > LARGEST_BODY:
            self.close_connection = True
            raise Wrong("Message trop long : 64 Kio au plus.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        raw = self.rfile.read(int(length))
        if self.headers.get_content_type() != "application/json":
            raise Wrong("Attendu : application/json.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise Wrong("Ce message n’est pas du JSON.") from None
        if not isinstance(body, dict):
            raise Wrong("Attendu : un objet JSON.")
        return body

    def _find(self, method: str) -> tuple[Route, tuple[str, ...], Mapping[str, str]]:
        path, _, query = self.path.partition("?")
        known = False
        for route, pattern in self.server.patterns:
            if match := pattern.fullmatch(path):
                known = True
                if route.method == method:
                    asked = parse_qs(query, max_num_fields=8)
                    return route, match.groups(), {name: found[0] for name, found in asked.items()}
        if known:
            raise Wrong("Cette adresse ne se demande pas ainsi.", HTTPStatus.METHOD_NOT_ALLOWED)
        raise Wrong("Il n’y a rien à cette adresse.", HTTPStatus.NOT_FOUND)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if self.server.brief:
            self.send_header("Connection", "close")
        if isinstance(reply.content, bytes):
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)
            return
        self.send_header("Connection", "close")
        self.end_headers()
        self._stream(reply.content)

    def _stream(self, events: Iterator[bytes]) -> None:
        if not self.server.watchers.acquire(blocking=False):
            return  # the page asks again in a moment
        try:
            for event in events:
                self.wfile.write(event)
        finally:
            self.server.watchers.release()


_PLACES: Final = {"<n>": r"(\d{1,9})", "<name>": r"([\w.-]+(?:/[\w.-]+)?)"}


def _pattern(path: str) -> re.Pattern[str]:
    pattern = re.escape(path)
    for place, found in _PLACES.items():
        pattern = pattern.replace(place, found)
    return re.compile(pattern)
