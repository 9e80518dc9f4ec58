# SPDX-License-Identifier: Apache-2.0
"""Bytes between terminal and hub, protocol "lk/1": entries, items, messages, frames, topics.

The only module that imports msgspec. An entry's bytes are made once, by `encode_entry`, then
hashed, stored and forwarded as they are: nobody encodes them again.
"""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from loyalty.account import Account
from loyalty.entry import KINDS, ClockQuality, Entry, Facts, Stamp
from loyalty.feed import ITEM_NAMES, ITEMS, Item, SaleAt
from loyalty.numbers import bound, may_hold_large

MAGIC: Final = b"LK1\x01"
LARGEST_FRAME: Final = 64 * 1024
"""Bytes; NATS and Mosquitto 2.1 have caps of their own above it."""
LARGEST_BODY: Final = 1024 * 1024
"""Bytes once decompressed: guards against a bomb."""
MOST_ENTRIES: Final = 100
EARLIER: Final = "earlier"
"""Code of a Nack that wants entries of a segment before the one that was sent."""
UNREAD: Final = "unread"
"""Code of a Nack for a frame that can't be read at all."""
SHORTEST_FRAME: Final = 10
"""Magic, CRC-32 and the length of the message."""
GENESIS: Final = bytes(32)
"""What the first entry of a segment is chained to."""

T = TypeVar("T")


class Garbled(ValueError):
    """Bytes that are no frame, message, entry or item of ours; says which and why."""


# ── entries ─────────────────────────────────────────────────────────────────────────────────────


class _Envelope(msgspec.Struct):
    id: str
    n: int
    kind: str
    ver: int
    boot: str
    mono: int
    wall: int
    q: ClockQuality
    body: msgspec.Raw
    staff: str = ""


@dataclass(frozen=True, slots=True)
class UnknownEntry:
    """An entry of a kind or version this software does not know: it waits, it is not lost."""

    id: str
    n: int
    kind: str
    ver: int
    stamp: Stamp


def encode_entry(entry: Entry) -> bytes:
    """The bytes of a new entry; JSON, keys in their order of declaration."""
    stamp = entry.stamp
    return msgspec.json.encode(
        _Envelope(
            id=entry.id,
            n=entry.n,
            kind=entry.kind,
            ver=1,
            boot=stamp.boot_id,
            mono=stamp.mono_ms,
            wall=stamp.wall_ms,
            q=stamp.quality,
            body=msgspec.Raw(msgspec.json.encode(entry.facts)),
            staff=entry.staff,
        )
    )


def decode_entry(raw: bytes) -> Entry | UnknownEntry:
    """Read an entry.

    Raises:
        Garbled: the bytes are no entry, or its body does not fit its kind.
    """
    box = _decode(raw, _Envelope)
    stamp = Stamp(boot_id=box.boot, mono_ms=box.mono, wall_ms=box.wall, quality=box.q)
    kind = KINDS.get(box.kind)
    if kind is None or box.ver != 1:
        return UnknownEntry(box.id, box.n, box.kind, box.ver, stamp)
    facts: Facts = _decode(bytes(box.body), kind)
    return Entry(id=box.id, n=box.n, stamp=stamp, staff=box.staff, facts=facts)


def chain(head: bytes, raw: bytes) -> bytes:
    """The hash of an entry: SHA-256 over the hash before it and its own bytes."""
    return hashlib.sha256(head + raw).digest()


# ── feed items ──────────────────────────────────────────────────────────────────────────────────


class _Item(msgspec.Struct):
    kind: str
    body: msgspec.Raw


def encode_item(item: Item) -> bytes:
    """The bytes of a feed item."""
    return msgspec.json.encode(
        _Item(kind=ITEM_NAMES[type(item)], body=msgspec.Raw(msgspec.json.encode(item)))
    )


def decode_item(raw: bytes) -> Item | None:
    """Read a feed item; None for a kind from a newer hub, which this terminal does without.

    Raises:
        Garbled: the bytes are no item, or its body does not fit its kind.
    """
    box = _decode(raw, _Item)
    kind = ITEMS.get(box.kind)
    return None if kind is None else _decode(bytes(box.body), kind)


