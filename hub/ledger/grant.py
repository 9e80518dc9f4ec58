# SPDX-License-Identifier: Apache-2.0
"""Leave to spend: what a terminal asks for is counted as held before it hears of it."""

from datetime import datetime

from django.utils import timezone

from hub.ledger import models
from hub.ledger.post import NotOurs
from hub.ledger.sanity import LONGEST_KEY, named
from hub.ledger.tally import Tally
from hub.merchants import feed
from hub.merchants.models import Terminal
from loyalty.account import WITH_RIGHTS
from loyalty.feed import Granted
from loyalty.rights import grantable
from loyalty.wire import AskRight


def grant(terminal_id: str, ask: AskRight, *, now: datetime | None = None) -> int:
    """Answer a request through the feed; asking again under the same id changes nothing.

    A right works in one segment alone, so there is none before that segment's header was posted,
    and none for a segment that another one followed.

    Returns:
        What was granted, in the account's unit: 0 when nothing is free.

    Raises:
        NotOurs: not from a terminal of this generation, or no request at all.
    """
    known = feed.merchant_of(terminal_id)
    if known is None or ask.terminal != terminal_id or not _sensible(ask):
        raise NotOurs(terminal_id)
    with feed.writing(known) as out:
        terminal = Terminal.objects.get(pk=terminal_id)
        if ask.gen != terminal.gen:
            raise NotOurs(f"{terminal_id} gen {ask.gen}")
        answered = models.SpendingRight.objects.filter(terminal=terminal, ask=ask.ask)
        for right in answered:
            return right.amount
        current = ask.segment == terminal.segment
        amount, row = _held_more(out, terminal, ask) if current else (0, None)
        models.SpendingRight.objects.create(
            terminal=terminal,
            ask=ask.ask,
            segment=ask.segment,
            account_id=row,
            asked=ask.amount,
            amount=amount,
            granted_at=now or timezone.now(),
        )
        item = Granted(ask=ask.ask, segment=ask.segment, account=ask.account, amount=amount)
        out.say(item, to=feed.to_terminal(terminal.pk))
        return amount


def _held_more(out: feed.Writing, terminal: Terminal, ask: AskRight) -> tuple[int, int | None]:
    """What is held now that was not, and the account's row."""
    tally = Tally(out.merchant.pk, terminal.pk)
    tally.load([ask.account])
    kept = tally.of(ask.account)
    amount = grantable(asked=ask.amount, balance=kept.balance, held=kept.held_total)
    if not amount:
        return 0, None
    tally.hold({ask.account: amount})
    tally.store()
    return amount, kept.pk or None


def _sensible(ask: AskRight) -> bool:
    account = ask.account
    return (
        ask.amount > 0
        and named(ask.ask)
        and named(ask.segment)
        and named(account.owner)
        and account.kind in WITH_RIGHTS
        and len(account.key) <= LONGEST_KEY
    )
