# SPDX-License-Identifier: Apache-2.0
"""A till made of the domain alone: what the real one has to agree with."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from loyalty.account import Account, Holding, fold, gathered, rest_of, shown
from loyalty.badge import automatic
from loyalty.basket import Order
from loyalty.command import Command, CountVisit, RecordSale, RefundSale
from loyalty.decide import Decided, Short, decide
from loyalty.entry import Facts, Joined, OptedIn, ReleaseCause, Released, Sold
from loyalty.movements import movements
from loyalty.refund import RefundReason
from loyalty.refusal import Reason, Refusal
from loyalty.rights import changes
from loyalty.situation import Situation
from tests.scenarios.books import Hub, is_kept
from tests.scenarios.people import code_of, customer, joined
from tests.scenarios.story import NOBODY, Compose, Join, Scan
from tests.scenarios.till import Answer, Sales, Till


class PureTill(Till):
    """Decides and remembers: balances as last heard, own facts on top, and rights."""

    def __init__(self, name: str, hub: Hub, sales: Sales) -> None:
        super().__init__(name, hub, sales)
        self.online = self.sure = True
        self.programme, self.stopped, self.ends = hub.programme, hub.stopped, hub.gift_ends()
        self.known = {one.id: one for one in hub.known()}
        self.replica: Counter[Account] = Counter()
        self.pending: list[tuple[str, Facts, datetime]] = []
        self.rights: Counter[Account] = Counter()
        self.visited: dict[str, datetime] = {}
        self.counter = Compose(NOBODY, Order())
        self._just: tuple[str, Sold] | None = None
        """The sale that the screen still says is saved."""
        self._ordered: set[str | None] = set()
        self._n = 0

    # ── what people do ──────────────────────────────────────────────────────────────────────────

    def scan(self, act: Scan) -> Answer:
        """Count the visit; what comes by visits is in the order at once."""
        who = act.who
        if who not in self.known or code_of(who, act.card) not in self.known[who].codes:
            return Refusal(Reason.CARD_UNKNOWN)
        who = self._served(who)
        last = self.visited.get(who)
        ago = None if last is None else (self.at - last).total_seconds()
        answer = self.do(who, CountVisit(code=who, last_visit_s_ago=ago))
        if answer is not None:
            self.visited[who] = self.at
        order = automatic(self.situation(who), Order(), offline=not self.online)
        self.counter = Compose(who, order)
        return answer

    def compose(self, act: Compose) -> Answer:
        """Staff scan the card, then put the order together."""
        order, self._just = act.order, None
        self.counter = Compose(act.who, Order())
        if act.who != NOBODY:
            if isinstance(refused := self.scan(Scan(act.who)), Refusal):
                return refused
            for use in self.counter.order.uses:
                order = order.using(use)
        self.counter = Compose(self._served(act.who), order)
        return None

    def save(self) -> Answer:
        who, order = self.counter.who, self.counter.order
        answer = self.do(who, RecordSale(receipt="", code=who, order=order))
        if isinstance(answer, Sold):
            self._just = (self.newest(), answer)
        self.counter = Compose(NOBODY, Order())
        return answer

    def join(self, act: Join) -> Answer:
        return self._write(joined(act.who, member=act.member))

    def ordered(self, who: str) -> bool:
        return who in self._ordered

    def do(self, who: str, command: Command) -> Answer:
        """Decide, ask the hub for what is lacking, decide again; it may answer by and by."""
        self._just = None
        decided = decide(self.situation(who), command)
        while isinstance(decided, Short) and self.online and sum(map(self.ask, decided.lacks)):
            decided = decide(self.situation(who), command)
        match decided:
            case Decided(facts=facts):
                return self._write(facts)
            case Short(lacks=lacks):
                lack = lacks[0]
                have = self.rights[lack.account]
                figures = {
                    "kind": lack.account.kind, "needed": lack.amount + have, "have": have,
                }  # fmt: skip
                return Refusal(Reason.NOT_HERE_NOW, figures)
            case refused:
                return refused

    def pay_back(self, command: RefundSale) -> Answer:
        return self.do(command.sold.customer or NOBODY, command)

    def undo(self) -> Answer:
        if self._just is None:
            return None
        entry, sold = self._just
        self._just = None
        command = RefundSale(
            receipt="",
            sale=entry,
            sold=sold,
            cents=self.left_of(entry),
            reason=RefundReason.VOID,
        )
        return self.pay_back(command)

    def left_of(self, sale: str) -> int:
        return self.rights[rest_of(sale)]

    def ask(self, lack: Holding) -> int:
        given = self.hub.ask(self.name, lack.account, lack.amount)
        self.rights[given.account] += given.amount
        return given.amount

    def hand_over(self, account: Account) -> None:
        self._release(ReleaseCause.RECALLED, {account: self.rights[account]})

    # ── how it stands ───────────────────────────────────────────────────────────────────────────

    def connect(self, *, up: bool) -> None:
        self.online = up

    def reachable(self) -> bool:
        return self.online

    def know_time(self, *, sure: bool) -> None:
        self.sure = sure

    def newest(self) -> str:
        return f"{self.name}-{self._n}"

    def order_of(self, who: str) -> Order:
        return self.counter.order if self.counter.who == self._served(who) else Order()

    def situation(self, who: str) -> Situation:
        who = self._served(who)
        one = self.known.get(who)
        seen, others = shown(self._balances()), self._others(who)
        people = (who, *others)
        parts = {a: n for o in people for a, n in seen.items() if a.owner == o} if others else {}
        return Situation(
            programme=self.programme,
            shop=self.name,
            customer=None if who == NOBODY else who,
            balances=gathered(seen, who, others),
            rights=self.rights,
            parts=parts,
            at=self.at if self.sure else None,
            member=one.member if one else True,
            pro=one.pro if one else False,
            tier=one.tier if one else "",
            stopped=self.stopped | self._over(),
        )

    def shown(self, owner: str) -> Mapping[Account, int]:
        who = self._served(owner)
        seen = gathered(shown(self._balances()), who, self._others(who))
        return {a: n for a, n in seen.items() if a.owner == who}

    def sync(self) -> None:
        """Post everything, hear everything, give back every right."""
        if not self.online:
            return
        for entry_id, facts, at in self.pending:
            self.hub.post(self.name, entry_id, facts, at=at)
        self.pending.clear()
        self.give_back()
        for entry_id, facts, at in self.pending:
            self.hub.post(self.name, entry_id, facts, at=at)
        self.pending.clear()
        self.replica = Counter(self.hub.every_balance())
        self.known = {one.id: one for one in self.hub.known()}
        self.programme = self.hub.programme
        self.stopped, self.ends = self.hub.stopped, dict(self.hub.gift_ends())

    def give_back(self) -> None:
        """Release every right, but the rests of sales."""
        rights = {a: n for a, n in self.rights.items() if not is_kept(a)}
        self._release(ReleaseCause.COVERED, rights)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _served(self, who: str) -> str:
        """Whom somebody is served as, as far as this till has heard."""
        return (self.known[who].of or who) if who in self.known else who

    def _over(self) -> set[str]:
        """Gift cards whose day has come: nothing ends by a guess."""
        today = self.at.date().isoformat() if self.sure else ""
        return {card for card, end in self.ends.items() if end and end <= today}

    def _others(self, who: str) -> tuple[str, ...]:
        """The other customers who are the same person."""
        same = {one for one in self.known if self._served(one) == self._served(who)}
        return tuple(sorted(same - {who}))

    def _balances(self) -> dict[Account, int]:
        own = fold(m for _, facts, _ in self.pending for m in movements(facts))
        return {a: self.replica[a] + own.get(a, 0) for a in {*self.replica, *own}}

    def _write(self, facts: Facts) -> Facts:
        self._n += 1
        self.pending.append((self.newest(), facts, self.at))
        for account, amount in changes(facts).items():
            self.rights[account] += amount
        match facts:
            case Sold(total_cents=total):
                self._ordered.add(facts.customer)
                self.rights[rest_of(self.newest())] += total
            case Joined(customer=who, member=member):
                self.known[who] = customer(who, member=member)
            case OptedIn(customer=who):
                self.known[who] = replace(self.known[who], member=True)
        return facts

    def _release(self, cause: ReleaseCause, rights: Mapping[Account, int]) -> None:
        holds = tuple(Holding(account, n) for account, n in rights.items() if n)
        if holds:
            self._write(Released(cause=cause, holds=holds))
