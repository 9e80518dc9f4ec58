# SPDX-License-Identifier: Apache-2.0
"""A till and a hub made of the domain alone: what the real ones have to agree with."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Protocol

from loyalty.account import Account, Holding, Kind, fold
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.command import Command, CountVisit, RecordSale, SellGiftCard
from loyalty.decide import Decided, Short, decide
from loyalty.entry import CarryConverted, Facts, ReleaseCause, Released, customer_of
from loyalty.movements import movements
from loyalty.programme import EarnRule, LoyaltyProgramme
from loyalty.refusal import Reason, Refusal
from loyalty.rights import changes, grantable
from loyalty.situation import Situation
from tests.scenarios.story import NOBODY, Buy, Scan, SellCard

Answer = Facts | Refusal | None


class Hub(Protocol):
    """Where tills post what happened and ask for rights."""

    def post(self, till: str, facts: Facts) -> None: ...

    def ask(self, till: str, account: Account, amount: int) -> int: ...

    def balance(self, account: Account) -> int: ...

    def every_balance(self) -> dict[Account, int]: ...

    def check(self) -> None: ...


class PureHub:
    """Posts facts, converts carry, grants rights."""

    def __init__(self) -> None:
        self.balances: Counter[Account] = Counter()
        self.held: dict[str, Counter[Account]] = defaultdict(Counter)
        self._rules: dict[str, EarnRule] = {}

    def post(self, till: str, facts: Facts) -> None:
        self.balances.update(fold(movements(facts)))
        self.held[till].update(changes(facts))
        rule = getattr(facts, "earn", None)
        customer = customer_of(facts)
        if rule and customer:
            carry = Account(Kind.CARRY, customer, rule.key)
            if steps := self.balances[carry] // rule.per_cents:
                converted = CarryConverted(customer=customer, earn=rule, steps=steps)
                self.balances.update(fold(movements(converted)))

    def ask(self, till: str, account: Account, amount: int) -> int:
        balance = self.balances[account]
        free = balance - sum(held[account] for held in self.held.values())
        granted = grantable(account, asked=amount, free=free, balance=balance)
        self.held[till][account] += granted
        return granted

    def balance(self, account: Account) -> int:
        return self.balances[account]

    def every_balance(self) -> dict[Account, int]:
        return dict(self.balances)

    def check(self) -> None:
        """What must hold after every step (DESIGN 5, 6)."""
        sums: Counter[tuple[Kind, str]] = Counter()
        for account, balance in self.balances.items():
            sums[account.kind, account.key] += balance
            if account.owner != "merchant":
                held = [held[account] for held in self.held.values()]
                assert 0 <= sum(held) <= balance or account.kind is Kind.CARRY, account
                assert min(held, default=0) >= 0, account
        assert not any(sums.values())


@dataclass
class PureTill:
    """Decides and remembers: balances as last heard, own facts on top, and rights."""

    name: str
    hub: Hub
    programme: LoyaltyProgramme
    online: bool = True
    replica: Counter[Account] = field(default_factory=Counter)
    pending: list[Facts] = field(default_factory=list)
    rights: Counter[Account] = field(default_factory=Counter)
    visited: dict[str, int] = field(default_factory=dict)

    # ── what people do ──────────────────────────────────────────────────────────────────────────

    def scan(self, at_s: int, act: Scan) -> Answer:
        last = self.visited.get(act.who)
        ago = None if last is None else at_s - last
        answer = self._do(act.who, CountVisit(code=act.who, last_visit_s_ago=ago))
        if answer is not None:
            self.visited[act.who] = at_s
        return answer

    def buy(self, at_s: int, act: Buy) -> Answer:
        """Staff scan the card, then save the order."""
        if act.who != NOBODY:
            self.scan(at_s, Scan(act.who))
        order = Order(
            tuple(Line(label="", unit_cents=c) for c in act.cents),
            tuple(Use(title.casefold(), c) for title, c in act.uses),
            tuple(GiftUse(card, c) for card, c in act.gifts),
        )
        return self._do(act.who, RecordSale(receipt="", code=act.who, order=order))

    def sell_card(self, at_s: int, act: SellCard) -> Answer:
        return self._do(
            NOBODY,
            SellGiftCard(
                receipt="",
                fingerprint=act.card,
                last4=act.card,
                cents=act.cents,
                virtual=True,
                send_on="",
                sealed="",
            ),
        )

    def shown(self, account: Account) -> int:
        own = fold(m for facts in self.pending for m in movements(facts))
        return self.replica[account] + own.get(account, 0)

    def sync(self) -> None:
        """Post everything, hear everything, give back every right."""
        if not self.online:
            return
        for facts in self.pending:
            self.hub.post(self.name, facts)
        self.pending.clear()
        holds = tuple(Holding(account, n) for account, n in self.rights.items() if n)
        if holds:
            released = Released(cause=ReleaseCause.COVERED, holds=holds)
            self.rights.clear()
            self.hub.post(self.name, released)
        self.replica = Counter(self.hub.every_balance())

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _do(self, who: str, command: Command) -> Answer:
        customer = None if who == NOBODY else who
        decided = decide(self._situation(customer), command)
        if isinstance(decided, Short) and self.online:
            for lack in decided.lacks:
                self.rights[lack.account] += self.hub.ask(self.name, lack.account, lack.amount)
            decided = decide(self._situation(customer), command)
        match decided:
            case Decided(facts=facts):
                self.pending.append(facts)
                for account, amount in changes(facts).items():
                    self.rights[account] += amount
                return facts
            case Short(lacks=lacks):
                lack = lacks[0]
                have = self.rights[lack.account]
                figures = {
                    "kind": lack.account.kind,
                    "needed": lack.amount + have,
                    "have": have,
                }
                return Refusal(Reason.NOT_HERE_NOW, figures)
            case refused:
                return refused

    def _situation(self, customer: str | None) -> Situation:
        accounts = {m.account for facts in self.pending for m in movements(facts)}
        return Situation(
            programme=self.programme,
            shop=self.name,
            customer=customer,
            balances={a: self.shown(a) for a in accounts | set(self.replica)},
            rights=self.rights,
        )