# ── messages ────────────────────────────────────────────────────────────────────────────────────


class Up(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """From a terminal; `terminal` must equal the last level of the topic."""

    terminal: str
    gen: int


class Hello(Up, frozen=True, kw_only=True, tag="hello"):
    """Sent at each connection: where the terminal stands."""

    segment: str
    n: int
    acked: int = 0
    """Entries of it that the hub has acknowledged: a restored hub may not have them any more."""
    boot_id: str
    hw_id: str
    cursor: int
    epoch: str
    word: str = ""
    software: str


class Health(Up, frozen=True, kw_only=True, tag="health"):
    """Sent once a minute and when it changes; `disk`: percent in use, 0 with ample room."""

    waiting: int
    """Entries that the hub has not acknowledged."""
    cursor: int
    software: str
    printer: str
    """`ok` or the fault's name."""
    scanner: str
    kiosk: bool  # its loop is alive
    disk: int = 0


class Gone(Up, frozen=True, kw_only=True, tag="gone"):
    """The last will: the broker says it when the terminal's connection broke."""


class Batch(Up, frozen=True, kw_only=True, tag="batch"):
    """Entries lo, lo + 1, … of a segment, one a line.

    `lost`: what the hub wants before them is not on this terminal any more (RIGHTS 23); `before` is
    the hex hash of entry lo - 1. `opaque`: one line, in base 64, that the hub keeps unread.
    """

    segment: str
    lo: int
    lost: bool = False
    before: str = ""
    opaque: bool = False


class Poll(Up, frozen=True, kw_only=True, tag="poll"):
    """Give me the feed after this position; only the answer that carries the nonce counts."""

    nonce: str
    after: int
    epoch: str
    word: str = ""
    """Of the feed at that position; another one at the hub proves that it was restored."""
    most: int = 200


class WantPart(Up, frozen=True, kw_only=True, tag="part"):
    """Give me this part of the snapshot under way."""

    nonce: str
    snapshot: str
    part: int


class AskRight(Up, frozen=True, kw_only=True, tag="ask_right"):
    """Grant me that much more of an account; answered by the feed page after `after`."""

    ask: str
    segment: str
    account: Account
    amount: int
    nonce: str
    after: int
    epoch: str
    word: str = ""


class AskFind(Up, frozen=True, kw_only=True, tag="ask_find"):
    """Which customers does this text name? Answered by Found."""

    ask: str
    text: str


class AskSale(Up, frozen=True, kw_only=True, tag="ask_sale"):
    """Which sales of other tills does this text name, the newest if none; or which is this entry."""

    ask: str
    text: str = ""
    sale: str = ""


class Down(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """From the hub; `epoch` changes when the hub was restored from a backup."""

    epoch: str


class Ack(Down, frozen=True, kw_only=True, tag="ack"):
    """Everything of this segment up to `upto` is committed at the hub; the only reason to forget."""

    segment: str
    upto: int
    head: str
    """Hex hash of entry `upto`."""
    latest: int
    """Newest position of the feed."""
    credit: int
    """Entries a second that the hub wants at most; 0: pause."""
    hub_ms: int


class Nack(Down, frozen=True, kw_only=True, tag="nack"):
    """A batch that could not be taken: unreadable, or `want` of that segment has to come first."""

    segment: str
    want: int
    code: str
    frame: str = ""  # hex SHA-256 of the frame that can't be read


class Poke(Down, frozen=True, kw_only=True, tag="poke"):
    """The feed has something new for you; losing this is harmless."""

    latest: int


class Page(Down, frozen=True, kw_only=True, tag="page"):
    """Items after `after` up to `to`, one a line; never ends inside a hub transaction."""

    nonce: str
    after: int
    to: int
    latest: int
    hub_ms: int
    word: str = ""
    """Of the feed at `to`, chosen at random when that was written."""


class Part(Down, frozen=True, kw_only=True, tag="part"):
    """One part of a snapshot that stands for the feed up to `to`; parts are counted from 1."""

    nonce: str
    snapshot: str
    part: int
    parts: int
    to: int
    word: str = ""


class Found(Down, frozen=True, kw_only=True, tag="found"):
    """Ids of the customers that a text names, best first, at most 20."""

    ask: str
    customers: tuple[str, ...]


class FoundSales(Down, frozen=True, kw_only=True, tag="found_sales"):
    """Sales, newest first, and what was paid back of them: their entries, one a line."""

    ask: str
    at: tuple[SaleAt, ...]
    barred: int = 0
    """Sales of other shops besides, which the merchant lets be paid back there alone."""


class HubState(Down, frozen=True, kw_only=True, tag="hub"):
    """Retained on the hub's topic; the will says it is down. `fleet`: how many terminals it has."""

    up: bool
    fleet: int = 0


FromTerminal = Hello | Health | Gone | Batch | Poll | WantPart | AskRight | AskFind | AskSale
FromHub = Ack | Nack | Poke | Page | Part | Found | FoundSales | HubState
Message = FromTerminal | FromHub


# ── frames ──────────────────────────────────────────────────────────────────────────────────────


def encode_frame(message: Message, lines: Sequence[bytes] = ()) -> bytes:
    """magic, CRC-32 of the rest, length of the message, message as JSON, lines as zlib."""
    head = msgspec.json.encode(message)
    body = zlib.compress(b"\n".join(lines), 1) if lines else b""
    rest = len(head).to_bytes(2, "big") + head + body
    return MAGIC + zlib.crc32(rest).to_bytes(4, "big") + rest


def encode_fitting(message: Message, lines: Sequence[bytes]) -> tuple[bytes, int]:
    """A frame with as many of the lines, from the first, as may be in one; and how many those are.

    Never none: a line that is too large by itself is still sent, and refused.
    """
    count = min(len(lines), MOST_ENTRIES)
    while count > 1 and sum(map(len, lines[:count])) + count > LARGEST_BODY:
        count //= 2
    while len(frame := encode_frame(message, lines[:count])) > LARGEST_FRAME and count > 1:
        count //= 2
    return frame, count


def decode_up(raw: bytes) -> tuple[FromTerminal, tuple[bytes, ...]]:
    """Read a frame from a terminal. Raises Garbled."""
    head, lines = _open_frame(raw)
    return _decode(head, FromTerminal), lines  # type: ignore[arg-type]


def decode_down(raw: bytes) -> tuple[FromHub, tuple[bytes, ...]]:
    """Read a frame from the hub. Raises Garbled."""
    head, lines = _open_frame(raw)
    return _decode(head, FromHub), lines  # type: ignore[arg-type]


def _open_frame(raw: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    if len(raw) > LARGEST_FRAME:
        raise Garbled(f"frame of {len(raw)} bytes")
    if raw[:4] != MAGIC or len(raw) < SHORTEST_FRAME:
        raise Garbled("no frame of ours")
    rest = raw[8:]
    if zlib.crc32(rest) != int.from_bytes(raw[4:8], "big"):
        raise Garbled("frame damaged on the way")
    split = 2 + int.from_bytes(rest[:2], "big")
    if split > len(rest):
        raise Garbled("frame cut short")
    return rest[2:split], _lines(rest[split:])


def _lines(packed: bytes) -> tuple[bytes, ...]:
    if not packed:
        return ()
    opened = zlib.decompressobj()
    try:
        body = opened.decompress(packed, LARGEST_BODY)
    except zlib.error as error:
        raise Garbled("body damaged") from error
    if not opened.eof:
        raise Garbled("body too large or cut short")
    return tuple(body.split(b"\n"))


def _decode(raw: bytes, kind: type[T]) -> T:
    try:
        found = msgspec.json.decode(raw, type=kind)
        if may_hold_large(raw):
            bound(msgspec.json.decode(raw))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        name = getattr(kind, "__name__", "message").lstrip("_").lower()
        raise Garbled(f"no {name}: {error}") from error
    return found
