# SPDX-License-Identifier: Apache-2.0
"""What people really got and gave, added up by other code than the product's.

It reads what an entry says happened and nothing else: no movement, no right, no balance of the
product's own goes in here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loyalty.account import Holding
from loyalty.entry import (
    Adjusted,
    Cause,
    Facts,
    GiftSold,
    Joined,
    Opened,
    Refunded,
    Released,
    Sold,
    Visited,
)
from loyalty.wire import decode_entry

Key = tuple[str, str, str]
"""Kind, owner and key of an account."""
SPENDABLE = ("points", "visits", "purse", "gift", "rest", "welcome")
BY_PEOPLE = (Visited, Joined, Sold, GiftSold, Refunded)
"""What somebody at a counter saw happen."""


def moved(facts: Facts) -> Counter[Key]:
    """What an entry gives (or takes, where negative)."""
    found: Counter[Key] = Counter()
    match facts:
        case Visited(customer=customer):
            found["visits", customer, ""] += 1
        case Joined(customer=customer, welcome=welcome):
            found["welcome", customer, ""] += welcome
        case GiftSold(fingerprint=fingerprint, cents=cents):
            found["gift", fingerprint, ""] += cents
        case Sold(customer=customer) as sold:
            for gift in sold.gifts:
                found["gift", gift.fingerprint, ""] -= gift.cents
            if customer:
                found["points", customer, ""] += sold.points
                found["purse", customer, ""] += sold.purse_cents
                rule = f"{sold.earn.points}/{sold.earn.per_cents}"
                found["carry", customer, rule] += sold.carry_cents
                found.subtract(_used(sold))
        case Refunded(customer=customer) as part:
            found["rest", part.sale, ""] -= part.cents
            for gift in part.gifts:
                found["gift", gift.fingerprint, ""] += gift.cents
            if customer:
                found["points", customer, ""] -= part.points
                found["purse", customer, ""] -= part.purse_cents
                rule = f"{part.earn.points}/{part.earn.per_cents}"
                found["carry", customer, rule] -= part.carry_cents
                found.update(_given_back(part))
        case Adjusted(cause=Cause.EXPIRY, moves=moves):
            for move in moves:
                found[move.account.kind.value, move.account.owner, move.account.key] += move.amount
    return found


def _used(sold: Sold) -> Counter[Key]:
    """What rewards took, of whose account: in all, what the receipt says of each reward."""
    off_cents = sum(use.cents_off for use in sold.applied if use.kind == "cashback")
    return _all_of(sold.spent, sum(use.points for use in sold.applied), off_cents)


def _given_back(part: Refunded) -> Counter[Key]:
    """What rewards had taken and comes back, to whom."""
    return _all_of(part.back, part.points_back, part.purse_back_cents)


def _all_of(holds: Iterable[Holding], points: int, purse_cents: int) -> Counter[Key]:
    """The same by account, if it is so many points and cents in all."""
    found: Counter[Key] = Counter()
    for hold in holds:
        found[hold.account.kind.value, hold.account.owner, hold.account.key] += hold.amount
    for kind, amount in (("points", points), ("purse", purse_cents)):
        told = sum(n for key, n in found.items() if key[0] == kind)
        assert told == amount, f"an entry names accounts for {told} {kind}, and says {amount}"
    return found


def _right_of(part: Refunded) -> Counter[Key]:
    """How a refund changes what its till may spend: by what it gives, less what it took of that.

    What it takes beyond, the hub takes of what is free, or it is owed.
    """
    found = Counter({("rest", part.sale, ""): -part.cents})
    for gift in part.gifts:
        found["gift", gift.fingerprint, ""] += gift.cents
    if part.customer:
        found.update(_given_back(part))
    for h in part.own:
        found[h.account.kind.value, h.account.owner, h.account.key] -= h.amount
    return found


def right_after(held: Mapping[Key, int], later: Iterable[Facts]) -> Counter[Key]:
    """What a terminal may spend after more of its entries, given what the hub counts before."""
    right = Counter(held)
    for facts in later:
        match facts:
            case Opened(holds=holds, rests=rests):
                said = {
                    (h.account.kind.value, h.account.owner, h.account.key): h.amount
                    for h in (*holds, *(rests or ()))
                }
                right = Counter(
                    {  # the rest of a sale that nobody touched there is not said
                        key: min(amount, said.get(key, amount if key[0] == "rest" else 0))
                        for key, amount in right.items()
                    }
                )
            case Released(holds=holds):
                for h in holds:
                    right[h.account.kind.value, h.account.owner, h.account.key] -= h.amount
            case Refunded():
                right.update(_right_of(facts))
            case _:
                for key, amount in moved(facts).items():
                    if key[0] in SPENDABLE:
                        right[key] += amount
    return right


def _left_by(
    sale: Facts | None, sale_id: str, parts: Sequence[tuple[Refunded, int]]
) -> Counter[Key]:
    """What the refunds of a sale came to; of one that nobody has heard of they move nothing."""
    rest = Counter({("rest", sale_id, ""): -sum(part.cents for part, _ in parts)})
    if not isinstance(sale, Sold):
        return rest
    rest["rest", sale_id, ""] += sale.total_cents
    if sum(part.cents - beyond for part, beyond in parts) == sale.total_cents:
        rest.subtract(moved(sale))
        return rest
    for part, beyond in parts:
        if beyond < part.cents:
            rest.update({key: n for key, n in moved(part).items() if key[0] != "rest"})
    return rest


def expiries(read: Callable[[str], list[tuple[Any, ...]]]) -> list[Adjusted]:
    """What a hub let expire, out of its books."""
    rows = read("SELECT raw FROM ledger_journalentry WHERE cause = 'expiry' ORDER BY id")
    entries = [decode_entry(bytes(raw)) for (raw,) in rows]
    return [entry.facts for entry in entries if isinstance(entry.facts, Adjusted)]


@dataclass
class Truth:
    """Everything that was ever seen in a journal, whatever became of that journal."""

    seen: dict[str, Facts] = field(default_factory=dict)
    """By the entry's id."""
    forgiven: set[str] = field(default_factory=set)
    """A card has forgotten them in a way that nothing can help: it lied, or is an older copy."""
    made_by_hub: list[Facts] = field(default_factory=list)
    """What was done on the web."""
    kept_by_hub: set[str] = field(default_factory=set)
    """Entries that only the hub still has: a month has passed."""
    persons: dict[str, str] = field(default_factory=dict)
    """Of customers who were ever said to be one person, the one that stands for all of them."""
    expired: list[Adjusted] = field(default_factory=list)
    """What the hub let expire, as it says itself."""
    may_expire: dict[str, int] = field(default_factory=dict)
    """By customer, how many points could have expired by now."""

    def are_one(self, one: str, other: str) -> None:
        """Two customers are one person from now on; together they have what each has got."""
        of, was = (self.persons.get(uuid, uuid) for uuid in (one, other))
        same = [uuid for uuid, person in self.persons.items() if person == was]
        self.persons |= dict.fromkeys((one, other, was, *same), of)

    def by_person(self, balances: Mapping[Key, int]) -> dict[Key, int]:
        """The same, with what is one person's together: who spent what another had keeps it."""
        found: Counter[Key] = Counter()
        for (kind, owner, key), amount in balances.items():
            found[kind, self.persons.get(owner, owner), key] += amount
        return {key: amount for key, amount in found.items() if amount}

    def too_much_expired(self, expired: list[Adjusted]) -> str:
        """What expired though it was young, or had been spent in time (RIGHTS 20); empty: nothing.

        The rest of what the hub says is believed.
        """
        self.expired = expired
        for customer in {facts.customer for facts in expired}:
            gone, may = self._gone(customer), self.may_expire.get(customer or "", 0)
            if gone > may:
                return f"expiry: {gone} points of {customer} are gone, {may} were due"
        return ""

    def _gone(self, customer: str | None) -> int:
        """Points of a customer that have expired."""
        of = (facts for facts in self.expired if facts.customer == customer)
        return -sum(move.amount for facts in of for move in facts.moves)

    def a_night(self, version: int) -> None:
        """What was earned under that version of the rules, or later, and not spent, expires now."""
        for (kind, owner, _), points in self.balances().items():
            if kind == "points":
                safe = sum(
                    facts.points
                    for facts in self.seen.values()
                    if isinstance(facts, Sold)
                    and facts.customer == owner
                    and facts.saw.programme < version
                )
                self.may_expire[owner] = self._gone(owner) + max(0, points - safe)

    def balances(
        self,
        but: Iterable[str] = (),
        *,
        beyond: Mapping[str, int] | None = None,
        lapsed: Mapping[str, int] | None = None,
    ) -> dict[Key, int]:
        """What every holder must have in the end, without these entries.

        Of a sale that was refunded, that is what its parts left.

        Args:
            beyond: of each refund, the cents that its sale did not have any more; what goes beyond
                moves nothing of a customer's (RIGHTS 18).
            lapsed: of each customer, the welcomes that the hub has let end. One that was used and
                of which the hub heard after that is one more than there was.
        """
        left_out = set(but)
        kept = {i: facts for i, facts in self.seen.items() if i not in left_out}
        total: Counter[Key] = Counter()
        parts: defaultdict[str, list[tuple[Refunded, int]]] = defaultdict(list)
        for entry_id, facts in kept.items():
            if isinstance(facts, Refunded):
                parts[facts.sale].append((facts, (beyond or {}).get(entry_id, 0)))
            else:
                total.update(moved(facts))
        for sale_id, refunded in parts.items():
            total.update(_left_by(kept.get(sale_id), sale_id, refunded))
        for facts in (*self.made_by_hub, *self.expired):
            total.update(moved(facts))
        bought = {facts.customer for facts in kept.values() if isinstance(facts, Sold)}
        for (kind, owner, rule), cents in list(total.items()):
            if kind == "welcome" and owner in bought:
                # over with the first order, used or not
                total[kind, owner, rule] = min(0, cents - (lapsed or {}).get(owner, 0))
            if kind == "carry":
                points, per_cents = map(int, rule.split("/"))
                steps = cents // per_cents
                total["points", owner, ""] += steps * points
                total[kind, owner, rule] -= steps * per_cents
        return {key: amount for key, amount in total.items() if amount}
