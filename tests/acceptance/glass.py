# SPDX-License-Identifier: Apache-2.0
"""A terminal on a bench: the real kiosk loop and screens over the real till, touched by labels."""

from dataclasses import dataclass, field
from threading import Event

from firmware.drivers.base import Printer, Reading
from firmware.drivers.intake import Intake
from firmware.drivers.mock import MockPrinter, MockSignal
from firmware.drivers.supervise import Printing
from firmware.kiosk.app import App, Happened
from firmware.kiosk.display import Display
from firmware.kiosk.look import Look
from firmware.store import cursors
from firmware.virtual import paper
from loyalty.feed import Item
from tests.firmware.till.conftest import PIN, Bakery


def plain(text: str) -> str:
    """Text with ordinary spaces: no test depends on the width of a gap."""
    return " ".join(text.split())


MEANT = ("Suivant", "Passer", "Chercher", "Valider")
"""What the main act of a question is called."""


@dataclass
class Glass:
    """What a finger and an eye can do; every touch is answered when the method returns."""

    bakery: Bakery
    intake: Intake[Happened] = field(default_factory=Intake)
    printer: Printer = field(default_factory=MockPrinter)
    light: MockSignal = field(default_factory=MockSignal)

    def __post_init__(self) -> None:
        self.display = Display(Look())
        self.printing = Printing(self.printer)
        self.printed = Event()
        self.printing.start(self._out)
        self.app = App(
            self.bakery.till,
            self.display,
            intake=self.intake,
            printing=self.printing,
            signal=self.light,
            report=lambda *_: None,
        )
        self.app.step(0)

    def _out(self, event: Happened) -> None:
        self.intake.put(event)
        self.printed.set()

    def close(self) -> None:
        self.printing.stop()

    # ── hands ───────────────────────────────────────────────────────────────────────────────────

    def tap(self, *labels: str) -> None:
        """Touch what is labelled so, or begins so."""
        for label in labels:
            self._touch(label)

    def _touch(self, label: str) -> None:
        wanted = plain(label)
        touchable = [w for w in self.display.widgets() if w["kind"] != "text" and w["enabled"]]
        named = {plain(str(w["label"])): w for w in touchable}
        widget = named.get(wanted) or next(
            (w for name, w in named.items() if name.startswith(wanted)), None
        )
        assert widget, f"nothing is called {label!r}; there is {sorted(named)}"
        x, y, width, height = widget["rect"]  # type: ignore[misc]
        tapped = self.display.hit(x + width / 2, y + height / 2)
        assert tapped is not None, label
        self.intake.put(tapped)
        self.app.step(0)

    def keys(self, text: str) -> None:
        """Type on whatever keys the screen shows, shifted or turned where it must be."""
        for character in text:
            key = {" ": "espace"}.get(character, character)
            for turn in ("Majuscules", "Minuscules", "&â", "abc"):
                if self._key(key):
                    break
                if self.can_touch(turn):
                    self.tap(turn)
            self.tap(key)

    def _key(self, label: str) -> bool:
        return any(w["label"] == label and w["kind"] == "key" for w in self.display.widgets())

    def answer(self, text: str) -> None:
        """Type and go on."""
        self.keys(text)
        self.tap(next(go for go in MEANT if self.can_touch(go)))

    def scan(self, code: str) -> None:
        """Show a card."""
        self.intake.put(Reading(code, "mock:"))
        self.app.step(0)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.bakery.clock.pass_s(seconds)
        self.app.step(0)

    def hears(self, *items: Item) -> None:
        """The hub says what is new since the till asked, and has no more."""
        assert self.reads("On cherche la carte")
        self.bakery.hub_says(*items)
        cursors.note_caught_up(self.bakery.db, cursors.to_catch_up(self.bakery.db))
        self.app.step(0)

    def unlock(self) -> None:
        """Staff open the till."""
        self.tap("Déverrouiller")
        self.keys(PIN)

    def line(self, cents: str) -> None:
        """A line of the order, typed."""
        self.tap("Commande" if self.can_touch("Commande") else "Ligne")
        self.keys(cents)
        self.tap("Ajouter")

    def paper(self) -> str:
        """The text of the last receipt, once it has come out."""
        assert isinstance(self.printer, MockPrinter), "other printers keep nothing"
        assert self.printed.wait(10), "nothing was printed"
        self.app.step(0)
        return plain(paper.text(self.printer.receipts[max(self.printer.receipts)]))

    # ── eyes ────────────────────────────────────────────────────────────────────────────────────

    def reads(self, *texts: str) -> bool:
        """Whether all of that stands on the screen, on a button or beside one."""
        seen = [plain(str(w["label"])) for w in self.display.widgets()]
        return all(any(plain(text) in label for label in seen) for text in texts)

    def can_touch(self, label: str) -> bool:
        """Whether something that begins so can be touched."""
        return any(
            w["kind"] != "text" and w["enabled"] and plain(str(w["label"])).startswith(plain(label))
            for w in self.display.widgets()
        )
