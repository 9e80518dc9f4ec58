# SPDX-License-Identifier: Apache-2.0
"""Balances and what is held, in memory while entries are folded into them, then stored at once."""

from collections.abc import Iterable, Mapping

from hub.ledger import models
from hub.merchants import bulk
from loyalty.account import MERCHANT, Account, Holding, Kind, Movement


class Tally:
    """Some accounts of one merchant, and what one terminal holds of them.

    Used under the merchant's row lock: what was read stays true until it is stored.
    """

    def __init__(self, merchant_id: str, terminal_id: str | None = None) -> None:
        self._merchant_id = merchant_id
        self._terminal_id = terminal_id
        self._balances: dict[Account, int] = {}
        self._held: dict[Account, int] = {}
        self._held_totals: dict[Account, int] = {}
        self._changed_holds: set[Account] = set()
        self.moved: dict[Account, None] = {}
        """Accounts whose balance changed, in the order of their first change."""

    def load(self, accounts: Iterable[Account], *, everything_held: bool = False) -> None:
        """Read the accounts and their other sides; also all that the terminal holds if told so."""
        owners = {account.owner for account in accounts} | {MERCHANT}
        mine = models.Held.objects.filter(terminal_id=self._terminal_id)
        if everything_held:
            owners |= set(mine.exclude(amount=0).values_list("account__owner", flat=True))
        of_merchant = models.Account.objects.filter(merchant_id=self._merchant_id)
        found = {}
        for pk, kind, owner, key, balance, held in of_merchant.filter(owner__in=owners).values_list(
            "pk", "kind", "owner", "key", "balance", "held_total"
        ):
            account = found[pk] = Account(Kind(kind), owner, key)
            self._balances[account], self._held_totals[account] = balance, held
        if self._terminal_id is not None:
            holds = mine.filter(account_id__in=list(found)).exclude(amount=0)
            for pk, amount in holds.values_list("account_id", "amount"):
                self._held[found[pk]] = amount

    def balance(self, account: Account) -> int:
        """How much is on it."""
        return self._balances.get(account, 0)

    def free(self, account: Account) -> int:
        """What no terminal holds of it."""
        return self.balance(account) - self._held_totals.get(account, 0)

    def held(self, account: Account) -> int:
        """What the terminal holds of it."""
        return self._held.get(account, 0)

    def move(self, movements: Iterable[Movement]) -> list[Account]:
        """Let movements happen; gives the accounts that they took below 0."""
        below = []
        for movement in movements:
            account, amount = movement.account, movement.amount
            self._balances[account] = left = self.balance(account) + amount
            self._balances[account.contra] = self.balance(account.contra) - amount
            self.moved[account] = None
            if left < 0 and amount < 0:
                below.append(account)
        return below

    def hold(self, changes: Mapping[Account, int]) -> list[Account]:
        """Change what the terminal holds; gives the accounts of which it gave more than it had.

        What it holds is never counted below 0: the excess would make room for another grant.
        """
        over = []
        for account, change in changes.items():
            wanted = self.held(account) + change
            if wanted < 0:
                over.append(account)
            self._set_held(account, max(0, wanted))
        return over

    def restate(self, holds: Iterable[Holding]) -> list[Account]:
        """Set what the terminal holds to exactly what it says (RIGHTS 1).

        It can't hold more than the hub counts: the accounts of which it says so are given.
        """
        said = {hold.account: hold.amount for hold in holds}
        over = [account for account, amount in said.items() if amount > self.held(account)]
        for account in list(self._held):
            self._set_held(account, min(self.held(account), said.get(account, 0)))
        return over

    def store(self) -> dict[Account, int]:
        """Write what changed; gives the row of each account that moved."""
        touched = list({**self.moved, **dict.fromkeys(self._changed_holds)})
        contras = {account.contra: None for account in self.moved}
        rows = [
            (
                self._merchant_id,
                account.kind.value,
                account.owner,
                account.key,
                self.balance(account),
                self._held_totals.get(account, 0),
            )
            for account in [*touched, *contras]
        ]
        written = bulk.insert(
            models.Account,
            ("merchant_id", "kind", "owner", "key", "balance", "held_total"),
            rows,
            conflict="ON CONFLICT (merchant_id, owner, kind, key) DO UPDATE SET"
            " balance = excluded.balance, held_total = excluded.held_total",
            returning=("id", "kind", "owner", "key"),
        )
        ids = {Account(Kind(kind), owner, key): pk for pk, kind, owner, key in written}
        bulk.insert(
            models.Held,
            ("account_id", "terminal_id", "amount"),
            [(ids[a], self._terminal_id, self.held(a)) for a in self._changed_holds],
            conflict="ON CONFLICT (account_id, terminal_id) DO UPDATE SET amount = excluded.amount",
        )
        return ids

    def _set_held(self, account: Account, amount: int) -> None:
        change = amount - self.held(account)
        if change:
            self._held[account] = amount
            self._held_totals[account] = self._held_totals.get(account, 0) + change
            self._changed_holds.add(account)
