# SPDX-License-Identifier: Apache-2.0
"""Balances and what is held, in memory while entries are folded into them, then stored at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from hub.ledger import models
from hub.merchants import bulk
from loyalty.account import (
    MERCHANT,
    NOBODY,
    WITH_RIGHTS,
    Account,
    Holding,
    Kind,
    grown_from,
    loss_of,
    owed_of,
    points_of,
    short_of,
    visits_of,
)

_ACCOUNTS: Final = """
SELECT a.id, a.kind, a.owner, a.key, a.balance, a.held_total, coalesce(h.amount, 0)
FROM ledger_account a LEFT JOIN ledger_held h ON h.account_id = a.id AND h.segment_id = %s
WHERE a.merchant_id = %s AND a.owner IN %s
"""
_STANDING: Final = (Kind.POINTS, Kind.OWED, Kind.VISITS)
_OWNERS_HELD: Final = """
SELECT a.owner FROM ledger_held h JOIN ledger_account a ON a.id = h.account_id
WHERE h.segment_id = %s AND h.amount <> 0
"""
_HELD_BY: Final = """
SELECT a.kind, a.owner, a.key, h.amount FROM ledger_held h JOIN ledger_account a
ON a.id = h.account_id WHERE h.segment_id = %s AND h.amount <> 0
"""


@dataclass(slots=True, eq=False)
class Kept:
    """One account, and what the segment at hand holds of it."""

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

    @property
    def nobodys(self) -> bool:
        """Whether it is no holder's: the merchant's side, or the loss reserve."""
        return self.account.owner in NOBODY

    @property
    def by_account(self) -> bool:
        """Whether its movements are found by it: no customer's entries lead to them."""
        return self.account.kind in (Kind.GIFT, Kind.REST)

    def hold(self, amount: int) -> None:
        """Let the segment hold exactly that much."""
        if change := amount - self.held:
            self.held = amount
            self.held_total += change
            self.held_changed = True

    @property
    def free(self) -> int:
        """What nobody holds."""
        return max(0, self.balance - self.held_total)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an amount that was to be taken from an account."""

    moves: tuple[tuple[Kept, int], ...]
    lost: int = 0
    """Paid by the loss reserve."""


@dataclass(slots=True)
class Tally:
    """Some accounts of one merchant, and what one segment holds of them.

    Used under the merchant's row lock: what was read stays true until it is stored.
    """

    merchant_id: str
    segment_id: int | None = None
    suspended: bool = False
    """The hub was restored and does not know all yet: nothing is free."""
    patient: bool = False
    """Entries are missing that may cover what is lacking: it waits for them."""
    _kept: dict[Account, Kept] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    """Owners."""
    _elsewhere: list[tuple[Kept, int, int]] = field(default_factory=list)

    def load(self, accounts: Iterable[Account], *, everything_held: bool = False) -> None:
        """Read the accounts and their other sides; also all that the segment holds if told so.

        What was read before is what it is here, not what it is in the database.
        """
        owners = {account.owner for account in accounts} | NOBODY
        if everything_held:
            owners.update(owner for (owner,) in bulk.select(_OWNERS_HELD, self.segment_id))
        owners -= self._read
        self._read |= owners
        for pk, kind, owner, key, *amounts in bulk.select(
            _ACCOUNTS, self.segment_id, self.merchant_id, among=owners
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
        return [kept for kept in self._kept.values() if kept.moved and not kept.nobodys]

    def standings(self, owners: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Points less owed ones, and visits, of these who were read and of whoever's changed."""
        changed = {k.account.owner for k in self.moved() if k.account.kind in _STANDING}
        return {
            owner: (
                self.of(points_of(owner)).balance - self.of(owed_of(points_of(owner))).balance,
                self.of(visits_of(owner)).balance,
            )
            for owner in changed.union(owners)
        }

    def every(self, kind: Kind) -> list[Kept]:
        """Holders' accounts of a kind that were read."""
        return [k for k in self._kept.values() if k.account.kind is kind and not k.nobodys]

    def free(self, account: Account) -> int:
        """What nobody holds of it, and may be used."""
        return 0 if self.suspended else self.of(account).free

    # ── movements ───────────────────────────────────────────────────────────────────────────────

    def move(self, account: Account, amount: int) -> tuple[tuple[Kept, int], ...]:
        """Let an amount go to an account from its other side."""
        if not amount:
            return ()
        kept = self.of(account)
        kept.balance += amount
        kept.moved = True
        if kept.contra:
            kept.contra.balance -= amount
            kept.contra.moved = True
        return ((kept, amount),)

    def earn(self, account: Account, amount: int) -> tuple[tuple[Kept, int], ...]:
        """Give; what can be spent is the segment's own right."""
        kept = self.of(account)
        if self.segment_id is not None and account.kind in WITH_RIGHTS:
            kept.hold(kept.held + amount)
        return self.move(account, amount)

    def spend(self, account: Account, amount: int, *, customer_pays: bool = True) -> Taken:
        """Take a redemption: inside the right, then of what is free, then of the loss reserve.

        Where entries are missing, what no right covers waits: the sale that fed it may come yet.
        What is held goes down before what is free is looked at, or it would count twice.
        """
        kept = self.of(account)
        within = min(amount, kept.held, kept.balance)
        kept.hold(kept.held - min(amount, kept.held))
        lacks = amount - within
        free = min(lacks, max(0, self.free(account) - within)) if customer_pays else 0
        moves = self.move(account, -within - free)
        lacks -= free
        if lacks and (self.suspended or self.patient) and customer_pays:
            return Taken((*moves, *self.move(short_of(account), lacks)))
        return Taken((*moves, *self.move(loss_of(account), -lacks)), lacks)

    def take_back(self, account: Account, amount: int, *, own: int = 0) -> Taken:
        """Take back what a refund undoes: of the till's own right, of what is free; owed else.

        What has become something else since is taken from that.
        """
        kept = self.of(account)
        if (grown := grown_from(account)) != account:
            waiting = min(amount, max(0, kept.balance))
            rest = self.take_back(grown, amount - waiting)
            return Taken((*self.move(account, -waiting), *rest.moves))
        within = min(own, amount, kept.held, kept.balance)
        kept.hold(max(0, kept.held - own))
        free = min(amount - within, max(0, self.free(account) - within))
        owed = amount - within - free
        return Taken((*self.move(account, -within - free), *self.move(owed_of(account), owed)))

    # ── rights ──────────────────────────────────────────────────────────────────────────────────

    def release(self, account: Account, amount: int) -> bool:
        """Take a right back; whether it was no more than the segment held."""
        kept = self.of(account)
        enough = amount <= kept.held
        kept.hold(max(0, kept.held - amount))
        return enough

    def restate(self, holds: Iterable[Holding], *, given: Mapping[Account, int]) -> list[Account]:
        """Set what the segment holds to exactly what its header says (RIGHTS 1).

        It can't hold more than the hub counts: the accounts of which it says so are given. A hub
        that was restored has forgotten grants, and believes it. The rests of sales are said apart.

        Args:
            holds: what it says.
            given: what may be more because of refunds that wait.
        """
        said = {hold.account: hold.amount for hold in holds}
        over = [
            account
            for account, amount in said.items()
            if amount > self.of(account).held + given.get(account, 0)
        ]
        for account, kept in self._kept.items():
            if account.kind is not Kind.REST:
                amount = said.get(account, 0)
                kept.hold(amount if self.suspended else min(kept.held, amount))
        return [] if self.suspended else over

    def hold_nothing(self) -> None:
        """Let the segment hold nothing any more; all that it holds was read."""
        for kept in self._kept.values():
            kept.hold(0)

    def hold_elsewhere(self, kept: Kept, segment_id: int, amount: int) -> None:
        """Another segment, which held none of it, holds that much."""
        kept.held_total += amount
        kept.held_changed = True
        self._elsewhere.append((kept, segment_id, amount))

    def free_all_of(self, segment_id: int) -> None:
        """Another segment holds nothing any more."""
        rows = bulk.select(_HELD_BY, segment_id)
        self.load(Account(Kind(kind), owner, key) for kind, owner, key, _ in rows)
        for kind, owner, key, amount in rows:
            kept = self.of(Account(Kind(kind), owner, key))
            kept.held_total -= amount
            kept.held_changed = True
        models.Held.objects.filter(segment=segment_id).update(amount=0)

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
            ("account_id", "segment_id", "amount"),
            [
                *(
                    (k.pk, self.segment_id, k.held)
                    for k in changed
                    if k.held_changed and self.segment_id
                ),
                *((kept.pk, segment, amount) for kept, segment, amount in self._elsewhere),
            ],
            conflict="ON CONFLICT (account_id, segment_id) DO UPDATE SET amount = excluded.amount",
        )
