# SPDX-License-Identifier: Apache-2.0
"""Balances and what is held, in memory while entries are folded into them, then stored at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from hub.ledger import models
from hub.merchants import bulk
from loyalty.account import MERCHANT, Account, Holding, Kind, Movement

_ACCOUNTS: Final = """
SELECT a.id, a.kind, a.owner, a.key, a.balance, a.held_total, coalesce(h.amount, 0)
FROM ledger_account a LEFT JOIN ledger_held h ON h.account_id = a.id AND h.terminal_id = %s
WHERE a.merchant_id = %s AND a.owner IN %s
"""
_OWNERS_HELD: Final = """
SELECT a.owner FROM ledger_held h JOIN ledger_account a ON a.id = h.account_id
WHERE h.terminal_id = %s AND h.amount <> 0
"""


@dataclass(slots=True, eq=False)
class Kept:
    """One account, and what the terminal at hand holds of it."""

    account: Account
    contra: "Kept | None"
    """The merchant's side; None on the merchant's side."""
    balance: int = 0
    held_total: int = 0
    held: int = 0
    moved: bool = False
    held_changed: bool = False
    pk: int = 0
    """0: not stored yet."""

    def hold(self, amount: int) -> None:
        """Let the terminal hold exactly that much."""
        if change := amount - self.held:
            self.held = amount
            self.held_total += change
            self.held_changed = True


@dataclass(slots=True)
class Tally:
    """Some accounts of one merchant, and what one terminal holds of them.

    Used under the merchant's row lock: what was read stays true until it is stored.
    """

    merchant_id: str
    terminal_id: str | None = None
    _kept: dict[Account, Kept] = field(default_factory=dict)

    def load(self, accounts: Iterable[Account], *, everything_held: bool = False) -> None:
        """Read the accounts and their other sides; also all that the terminal holds if told so."""
        owners = {account.owner for account in accounts} | {MERCHANT}
        if everything_held:
            owners.update(owner for (owner,) in bulk.select(_OWNERS_HELD, self.terminal_id))
        for pk, kind, owner, key, *amounts in bulk.select(
            _ACCOUNTS, self.terminal_id, self.merchant_id, among=owners
        ):
            kept = self.of(Account(Kind(kind), owner, key))
            kept.pk = pk
            kept.balance, kept.held_total, kept.held = amounts

    def of(self, account: Account) -> Kept:
        """The account; one that nobody has read is new and empty."""
        kept = self._kept.get(account)
        if kept is None:
            contra = None if account.owner == MERCHANT else self.of(account.contra)
            kept = self._kept[account] = Kept(account, contra)
        return kept

    def moved(self) -> list[Kept]:
        """Holders' accounts whose balance changed."""
        return [kept for kept in self._kept.values() if kept.moved and kept.contra]

    def move(self, movements: Iterable[Movement]) -> list[tuple[Kept, int]]:
        """Let movements happen; gives their accounts and amounts."""
        made = []
        for movement in movements:
            kept, amount = self.of(movement.account), movement.amount
            kept.balance += amount
            kept.moved = True
            if kept.contra:
                kept.contra.balance -= amount
                kept.contra.moved = True
            made.append((kept, amount))
        return made

    def hold(self, changes: Mapping[Account, int]) -> list[Account]:
        """Change what the terminal holds; gives the accounts of which it gave more than it had.

        What it holds is never counted below 0: the excess would make room for another grant.
        """
        over = []
        for account, change in changes.items():
            kept = self.of(account)
            if kept.held + change < 0:
                over.append(account)
            kept.hold(max(0, kept.held + change))
        return over

    def restate(self, holds: Iterable[Holding]) -> list[Account]:
        """Set what the terminal holds to exactly what it says (RIGHTS 1).

        It can't hold more than the hub counts: the accounts of which it says so are given.
        """
        said = {hold.account: hold.amount for hold in holds}
        over = [account for account, amount in said.items() if amount > self.of(account).held]
        for account, kept in self._kept.items():
            kept.hold(min(kept.held, said.get(account, 0)))
        return over

    def store(self) -> None:
        """Write what changed."""
        changed = [kept for kept in self._kept.values() if kept.moved or kept.held_changed]
        bulk.update(
            models.Account,
            ("balance", "held_total"),
            [(kept.balance, kept.held_total, kept.pk) for kept in changed if kept.pk],
        )
        by_key = {
            (kept.account.kind.value, kept.account.owner, kept.account.key): kept
            for kept in changed
            if not kept.pk
        }
        written = bulk.insert(
            models.Account,
            ("merchant_id", "kind", "owner", "key", "balance", "held_total"),
            [(self.merchant_id, *key, k.balance, k.held_total) for key, k in by_key.items()],
            returning=("id", "kind", "owner", "key"),
        )
        for pk, *key in written:
            by_key[tuple(key)].pk = pk
        bulk.insert(
            models.Held,
            ("account_id", "terminal_id", "amount"),
            [(kept.pk, self.terminal_id, kept.held) for kept in changed if kept.held_changed],
            conflict="ON CONFLICT (account_id, terminal_id) DO UPDATE SET amount = excluded.amount",
        )
