# SPDX-License-Identifier: Apache-2.0
"""Somebody who goes by what the hub's pages say: labels, buttons and links, in their language."""

import re
from dataclasses import dataclass
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE_MS: Final = 60_000
"""For what comes through the broker, on a machine that does other things, too."""


@dataclass(kw_only=True)
class Reader:
    """A tab of a browser, and who reads in it."""

    tab: "Page"
    hub: str
    """Where the hub's pages begin."""
    words: NullTranslations
    """From the hub's French to the language of this browser."""

    def said(self, french: str, **facts: object) -> str:
        """A sentence of the hub as this browser shows it."""
        found = self.words.gettext(french)
        if found == french:  # a model names its fields in small letters
            found = self.words.gettext(french[0].lower() + french[1:])
        return (found[0].upper() + found[1:]) % facts if facts else found[0].upper() + found[1:]

    def go(self, address: str) -> None:
        """To a page, as one does by a bookmark."""
        self.tab.goto(self.hub + address)

    def press(self, label: str, **facts: object) -> None:
        """A button."""
        self.tab.get_by_role("button", name=self.said(label, **facts), exact=True).click()
        self.tab.wait_for_load_state()

    def follow(self, label: str, **facts: object) -> None:
        """A link in the page."""
        self.linked(label, **facts).click()
        self.tab.wait_for_load_state()

    def linked(self, label: str, **facts: object) -> "Locator":
        """A link in the page, to be looked at."""
        inside = self.tab.get_by_role("main")
        return inside.get_by_role("link", name=self.said(label, **facts), exact=True)

    @property
    def panel(self) -> "Locator":
        """The sections."""
        return self.tab.get_by_role("navigation", name=self.said("Rubriques"))

    def open(self, section: str) -> None:
        """A section of the panel."""
        # a number may stand behind its name: what is to be seen there
        self.panel.get_by_role("link", name=re.compile("^" + self.said(section))).click()
        expect(self.tab).to_have_title(f"{self.said(section)} · Comptoir")

    def type(self, label: str, text: str, *, hint: str = "") -> None:
        """Into a field, by its label, behind which a hint may stand."""
        whole = f"{self.said(label)} {self.words.gettext(hint)}" if hint else self.said(label)
        self.tab.get_by_role("textbox", name=whole, exact=True).fill(text)

    def wait(self, french: str, **facts: object) -> None:
        """Until the hub says so."""
        self.tab.get_by_text(self.said(french, **facts)).first.wait_for(timeout=PATIENCE_MS)
