# SPDX-License-Identifier: Apache-2.0
"""Leave to spend: what a terminal asks for is counted as held before it hears of it.

Where too little is free, the terminals that hold the rest are asked to give it back, and the answer
waits for them: a little, because somebody stands at the till.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from hub.ledger import models, restored
from hub.ledger.models import Segment, SpendingRight
from hub.ledger.post import NotOurs
from hub.ledger.rests import Rests
from hub.ledger.sanity import LONGEST_KEY, named
from hub.ledger.tally import Tally
from hub.merchants import feed
from hub.merchants.models import Terminal
from loyalty.account import WITH_RIGHTS, Account, Kind
from loyalty.feed import Granted, Recalled
from loyalty.rights import grantable
from loyalty.wire import AskRight

PATIENCE: Final = timedelta(seconds=1.5)
"""How long an answer waits for other terminals; a till waits two seconds for it."""


def grant(terminal_id: str, ask: AskRight, *, now: datetime | None = None) -> int | None:
    """Answer a request through the feed; asking again under the same id changes nothing.

    A right works in one segment alone: in one whose header was posted, that no other followed, on
    the terminal's own board.

    Returns:
        What was granted, in the account's unit: 0 when nothing is free; None: others were asked.

    Raises:
        NotOurs: not from a terminal of this generation, or no request at all.
    """
    now = now or timezone.now()
    known = feed.merchant_of(terminal_id)
    if known is None or ask.terminal != terminal_id or not _sensible(ask):
        raise NotOurs(terminal_id)
    with feed.writing(known) as out:
        terminal = Terminal.objects.get(pk=terminal_id)
        if ask.gen != terminal.gen or terminal.retired_at:
            raise NotOurs(f"{terminal_id} gen {ask.gen}")
        known_right = SpendingRight.objects.filter(terminal=terminal, ask=ask.ask).first()
        right = known_right or SpendingRight(
            terminal=terminal,
            ask=ask.ask,
            segment=ask.segment,
            kind=ask.account.kind,
            owner=ask.account.owner,
            key=ask.account.key,
            asked=ask.amount,
            asked_at=now,
        )
        if known_right is None:
            tally = _read(out, right)
            if _recalled(out, right, tally):
                right.save()
            else:
                _answer(out, right, tally)
        elif right.amount is None and now - right.asked_at >= PATIENCE:
            _answer(out, right, _read(out, right))
    if right.amount:
        restored.bear_witness(feed.grants())
    return right.amount


def answer_waiting(merchant_id: str, *, now: datetime | None = None) -> tuple[list[str], int]:
    """Answer the requests of a merchant that others have made room for, or that waited enough.

    Returns:
        The terminals that have an answer to read, and how many requests still wait.
    """
    now = now or timezone.now()
    waiting = SpendingRight.objects.filter(terminal__merchant=merchant_id, amount=None)
    if not waiting.exists():
        return [], 0
    told, left = [], 0
    with feed.writing(merchant_id) as out:
        for right in waiting.select_related("terminal").order_by("pk"):
            late = now - right.asked_at >= PATIENCE
            if late or not any(_holders(out, right)):
                _answer(out, right, _read(out, right))
                told.append(right.terminal_id)
            else:
                left += 1
    if told:
        restored.bear_witness(feed.grants())
    return told, left


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _answer(out: feed.Writing, right: SpendingRight, tally: Tally | None) -> None:
    """Give what is free, at most what was asked for, and say so: held first, heard then."""
    account, amount = _account(right), 0
    if tally is not None:
        kept, free = tally.of(account), tally.free(account)
        amount = grantable(account, asked=right.asked, free=free, balance=kept.balance)
        kept.hold(kept.held + amount)
        tally.store()
    right.amount = amount
    right.save()
    if amount:
        feed.count_grant()
    item = Granted(ask=right.ask, segment=right.segment, account=account, amount=amount)
    out.say(item, to=feed.to_terminal(right.terminal_id))


def _recalled(out: feed.Writing, right: SpendingRight, tally: Tally | None) -> bool:
    """Whether others were asked to give back what is lacking: they are there and hold some."""
    account = _account(right)
    if tally is None or out.merchant.suspended_at or tally.free(account) >= right.asked:
        return False
    holders = list(_holders(out, right))
    for terminal in holders:
        out.say(Recalled(account), to=feed.to_terminal(terminal))
    return bool(holders)


def _holders(out: feed.Writing, right: SpendingRight) -> Iterator[str]:
    """Terminals that are there, and hold some of what is asked for."""
    found = models.Held.objects.filter(
        account__merchant=out.merchant,
        account__kind=right.kind,
        account__owner=right.owner,
        account__key=right.key,
        amount__gt=0,
        segment__terminal__online=True,
        segment__follower=None,
        segment__dead=False,
    )
    others = found.exclude(segment__terminal=right.terminal_id)
    yield from others.values_list("segment__terminal", flat=True)


def _read(out: feed.Writing, right: SpendingRight) -> Tally | None:
    """What is free of the account; None: the right can't work where it was asked for."""
    segment = _alive(right)
    if segment is None:
        return None
    account = _account(right)
    tally = Tally(out.merchant.pk, segment.pk, suspended=out.merchant.suspended_at is not None)
    tally.load([account])
    if account.kind is Kind.REST:
        rests = Rests(tally)
        rests.read([account.owner])
        rests.touch(account.owner)
        rests.store()
    return tally


def _alive(right: SpendingRight) -> Segment | None:
    """The segment that it was asked for in, if a right can work there."""
    terminal = right.terminal
    segment = Segment.objects.filter(terminal=terminal, uuid=right.segment).first()
    if segment is None or not segment.may_be_alive or terminal.frozen:
        return None
    return segment if segment.hw_id == terminal.hw_id else None


def _account(right: SpendingRight) -> Account:
    return Account(Kind(right.kind), right.owner, right.key)


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
