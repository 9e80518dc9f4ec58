# SPDX-License-Identifier: Apache-2.0
"""What people really got and gave, added up by other code than the product's.

It reads what an entry says happened and nothing else: no movement, no right, no balance of the
product's own goes in here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from loyalty.entry import Facts, GiftSold, Joined, Opened, Released, Sold, Visited

Key = tuple[str, str, str]
"""Kind, owner and key of an account."""
SPENDABLE = ("points", "visits", "purse", "gift")
BY_PEOPLE = (Visited, Joined, Sold, GiftSold)
"""What somebody at a counter saw happen."""


def moved(facts: Facts) -> Counter[Key]:
    """What an entry gives (or takes, where negative)."""
    found: Counter[Key] = Counter()
    match facts:
        case Visited(customer=customer):
            found["visits", customer, ""] += 1
        case GiftSold(fingerprint=fingerprint, cents=cents):
            found["gift", fingerprint, ""] += cents
        case Sold(customer=customer) as sold:
            for gift in sold.gifts:
                found["gift", gift.fingerprint, ""] -= gift.cents
            if customer:
                used = sum(use.points for use in sold.applied)
                off = sum(use.cents_off for use in sold.applied if use.kind == "cashback")
                found["points", customer, ""] += sold.points - used
                found["purse", customer, ""] += sold.purse_cents - off
                rule = f"{sold.earn.points}/{sold.earn.per_cents}"
                found["carry", customer, rule] += sold.carry_cents
    return found


def right_after(held: Mapping[Key, int], later: Iterable[Facts]) -> Counter[Key]:
    """What a terminal may spend after more of its entries, given what the hub counts before."""
    right = Counter(held)
    for facts in later:
        match facts:
            case Opened(holds=holds):
                said = {
                    (h.account.kind.value, h.account.owner, h.account.key): h.amount for h in holds
                }
                right = Counter({key: min(right[key], said.get(key, 0)) for key in right})
            case Released(holds=holds):
                for h in holds:
                    right[h.account.kind.value, h.account.owner, h.account.key] -= h.amount
            case _:
                for key, amount in moved(facts).items():
                    if key[0] in SPENDABLE:
                        right[key] += amount
    return right


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

    def balances(self, but: Iterable[str] = ()) -> dict[Key, int]:
        """What every holder must have in the end, without these entries."""
        left_out = set(but)
        total: Counter[Key] = Counter()
        for entry_id, facts in self.seen.items():
            if entry_id not in left_out:
                total.update(moved(facts))
        for facts in self.made_by_hub:
            total.update(moved(facts))
        for (kind, owner, rule), cents in list(total.items()):
            if kind == "carry":
                points, per_cents = map(int, rule.split("/"))
                steps = cents // per_cents
                total["points", owner, ""] += steps * points
                total[kind, owner, rule] -= steps * per_cents
        return {key: amount for key, amount in total.items() if amount}
