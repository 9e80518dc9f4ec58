# SPDX-License-Identifier: Apache-2.0
"""Rules about what was bought and is brought back: what it takes, and from whom."""

from types import SimpleNamespace
from typing import Any

from firmware.store import own
from loyalty import rights
from loyalty.account import Kind
from loyalty.entry import Refunded
from tests.simulation.broken import Patch, mutant


@mutant
def right_survives_refund(patch: Patch) -> None:
    """What a refund took of a till's own right can still be spent there."""
    changes = rights.changes

    def generous(facts: Any) -> Any:
        found = changes(facts)
        if isinstance(facts, Refunded):
            return {k: n for k, n in found.items() if n > 0 or k.kind is Kind.REST}
        return found

    patch.setattr(own, "rights", SimpleNamespace(changes=generous))


@mutant
def rest_granted_to_whoever_asks(patch: Patch) -> None:
    """What is left of a sale is granted to a till while another one has it."""
    from hub.ledger import grant

    grantable = grant.grantable

    def careless(account: Any, *, asked: int, free: int, balance: int) -> int:
        if account.kind is Kind.REST:
            return balance
        return grantable(account, asked=asked, free=free, balance=balance)

    patch.setattr(grant, "grantable", careless)


@mutant
def owed_is_paid_from_rights(patch: Patch) -> None:
    """What somebody owes is paid with what a till may spend."""
    from hub.ledger.posting import Posting
    from hub.ledger.tally import Tally

    pay_owed = Posting._pay_owed

    def from_all(self: Any) -> None:
        with Patch.context() as meanwhile:
            meanwhile.setattr(Tally, "free", lambda tally, account: tally.of(account).balance)
            pay_owed(self)

    patch.setattr(Posting, "_pay_owed", from_all)


@mutant
def suspended_hub_takes_what_seems_free(patch: Patch) -> None:
    """A restored hub lets a refund take what nobody holds, as far as it knows."""
    from hub.ledger.tally import Tally

    patch.setattr(Tally, "free", lambda self, account: self.of(account).free)


@mutant
def excess_refund_takes_points(patch: Patch) -> None:
    """A refund that goes beyond its sale takes and gives as if it did not."""
    from hub.ledger.rests import Rests

    patch.setattr(Rests, "what_was_left", lambda _self, refund, _lost: refund)


@mutant
def granted_rests_stay(patch: Patch) -> None:
    """What was granted of a sale to a boot that has ended stays granted."""
    from hub.ledger.rests import Rests

    patch.setattr(Rests, "restate", lambda *_: None)


@mutant
def what_was_given_back_of_a_sale_is_not_looked_up(patch: Patch) -> None:
    """A hub that has not heard of a sale's rest passes over the till that gives it back."""
    from hub.ledger import rests
    from loyalty.entry import Released

    touched = rests._touched

    def careless(line: Any) -> Any:
        return iter(()) if isinstance(line.facts, Released) else touched(line)

    patch.setattr(rests, "_touched", careless)


@mutant
def what_a_till_let_go_of_stays_held(patch: Patch) -> None:
    """What a header had no room for, of sales that were paid back in part, stays with its till."""
    from hub.ledger.rests import Rests
    from hub.ledger.rights import SpendingRight

    restate = Rests.restate

    def careless(self: Any, said: Any, segment: Any) -> None:
        had = [(kept, kept.held) for kept in self.tally.every(Kind.REST)]
        told = tuple(said)
        restate(self, told, segment)
        of_till = SpendingRight.objects.filter(terminal=segment.terminal, kind=Kind.REST)
        granted = of_till.filter(amount__gt=0)
        known = {*granted.values_list("owner", flat=True), *(h.account.owner for h in told)}
        for kept, amount in had:
            if kept.account.owner not in known:
                kept.hold(amount)

    patch.setattr(Rests, "restate", careless)


@mutant
def what_a_person_owes_is_granted(patch: Patch) -> None:
    """The hub grants what is free, though it is needed to pay what the person owes."""
    from hub.ledger import grant
    from loyalty.account import Account

    patch.setattr(grant, "owed_of", lambda _account: Account(Kind.OWED, "nobody"))
