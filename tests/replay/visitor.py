# SPDX-License-Identifier: Apache-2.0
"""The merchant at the hub's web pages: looks at figures and publishes, so that the web writes too."""

import re
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from threading import Event
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

PATIENCE_S = 30.0
PAUSE_S = 0.5
LOOKS = 4
"""At pages, for each version published."""

Filled = list[tuple[str, str]]
"""Fields of a form; several may have the same name."""


class Visitor:
    """Goes on whatever happens to the web server; a form that failed is filled in again later."""

    def __init__(self, address: str, email: str, password: str) -> None:
        self._address = address
        self._account = (("username", email), ("password", password))
        self._web = build_opener(HTTPCookieProcessor(CookieJar()))
        self.pages = self.published = self.failed = 0

    def work(self, stop: Event) -> None:
        """Visit until `stop` is set."""
        while not stop.is_set():
            try:
                for _ in range(LOOKS):
                    self._open("")
                    stop.wait(PAUSE_S)
                self._publish()
            except (OSError, HTTPException):
                self.failed += 1
                stop.wait(PAUSE_S)

    def _publish(self) -> None:
        """Give the reward another name, and publish that: nothing else changes at the tills."""
        listed = self._open("programmes/")
        reward = re.search(r'href="/(programmes/[0-9a-f]{32}/)"', listed)
        if reward is None:
            raise HTTPException("no reward is listed")
        form = [field for field in _Form(self._open(reward[1])).filled if field[0] != "title"]
        form += [("title", f"Cagnotte {self.published}.{self.failed}"), ("act", "publish")]
        self.published += "est publiée" in self._open(reward[1], form)

    def _open(self, path: str, form: Filled | None = None) -> str:
        """A page, after signing in where that is asked for."""
        page, at = self._ask(self._address + path, form)
        if "/connexion/" in at:
            self._ask(at, [*_Form(page).filled, *self._account])
            page, _ = self._ask(self._address + path, form)
        self.pages += 1
        return page

    def _ask(self, address: str, form: Filled | None) -> tuple[str, str]:
        sent = urlencode(form).encode() if form else None
        with self._web.open(address, sent, timeout=PATIENCE_S) as answer:
            return answer.read().decode(), answer.url


class _Form(HTMLParser):
    """What stands in the fields of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.filled: Filled = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        field = dict(attrs)
        ticked = field.get("type") not in {"radio", "checkbox"} or "checked" in field
        if tag == "input" and field.get("name") and ticked:
            self.filled.append((field["name"] or "", field.get("value") or ""))
