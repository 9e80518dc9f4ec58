# SPDX-License-Identifier: Apache-2.0
"""One virtual terminal as a program sees it: eyes on its screen and paper, hands on its glass."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

from firmware.config import Config
from firmware.drivers.base import PrinterStatus
from firmware.drivers.codes import LIMIT
from firmware.drivers.cues import SIGNS, VERT_WAGON, colour
from firmware.drivers.mock import MockPrinter, MockScanner, MockSignal, Shown
from firmware.kiosk.display import Display
from firmware.store import cursors, journal, replica
from firmware.store.database import Database
from firmware.virtual.turnstile import Turnstile
from firmware.virtual.words import NotPossible
from loyalty.colour import hexed, of_hex
from loyalty.fitting import fitted

ANSWER_S: Final = 20.0
"""The loop answers within milliseconds; a card that takes longer is broken."""

LOOK_S: Final = 0.04
"""How often somebody who watches looks again."""

MOST_CARDS: Final = 40
CONDITIONS: Final = (
    PrinterStatus.READY,
    PrinterStatus.PAPER_OUT,
    PrinterStatus.COVER_OPEN,
    PrinterStatus.OFFLINE,
)


class VirtualTerminal:
    """A kiosk whose hardware is `mock:`; every method may be called from any thread."""

    def __init__(
        self,
        config: Config,
        *,
        intake: Turnstile[Any],
        display: Display,
        scanner: MockScanner,
        printer: MockPrinter,
        signal: MockSignal,
        db: Database,
        cards: Path,
    ) -> None:
        """Look at a kiosk that runs.

        Args:
            db: a connection of its own to the terminal's file (Role.TECH).
            cards: JSON file of sample cards; there may be none.
        """
        self.width, self.height, self.language = config.width, config.height, config.language
        self._intake = intake
        self._display = display
        self._scanner = scanner
        self._printer = printer
        self._signal = signal
        self._db = db
        self._db_lock = Lock()
        self._known: tuple[int, Mapping[str, Any]] = (-1, {})
        self._cards = cards
        self._plugged = True

    # ── eyes ────────────────────────────────────────────────────────────────────────────────────

    def picture(self) -> bytes:
        """The screen as a PNG."""
        self._wait_for_light()
        return self._display.png()

    def screen(self) -> Mapping[str, Any]:
        """What is on the screen, as docs/virtual-terminal.md describes it."""
        self._wait_for_light()
        return {
            "outcome": self._display.outcome_name,
            "language": self._display.look.language.value,
            "width": self.width,
            "height": self.height,
            "frame": self._display.frame,
            "widgets": self._widgets(),
        }

    def receipts(self) -> Mapping[int, bytes]:
        """The ESC/POS bytes of what was printed, by number from 1."""
        return self._printer.receipts

    def signals(self) -> Mapping[str, Any]:
        """The lights and sounds so far."""
        return {"signals": [_said(n, shown) for n, shown in sorted(self._signal.shown.items())]}

    def cards(self) -> Sequence[Any]:
        """The sample cards; those of a file that can't be read are none."""
        try:
            found = json.loads(self._cards.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return found[:MOST_CARDS] if isinstance(found, list) else []

    def state(self) -> Mapping[str, Any]:
        """Merchant, shop, network, what waits, what was heard, and how the hardware is."""
        with self._db_lock:
            version = self._db.data_version()
            if version != self._known[0]:
                self._known = (version, self._remembered())
            remembered = self._known[1]
        return {
            **remembered,
            "printer": self._printer.condition.value,
            "scanner": self._plugged,
        }

    def glance(self) -> Mapping[str, Any]:
        """What moved: a number for each thing, and the state."""
        receipts = self._printer.receipts
        return {
            "screen": self._display.frame,
            "papers": {"first": min(receipts, default=1), "count": max(receipts, default=0)},
            "signals": max(self._signal.shown, default=0),
            "state": self.state(),
        }

    def wait_for_change(self, glance: Mapping[str, Any], *, timeout_s: float) -> Mapping[str, Any]:
        """The next glance that differs from this one, or the same one after so long."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            now = self.glance()
            if now != glance:
                return now
            time.sleep(LOOK_S)
        return glance

    # ── hands ───────────────────────────────────────────────────────────────────────────────────

    def tap_label(self, label: str) -> Mapping[str, Any]:
        """Touch the widget of that label. Raises NotPossible."""
        wanted = _plain(label)
        widgets = [w for w in self._widgets() if w["kind"] != "text"]
        found = [w for w in widgets if _plain(w["label"]) == wanted]
        if not found:
            raise NotPossible(
                "Rien ne s’appelle « {label} » sur cet écran. On peut toucher : {labels}.",
                label=label[:80],
                labels=", ".join(f"« {w['label']} »" for w in widgets if w["enabled"]),
            )
        widget = next((w for w in found if w["enabled"]), None)
        if widget is None:
            raise NotPossible("« {label} » ne se touche pas maintenant.", label=label[:80])
        frame = widget["rectangle"]
        return self.tap_at(frame["x"] + frame["width"] // 2, frame["y"] + frame["height"] // 2)

    def tap_at(self, x: int, y: int) -> Mapping[str, Any]:
        """Touch the glass there; beside every widget nothing happens. Raises NotPossible."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise NotPossible(
                "Ce point est hors de l’écran, qui fait {width} × {height}.",
                width=self.width,
                height=self.height,
            )
        if (tap := self._display.hit(x, y)) is not None:
            self._intake.put(tap)
        return self._answered()

    def scan(self, code: str) -> Mapping[str, Any]:
        """Show a card to the scanner. Raises NotPossible."""
        if not 0 < len(code) <= LIMIT:
            raise NotPossible("Un code a de 1 à {most} caractères.", most=LIMIT)
        if not code.isprintable():
            raise NotPossible("Ce code contient des caractères qu’aucun lecteur n’envoie.")
        if not self._scanner.put(code):
            raise NotPossible("Le lecteur est débranché.")
        return self._answered()

    def plug_scanner(self, *, plugged: bool) -> Mapping[str, Any]:
        """Pull the scanner's cable, or put it back."""
        self._plugged = plugged
        if plugged:
            self._scanner.plug()
        else:
            self._scanner.unplug()
        return self.state()

    def set_printer(self, condition: str) -> Mapping[str, Any]:
        """Take its paper, open its cover, cut its power, or make it well. Raises NotPossible."""
        if condition not in CONDITIONS:
            raise NotPossible("L’imprimante peut être : {all}.", all=", ".join(CONDITIONS))
        self._printer.condition = PrinterStatus(condition)
        return self.state()

    def set_network(self, *, up: bool) -> Mapping[str, Any]:
        """Cut the network, or give it back: sync leaves the broker and comes back by itself."""
        with self._db_lock:
            cursors.set_network(self._db, on=up)
        return self.state()

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _wait_for_light(self) -> None:
        """A terminal that starts has no screen for a moment."""
        deadline = time.monotonic() + ANSWER_S
        while self._display.frame == 0 and time.monotonic() < deadline:
            time.sleep(LOOK_S)

    def _answered(self) -> Mapping[str, Any]:
        if not self._intake.wait_answered(ANSWER_S):
            raise NotPossible("La caisse n’a pas répondu : est-elle bloquée ?")
        return self.screen()

    def _widgets(self) -> list[dict[str, Any]]:
        found = []
        for widget in self._display.widgets():
            x, y, width, height = cast("list[int]", widget["rect"])
            rectangle = {"x": x, "y": y, "width": width, "height": height}
            kept = {name: widget[name] for name in ("kind", "label", "enabled")}
            found.append({**kept, "rectangle": rectangle})
        return found

    def _remembered(self) -> Mapping[str, Any]:
        """What the terminal's file says."""
        shop = replica.shop(self._db)
        return {
            "merchant": shop.merchant if shop else "",
            "shop": shop.name if shop else "",
            "colour": shop.colour if shop else "",
            "fitted": hexed(fitted(of_hex(shop.colour))) if shop else "",
            "network": cursors.network_on(self._db),
            "online": cursors.link_state(self._db).reachable,
            "waiting": journal.waiting(self._db),
            "cursor": cursors.position(self._db).cursor,
        }


def _said(n: int, shown: Shown) -> Mapping[str, Any]:
    sign = SIGNS[shown.cue]
    light = colour(sign.light, shown.shop) if sign.light else VERT_WAGON
    return {
        "n": n,
        "cue": shown.cue.value,
        "light": sign.light.value if sign.light else None,
        "light_ms": sign.light_ms,
        "colour": f"#{light.red:02x}{light.green:02x}{light.blue:02x}",
        "tones": [{"frequency_hz": t.frequency_hz, "length_ms": t.length_ms} for t in sign.tones],
    }


def _plain(label: str) -> str:
    """Spaces of every width are one: nobody types a narrow one."""
    return " ".join(label.split()).casefold()
