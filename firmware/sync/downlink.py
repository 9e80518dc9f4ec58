# SPDX-License-Identifier: Apache-2.0
"""What to ask the hub for, and what its answers change here: no network, only messages."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

from firmware.store import cursors, elsewhere, feed, journal, rights
from firmware.store.database import Database
from firmware.sync.pace import Pace
from loyalty.wire import (
    AskFind,
    AskRight,
    AskSale,
    Found,
    FoundSales,
    Page,
    Part,
    Poll,
    WantPart,
    encode_frame,
)

_log = logging.getLogger(__name__)

POLL_S: Final = 60.0
"""Without a poke the feed is looked at about once a minute: pokes may be lost."""
ASK_AGAIN_S: Final = 0.7
"""A till waits two seconds for an answer, so a lost question is repeated within them."""
POKED_S: Final = 1.0
"""While an answer is overdue, pokes make us ask again this often and no more."""
PARTS_UNANSWERED: Final = 4
"""Then the hub has dropped the snapshot: poll, and it begins another."""
MOST_NONCES: Final = 64


@dataclass(slots=True)
class _Question:
    """Something a till waits for, and when it is sent again."""

    frame: Callable[[], bytes]
    pace: Pace
    again_s: float = 0.0


class Downlink:
    """Pulls the feed after the cursor; only answers to questions of this connection count."""

    def __init__(
        self,
        db: Database,
        *,
        terminal: str,
        gen: int,
        rng: Random,
        new_id: Callable[[], str],
    ) -> None:
        self._db = db
        self._terminal = terminal
        self._gen = gen
        self._rng = rng
        self._new_id = new_id
        self._pace = Pace(rng)
        self._questions: dict[str, _Question] = {}
        self._wish = ""
        """The till wants to hear all that the hub has, and waits."""
        self._too_old: frozenset[str] = frozenset()
        """Nonces of what was asked before that: their answers may be older than the wish."""
        self.restart()

    def restart(self) -> None:
        """A new connection, or the hub came back: ask anew."""
        self._nonces: dict[str, None] = {}
        self._pending: str | None = None
        """Nonce of the poll, or the wish for a part, under way."""
        self._sent_s = 0.0
        self._again_s = 0.0
        self._behind = True
        self._pace.reset()
        for question in self._questions.values():
            question.again_s = 0.0
            question.pace.reset()

    @property
    def awaiting(self) -> bool:
        """Whether an answer is under way, or somebody waits for one."""
        return self._pending is not None or bool(self._questions)

    # ── questions ───────────────────────────────────────────────────────────────────────────────

    def look(self) -> None:
        """The store changed: see what the till waits for now."""
        wanted: dict[str, Callable[[], bytes]] = {}
        for ask in rights.asked(self._db) if journal.header_posted(self._db) else ():
            wanted[ask.id] = partial(self._ask_right, ask)
        for find in rights.finds_asked(self._db):
            wanted[find.id] = partial(self._ask_find, find)
        for sale in elsewhere.asked(self._db):
            wanted[sale.id] = partial(self._ask_sale, sale)
        if wish := cursors.to_catch_up(self._db):
            wanted[wish] = self._poll
            if wish != self._wish:
                self._wish, self._too_old = wish, frozenset(self._nonces)
        self._questions = {
            key: self._questions.get(key) or _Question(frame, Pace(self._rng, first_s=ASK_AGAIN_S))
            for key, frame in wanted.items()
        }

    def due(self, now_s: float) -> Iterator[bytes]:
        """The frames to send now."""
        for question in self._questions.values():
            if now_s >= question.again_s:
                question.again_s = now_s + question.pace.next_s()
                yield question.frame()
        if now_s < self._again_s:
            return
        staging = feed.staging(self._db)
        if staging and self._pace.tries >= PARTS_UNANSWERED:
            feed.abandon_snapshot(self._db)
            staging = None
        self._sent_s = now_s
        self._again_s = now_s + self._pace.next_s()
        yield self._want_part(staging) if staging else self._poll()

    def on_poke(self, latest: int, epoch: str) -> None:
        """The hub has news: get them now, unless they are on their way already."""
        here = cursors.position(self._db)
        if latest <= here.cursor and epoch == here.epoch:
            return
        # a hub that speaks is worth another try, but not one for each of its words
        soon_s = self._sent_s + POKED_S if self._behind else 0.0
        self._again_s = min(self._again_s, soon_s)
        self._behind = True

    # ── answers ─────────────────────────────────────────────────────────────────────────────────

    def on_page(self, page: Page, lines: Sequence[bytes], now_s: float) -> None:
        """Apply what follows the cursor, and go on while there is more."""
        if not self._answers(page.nonce):
            return
        before = cursors.position(self._db)
        to = cursors.Position(page.to, page.epoch, page.word)
        fits = feed.apply_page(self._db, lines, after=page.after, to=to)
        if not fits:
            _log.warning("page does not fit after=%d cursor=%d", page.after, before.cursor)
        here = cursors.position(self._db)
        self._behind = not fits or page.latest > here.cursor
        if here != before or not self._behind:
            self._pace.reset()
            self._rest(now_s)
        if self._wish and not self._behind and page.nonce not in self._too_old:
            cursors.note_caught_up(self._db, self._wish)
            self._wish = ""

    def on_part(self, part: Part, lines: Sequence[bytes], now_s: float) -> None:
        """Keep one part of a snapshot; the first one begins it."""
        if not self._answers(part.nonce):
            return
        under_way = feed.staging(self._db)
        if under_way is None or under_way.snapshot != part.snapshot:
            if part.part != 1:
                return
            feed.begin_snapshot(
                self._db,
                snapshot=part.snapshot,
                parts=part.parts,
                to=cursors.Position(part.to, part.epoch, part.word),
            )
        if feed.stage_part(self._db, lines, part=part.part):
            self._behind = True
            self._pace.reset()
            self._rest(now_s)

    def on_found(self, found: Found) -> None:
        """Hand the till what it searched for."""
        rights.found(self._db, found.ask, found.customers)

    def on_found_sales(self, found: FoundSales, lines: Sequence[bytes]) -> None:
        """Hand the till the sales it asked for; the last of many may not have fitted in."""
        entries = zip(found.at, lines, strict=False)
        elsewhere.told(self._db, found.ask, entries, barred=found.barred)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _answers(self, nonce: str) -> bool:
        """Whether this answers a question that is open; each is answered once."""
        if nonce not in self._nonces:
            return False
        del self._nonces[nonce]
        if nonce == self._pending:
            self._pending = None
        return True

    def _rest(self, now_s: float) -> None:
        """Go on at once while there is more, else in about a minute."""
        quiet_s = POLL_S * self._rng.uniform(0.75, 1.25)
        self._again_s = 0.0 if self._behind else now_s + quiet_s

    def _nonce(self) -> str:
        nonce = self._new_id()
        self._nonces[nonce] = None
        if len(self._nonces) > MOST_NONCES:
            del self._nonces[next(iter(self._nonces))]
        return nonce

    def _poll(self) -> bytes:
        self._pending = self._nonce()
        here = cursors.position(self._db)
        return encode_frame(
            Poll(
                terminal=self._terminal,
                gen=self._gen,
                nonce=self._pending,
                after=here.cursor,
                epoch=here.epoch,
                word=here.word,
            )
        )

    def _want_part(self, staging: feed.Staging) -> bytes:
        self._pending = self._nonce()
        return encode_frame(
            WantPart(
                terminal=self._terminal,
                gen=self._gen,
                nonce=self._pending,
                snapshot=staging.snapshot,
                part=staging.next_part,
            )
        )

    def _ask_right(self, ask: rights.Asked) -> bytes:
        here = cursors.position(self._db)
        return encode_frame(
            AskRight(
                terminal=self._terminal,
                gen=self._gen,
                ask=ask.id,
                segment=ask.segment,
                account=ask.account,
                amount=ask.amount,
                nonce=self._nonce(),
                after=here.cursor,
                epoch=here.epoch,
                word=here.word,
            )
        )

    def _ask_find(self, find: rights.FindAsked) -> bytes:
        return encode_frame(
            AskFind(terminal=self._terminal, gen=self._gen, ask=find.id, text=find.text)
        )

    def _ask_sale(self, asked: elsewhere.Asked) -> bytes:
        return encode_frame(
            AskSale(
                terminal=self._terminal,
                gen=self._gen,
                ask=asked.id,
                text=asked.text,
                sale=asked.sale,
            )
        )
