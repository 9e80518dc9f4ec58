# SPDX-License-Identifier: Apache-2.0
"""What was lacking while entries were missing: accounts pay it, or the loss reserve does."""

from django.db.models import F, Q

from hub.ledger import missing
from hub.ledger.models import Account
from hub.ledger.own import post_own
from hub.ledger.tally import Tally
from hub.merchants import feed
from loyalty.account import NOBODY, Kind, meant_by, short_of
from loyalty.account import Account as AccountName
from loyalty.entry import Facts, Settled
from loyalty.movements import movements


def settle(out: feed.Writing, *, holder: int | None = None) -> None:
    """Let accounts pay what was short, and the loss reserve what they can't (RIGHTS 12).

    What a refund that waits for its sale will give may pay it yet.

    Args:
        out: holds the merchant's row.
        holder: the segment in whose right it was spent, where only one lacked entries.
    """
    tally = Tally(out.merchant.pk, holder)
    found = _settlements(tally)
    tally.store()
    post_own(out, [(None, facts) for facts in found], shop=None)


def _settlements(tally: Tally) -> list[Facts]:
    rows = Account.objects.filter(merchant=tally.merchant_id).exclude(owner__in=NOBODY)
    uneven = rows.filter(Q(held_total__gt=F("balance")) | Q(kind=Kind.SHORT, balance__gt=0))
    every = uneven.values_list("kind", "owner", "key")
    told = [AccountName(Kind(kind), owner, key) for kind, owner, key in every]
    names = {meant_by(one) if one.kind is Kind.SHORT else one for one in told}
    tally.load(names)
    refunds = [refund for _, refund in missing.refunds(tally.merchant_id)]
    to_come = {move.account for refund in refunds for move in movements(refund) if move.amount > 0}
    found: list[Facts] = []
    for name in sorted(names):
        kept, short = tally.of(name), tally.of(short_of(name)).balance
        within = min(short, kept.held, kept.balance)
        kept.hold(kept.held - within)
        topped_up = max(0, kept.held_total - kept.balance + within)
        paid = within + min(short - within, max(0, kept.free - within))
        lost = 0 if name in to_come else short - paid
        if topped_up or paid or lost:
            found.append(Settled(account=name, topped_up=topped_up, paid=paid, lost=lost))
    return found
