# SPDX-License-Identifier: Apache-2.0
"""Where this terminal stands: how far it read the feed, and whether the hub is heard."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from firmware.store.clock import Clock
from firmware.store.database import Database

BEAT_S = 60.0
"""The till says at least this often that its loop turns."""


@dataclass(frozen=True, slots=True)
class Position:
    """The feed of one life of the hub, read up to here."""

    cursor: int = 0
    epoch: str = ""
    word: str = field(default="", compare=False)
    """Of the feed at that position, as the hub gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """What sync last knew of the way to the hub."""

    online: bool = False
    """The broker takes what we send."""
    hub_up: bool = False
    """The hub said so itself."""
    last_heard_ms: int = 0
    """Wall time of the hub's last word, 0: never; a minute late at most."""

    @property
    def reachable(self) -> bool:
        """Whether asking the hub makes sense."""
        return self.online and self.hub_up


@dataclass(frozen=True, slots=True, kw_only=True)
class TillHealth:
    """What the kiosk says of itself, for the hub."""

    printer: str = ""
    """`ok`, a fault's name, or empty: not known."""
    scanner: str = ""
    alive: bool = False
    """Whether the till's loop turned lately."""


def position(db: Database) -> Position:
    """How far the feed was read."""
    found = _read(db, "cursor", "epoch", "word")
    return Position(found.get("cursor", 0), found.get("epoch", ""), found.get("word", ""))


def move(db: Database, to: Position) -> None:
    """Go on from there; in the transaction that applied what lies before."""
    _set(db, cursor=to.cursor, epoch=to.epoch, word=to.word)


def catch_up(db: Database, *, new_id: Callable[[], str]) -> str:
    """Have sync hear whatever the hub has by now; the wish's id is for `caught_up`."""
    wish = new_id()
    _set(db, catch_up=wish)
    return wish


def caught_up(db: Database, wish: str) -> bool:
    """Whether the feed was read to its end since that was wished."""
    return str(_read(db, "caught_up").get("caught_up", "")) == wish


def to_catch_up(db: Database) -> str:
    """The wish that sync has still to meet, or empty."""
    found = _read(db, "catch_up", "caught_up")
    wish = str(found.get("catch_up", ""))
    return "" if wish == found.get("caught_up", "") else wish


def note_caught_up(db: Database, wish: str) -> None:
    """The feed was read to the end that it had after that was wished."""
    _set(db, caught_up=wish)


def link_state(db: Database) -> LinkState:
    """Whether the hub can be asked now: what "Hors ligne" on the screen comes from."""
    found = _read(db, "online", "hub_up", "last_heard_ms")
    return LinkState(
        online=bool(found.get("online")),
        hub_up=bool(found.get("hub_up")),
        last_heard_ms=found.get("last_heard_ms", 0),
    )


def set_link_state(db: Database, state: LinkState) -> None:
    """Tell the kiosk; written only when it changed, for each write costs the card a flush."""
    if state != link_state(db):
        _set(
            db,
            online=int(state.online),
            hub_up=int(state.hub_up),
            last_heard_ms=state.last_heard_ms,
        )


def network_on(db: Database) -> bool:
    """Whether sync may use the network at all."""
    return bool(_read(db, "network").get("network", 1))


def set_network(db: Database, *, on: bool) -> None:
    """Cut the network or give it back (the virtual terminal's switch)."""
    if on != network_on(db):
        _set(db, network=int(on))


def report_health(db: Database, *, clock: Clock, printer: str, scanner: str) -> None:
    """The kiosk says how it is: when that changes, and else every minute."""
    stamp = clock.stamp()
    known = _read(db, "printer", "scanner", "beat_boot", "beat_ms")
    late_ms = stamp.mono_ms - known.pop("beat_ms", 0)
    said = {"printer": printer, "scanner": scanner, "beat_boot": stamp.boot_id}
    if known != said or not 0 <= late_ms < BEAT_S * 1000:
        _set(
            db,
            printer=printer,
            scanner=scanner,
            beat_boot=stamp.boot_id,
            beat_ms=stamp.mono_ms,
        )


def till_health(db: Database, *, clock: Clock) -> TillHealth:
    """How the kiosk said it was; not alive after two silent minutes."""
    stamp = clock.stamp()
    found = _read(db, "printer", "scanner", "beat_boot", "beat_ms")
    late_ms = stamp.mono_ms - found.get("beat_ms", 0)
    return TillHealth(
        printer=found.get("printer", ""),
        scanner=found.get("scanner", ""),
        alive=found.get("beat_boot") == stamp.boot_id and late_ms < 2 * BEAT_S * 1000,
    )


def _read(db: Database, *names: str) -> dict[str, Any]:
    """Those settings that there are, in one look."""
    marks = ", ".join("?" * len(names))
    return dict(db.rows(f"SELECT name, value FROM setting WHERE name IN ({marks})", *names))  # noqa: S608


def _set(db: Database, **values: object) -> None:
    with db.atomic():
        for name, value in values.items():
            db.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", name, value)
