# SPDX-License-Identifier: Apache-2.0
"""Read the form that a page shows, as a browser would send it back untouched."""

from html.parser import HTMLParser

ELSEWHERE = ("connexion", "deconnexion", "langue", "apparence", "quitter", "aide")
"""Words in the addresses of the forms that stand around every page."""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self._form: dict[str, list[str]] | None = None
        self._select, self._first, self._area = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            inner = given.get("method") == "post" and not any(
                word in given.get("action", "") for word in ELSEWHERE
            )
            self._form = {} if inner else None
        if self._form is None:
            return
        name = given.get("name", "")
        match tag:
            case "input" if given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    self._say(name, given.get("value", "on"))
            case "input" if given.get("type") not in ("file", "submit"):
                self._say(name, given.get("value", ""))
            case "select":
                self._select, self._first = name, ""
            case "option" if "selected" in given:
                self._say(self._select, given.get("value", ""))
            case "option":
                self._first = self._first or given.get("value", "")
            case "textarea":
                self._area = name

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._say(self._area, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "select" and self._form is not None and self._select not in self._form:
            self._say(self._select, self._first)
        if tag == "form" and self._form is not None:
            self.forms.append(self._form)
            self._form = None

    def _say(self, name: str, value: str) -> None:
        if name and self._form is not None:
            self._form.setdefault(name, []).append(value)


def shown(page: str) -> dict[str, list[str]]:
    """The fields of the page's own form, the longest if there are several, and what they hold."""
    reader = _Forms()
    reader.feed(page)
    return max(reader.forms, key=len, default={})
