# SPDX-License-Identifier: Apache-2.0
"""A hub of a few lines that keeps the protocol and judges every terminal by it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from loyalty import rights
from loyalty.account import MERCHANT, WITH_RIGHTS, Account, Kind
from loyalty.entry import CarryConverted, Entry, Facts, Joined, Opened, Sold, customer_of
from loyalty.feed import BalanceIs, Covered, CustomerIs, Granted, Heard, Item, SaleSeen
from loyalty.movements import carry_of, movements
from loyalty.programme import EarnRule
from loyalty.wire import (
    GENESIS,
    Ack,
    AskFind,
    AskRight,
    Batch,
    Down,
    Found,
    Hello,
    Nack,
    Page,
    Part,
    Poke,
    Poll,
    WantPart,
    chain,
    decode_entry,
    decode_up,
    encode_frame,
    encode_item,
)

PAGE = 10
PART = 7

Sent = list[tuple[str, bytes]]
"""Frames, each with the terminal it goes to."""


@dataclass
class Posted:
    """A segment as the hub has it."""

    n: int = 0
    head: bytes = GENESIS
    raws: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class Moment:
    """How everything stood at a position of the feed."""

    balances: Counter[Account]
    posted: dict[str, int]
    """Entries posted so far, of each terminal over all its segments."""


@dataclass
class ModelHub:
    """Raises AssertionError as soon as a terminal has done what it must not."""

    epoch: str = "epoch-1"
    feed: list[tuple[str, bytes]] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])
    moments: dict[int, Moment] = field(default_factory=lambda: {0: Moment(Counter(), {})})
    balances: Counter[Account] = field(default_factory=Counter)
    held: dict[str, Counter[Account]] = field(default_factory=lambda: defaultdict(Counter))
    segments: dict[tuple[str, str], Posted] = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)
    entries: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    customers: dict[str, CustomerIs] = field(default_factory=dict)
    sales: list[SaleSeen] = field(default_factory=list)
    asks: set[str] = field(default_factory=set)
    snapshots: dict[str, tuple[int, list[bytes]]] = field(default_factory=dict)
    retained_from: int = 0
    """Whoever has read less than that gets a snapshot."""
    heard: list[tuple[str, Heard]] = field(default_factory=list)
    credit: int = 10_000
    present: set[str] = field(default_factory=set)

    @property
    def latest(self) -> int:
        return len(self.feed)

    def handle(self, raw: bytes) -> Sent:
        message, lines = decode_up(raw)
        self.present.add(message.terminal)
        match message:
            case Batch():
                return self._post(message, lines)
            case Poll():
                return self._down(message.terminal, *self._page(message))
            case WantPart():
                return self._part(message)
            case AskRight():
                self._grant(message)
                return self._down(message.terminal, *self._page(message))
            case AskFind():
                ids = tuple(c.id for c in self.customers.values() if message.text in c.first_name)
                return self._down(
                    message.terminal, Found(**self._now(), ask=message.ask, customers=ids)
                )
            case Hello():
                return self._hello(message)
            case _:
                return []

    def _now(self) -> dict[str, str]:
        return {"epoch": self.epoch}

    def _down(self, terminal: str, message: Down, lines: tuple[bytes, ...] = ()) -> Sent:
        return [(terminal, encode_frame(message, lines))]  # type: ignore[arg-type]

    def _hello(self, hello: Hello) -> Sent:
        known = self.segments.get((hello.terminal, hello.segment))
        sent = self._down(hello.terminal, Poke(**self._now(), latest=self.latest))
        return sent + (self._ack(hello.terminal, hello.segment) if known else [])

    # ── entries ─────────────────────────────────────────────────────────────────────────────────

    def _post(self, batch: Batch, lines: tuple[bytes, ...]) -> Sent:
        terminal = batch.terminal
        kept = self.segments.setdefault((terminal, batch.segment), Posted())
        if batch.lo > kept.n + 1:
            nack = Nack(**self._now(), segment=batch.segment, want=kept.n + 1, code="gap")
            return self._down(terminal, nack)
        changed: set[Account] = set()
        items: list[Item] = []
        for n, raw in enumerate(lines, batch.lo):
            if n <= kept.n:
                assert raw == kept.raws[n - 1], "the same entry, other bytes"
                continue
            entry = decode_entry(raw)
            assert isinstance(entry, Entry)
            assert entry.n == n
            kept.n, kept.head = n, chain(kept.head, raw)
            kept.raws.append(raw)
            items += self._apply(terminal, batch.segment, entry, changed)
        self._convert(changed)
        if items or changed or lines:
            self._say(terminal, items, changed, Covered(segment=batch.segment, n=kept.n))
        pokes = [
            (other, encode_frame(Poke(**self._now(), latest=self.latest)))
            for other in sorted(self.present - {terminal})
        ]
        return self._ack(terminal, batch.segment) + pokes

    def _ack(self, terminal: str, segment: str) -> Sent:
        kept = self.segments[terminal, segment]
        ack = Ack(
            **self._now(),
            segment=segment,
            upto=kept.n,
            head=kept.head.hex(),
            latest=self.latest,
            credit=self.credit,
            hub_ms=0,
        )
        return self._down(terminal, ack)

    def _apply(
        self, terminal: str, segment: str, entry: Entry, changed: set[Account]
    ) -> list[Item]:
        assert entry.id not in self.entries[terminal], "posted twice"
        self.entries[terminal].append(entry.id)
        facts = entry.facts
        if isinstance(facts, Opened):
            self._follow(terminal, segment, facts)
        self._move(facts, changed)
        for account, amount in rights.changes(facts).items():
            self.held[terminal][account] += amount
            assert self.held[terminal][account] >= 0, "spent or released more than it held"
        self._judge(changed)
        return self._tell(entry)

    def _follow(self, terminal: str, segment: str, opened: Opened) -> None:
        before = self.segments.get((terminal, opened.prev_segment), Posted())
        head = "" if before.n == 0 else before.head.hex()
        assert (opened.prev_n, opened.prev_head) == (before.n, head), "entries were forgotten"
        self.current[terminal] = segment
        self.held[terminal] = Counter({h.account: h.amount for h in opened.holds})
        self.heard.append((terminal, Heard(segment=segment, sound=True)))

    def _move(self, facts: Facts, changed: set[Account]) -> None:
        for movement in movements(facts):
            self.balances[movement.account] += movement.amount
            self.balances[movement.account.contra] -= movement.amount
            changed.add(movement.account)

    def _convert(self, changed: set[Account]) -> None:
        for account in [a for a in changed if a.kind is Kind.CARRY]:
            points, per_cents = map(int, account.key.split("/"))
            rule = EarnRule(points, per_cents)
            if steps := self.balances[carry_of(account.owner, rule)] // per_cents:
                self._move(CarryConverted(customer=account.owner, earn=rule, steps=steps), changed)

    def _judge(self, changed: set[Account]) -> None:
        for account in changed:
            if account.kind in WITH_RIGHTS:
                total = sum(held[account] for held in self.held.values())
                assert 0 <= total <= self.balances[account], f"spent twice: {account}"

    def _tell(self, entry: Entry) -> list[Item]:
        match entry.facts:
            case Joined() as joined:
                known = CustomerIs(
                    id=joined.customer,
                    first_name=joined.first_name,
                    initial=joined.initial,
                    codes=(joined.code,),
                )
                self.customers[known.id] = known
                return [known]
            case Sold(points=points) as sold if customer := customer_of(sold):
                seen = SaleSeen(
                    id=entry.id, customer=customer, wall_ms=entry.stamp.wall_ms, points=points
                )
                self.sales.append(seen)
                return [seen]
            case _:
                return []

    # ── feed ────────────────────────────────────────────────────────────────────────────────────

    def say(self, *items: Item) -> None:
        """Something the merchant did at the hub, in one transaction."""
        for item in items:
            if isinstance(item, BalanceIs):
                self.balances[item.account.contra] += self.balances[item.account] - item.balance
                self.balances[item.account] = item.balance
            if isinstance(item, CustomerIs):
                self.customers[item.id] = item
            self.feed.append(("", encode_item(item)))
        self._commit()

    def _say(
        self, terminal: str, items: list[Item], changed: set[Account], covered: Covered
    ) -> None:
        accounts = sorted(account for account in changed if account.owner != MERCHANT)
        for item in (*(BalanceIs(a, self.balances[a]) for a in accounts), *items):
            self.feed.append(("", encode_item(item)))
        self.feed.append((terminal, encode_item(covered)))
        self.feed += [(who, encode_item(heard)) for who, heard in self.heard]
        self.heard.clear()
        self._commit()

    def _commit(self) -> None:
        self.ends.append(self.latest)
        posted = {terminal: len(ids) for terminal, ids in self.entries.items()}
        self.moments[self.latest] = Moment(Counter(self.balances), posted)

    def _page(self, asked: Poll | AskRight) -> tuple[Down, tuple[bytes, ...]]:
        strange = asked.epoch not in ("", self.epoch)
        far = asked.after == 0 and self.latest > PAGE
        if strange or far or asked.after < self.retained_from:
            return self._snapshot(asked)
        to = next((end for end in self.ends if end >= asked.after + PAGE), self.latest)
        page = Page(
            **self._now(),
            nonce=asked.nonce,
            after=asked.after,
            to=to,
            latest=self.latest,
            hub_ms=0,
        )
        return page, tuple(
            raw for who, raw in self.feed[asked.after : to] if who in ("", asked.terminal)
        )

    def _snapshot(self, asked: Poll | AskRight) -> tuple[Down, tuple[bytes, ...]]:
        lines = [encode_item(customer) for customer in self.customers.values()]
        lines += [encode_item(seen) for seen in self.sales]
        lines += [
            encode_item(BalanceIs(account, balance))
            for account, balance in self.balances.items()
            if account.owner != MERCHANT
        ]
        if segment := self.current.get(asked.terminal):
            n = self.segments[asked.terminal, segment].n
            lines.append(encode_item(Covered(segment=segment, n=n)))
        name = f"snapshot-{len(self.snapshots) + 1}"
        self.snapshots[name] = (self.latest, lines)
        return self._cut(name, 1, asked.nonce)

    def _cut(self, name: str, part: int, nonce: str) -> tuple[Part, tuple[bytes, ...]]:
        to, lines = self.snapshots[name]
        parts = max(1, -(-len(lines) // PART))
        message = Part(**self._now(), nonce=nonce, snapshot=name, part=part, parts=parts, to=to)
        return message, tuple(lines[(part - 1) * PART : part * PART])

    def _part(self, wish: WantPart) -> Sent:
        if wish.snapshot not in self.snapshots:
            return []
        return self._down(wish.terminal, *self._cut(wish.snapshot, wish.part, wish.nonce))

    def _grant(self, ask: AskRight) -> None:
        if ask.ask in self.asks or self.current.get(ask.terminal) != ask.segment:
            return
        self.asks.add(ask.ask)
        total = sum(held[ask.account] for held in self.held.values())
        balance = self.balances[ask.account]
        amount = rights.grantable(
            ask.account, asked=ask.amount, free=balance - total, balance=balance
        )
        self.held[ask.terminal][ask.account] += amount
        granted = Granted(ask=ask.ask, segment=ask.segment, account=ask.account, amount=amount)
        self.feed.append((ask.terminal, encode_item(granted)))
        self._commit()
