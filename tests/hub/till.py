# SPDX-License-Identifier: Apache-2.0
"""A terminal as the hub knows one: a chained journal, what it holds, and frames that get lost."""

from collections import Counter
from datetime import UTC, datetime
from itertools import count

from hub.ledger.grant import grant
from hub.ledger.post import post
from hub.merchants.models import Terminal
from loyalty import rights
from loyalty.account import Account, Holding
from loyalty.basket import Applied, GiftUse, Line
from loyalty.entry import (
    ClockQuality,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Opened,
    ReleaseCause,
    Released,
    Saw,
    Sold,
    Stamp,
    Visited,
)
from loyalty.programme import EarnRule
from loyalty.wire import GENESIS, Ack, AskRight, Batch, Nack, chain, encode_entry

NOON = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
"""In La Réunion."""

_ids = count(1)


def fresh(what: str) -> str:
    """An id that no other entry of the run has; a later one sorts after it, as a real one does."""
    return f"{what}-{next(_ids):07}"


class Till:
    """One terminal; its journal survives everything here."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.segment = fresh("segment")
        self.raws: list[bytes] = []
        self.head = GENESIS
        self.rights: Counter[Account] = Counter()
        self.acked = 0
        self.closed: list[tuple[str, list[bytes]]] = []
        """Segments before this one."""

    def opened(self, quality: ClockQuality = ClockQuality.SYNCED, **told) -> "Till":
        """Begin the segment with its header."""
        header = {"gen": self.terminal.gen, "hw_id": "hw", "software": "1", "cursor": 0}
        self.write(Opened(**(header | told)), quality=quality)
        return self

    def reboot(self, **told) -> "Till":
        """A new boot: a new segment that says what it follows and holds."""
        told.setdefault("prev_segment", self.segment)
        told.setdefault("prev_n", len(self.raws))
        told.setdefault("prev_head", self.head.hex())
        holds = tuple(Holding(a, n) for a, n in self.rights.items() if n)
        told.setdefault("holds", holds)
        self.closed.append((self.segment, self.raws))
        self.segment, self.raws, self.head, self.acked = fresh("segment"), [], GENESIS, 0
        return self.opened(**told)

    def write(
        self,
        facts: Facts,
        *,
        entry_id: str = "",
        at: datetime = NOON,
        mono_ms: int = 0,
        quality: ClockQuality = ClockQuality.SYNCED,
        staff: str = "",
    ) -> bytes:
        """Commit an entry."""
        stamp = Stamp(
            boot_id="boot",
            mono_ms=mono_ms,
            wall_ms=int(at.timestamp() * 1000),
            quality=quality,
        )
        entry = Entry(
            id=entry_id or fresh("entry"),
            n=len(self.raws) + 1,
            stamp=stamp,
            staff=staff,
            facts=facts,
        )
        self.rights.update(rights.changes(facts))
        return self.keep(encode_entry(entry))

    def keep(self, raw: bytes) -> bytes:
        """Put bytes into the journal as they are."""
        self.raws.append(raw)
        self.head = chain(self.head, raw)
        return raw

    def joins(self, customer: str, **more) -> bytes:
        return self.write(
            Joined(
                **(
                    {
                        "customer": customer,
                        "code": f"29{customer}",
                        "first_name": "Ana",
                        "initial": "M",
                    }
                    | more
                )
            )
        )

    def scans(self, customer: str, **more) -> bytes:
        return self.write(Visited(customer=customer, code=f"29{customer}"), **more)

    def sells(self, cents: int, customer: str | None = None, **more) -> bytes:
        """A sale of one line; `uses` in points, `gifts` as (fingerprint, cents)."""
        return self.write(
            sale(cents, customer, **{k: more.pop(k) for k in list(more) if k in SALE}), **more
        )

    def sells_gift(self, fingerprint: str, cents: int, sealed: str = "", **more) -> bytes:
        return self.write(
            GiftSold(
                receipt="",
                fingerprint=fingerprint,
                last4=fingerprint[-4:],
                cents=cents,
                virtual=True,
                sealed=sealed,
                **more,
            )
        )

    def releases(self, *holds: Holding) -> bytes:
        return self.write(Released(cause=ReleaseCause.COVERED, holds=holds))

    def batch(self, lo: int, hi: int | None = None, **other) -> tuple[Batch, list[bytes]]:
        """The frame that carries entries lo to hi."""
        told = {"terminal": self.terminal.pk, "gen": self.terminal.gen, "segment": self.segment}
        return Batch(lo=lo, **(told | other)), self.raws[lo - 1 : hi]

    def send(self, lo: int | None = None, hi: int | None = None, **other) -> Ack | Nack:
        """Hand a frame to the hub and note its answer."""
        first = self.acked + 1 if lo is None else lo
        answer = post(self.terminal.pk, *self.batch(first, hi, **other))
        if isinstance(answer, Ack) and answer.segment == self.segment:
            self.acked = max(self.acked, answer.upto)
        return answer

    def ask(
        self, account: Account, amount: int, *, ask: str = "", now: datetime | None = None, **other
    ) -> int:
        """Ask for a right, and read the grant from the feed at once."""
        told = {"gen": self.terminal.gen, "segment": self.segment}
        asked = AskRight(
            terminal=self.terminal.pk,
            ask=ask or fresh("ask"),
            account=account,
            amount=amount,
            nonce="nonce",
            after=0,
            epoch="",
            **(told | other),
        )
        granted = grant(self.terminal.pk, asked, now=now) or 0
        if granted and asked.segment == self.segment:
            self.rights[account] += granted
        return granted


SALE = {"uses", "gifts", "purse_used", "purse", "earn", "receipt"}


def sale(
    cents: int,
    customer: str | None = None,
    *,
    uses: int = 0,
    gifts: tuple[tuple[str, int], ...] = (),
    purse_used: int = 0,
    purse: int = 0,
    earn: EarnRule | None = None,
    receipt: str = "",
) -> Sold:
    """What a till would have decided, in short."""
    earn = earn or EarnRule()
    applied = []
    if uses:
        applied.append(
            Applied(reward="cafe", kind="gift", title="Un café", points=uses, cents_off=0)
        )
    if purse_used:
        applied.append(
            Applied(
                reward="purse", kind="cashback", title="Cagnotte", points=0, cents_off=purse_used
            )
        )
    due = cents - purse_used
    points, carry = earn.earn(due) if customer else (0, 0)
    return Sold(
        receipt=receipt or fresh("R"),
        customer=customer,
        code=f"29{customer}" if customer else "",
        lines=(Line(label="Pain", unit_cents=cents),),
        applied=tuple(applied),
        gifts=tuple(GiftUse(*gift) for gift in gifts),
        total_cents=cents,
        due_cents=due,
        paid_cents=due - sum(gift[1] for gift in gifts),
        points=points,
        earn=earn,
        carry_cents=carry,
        purse_cents=purse,
        saw=Saw(programme=1),
    )
