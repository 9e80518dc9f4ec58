# SPDX-License-Identifier: Apache-2.0
"""Leave to spend: what a terminal asks for is counted as held before it hears of it.

Where too little is free, the terminals that hold the rest are asked to give it back, and the answer
waits for them: a little, because somebody stands at the till.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet, Sum
from django.utils import timezone

from hub.ledger import calling, elsewhere, groups, limits, missing, models, recalls, restored
from hub.ledger.giftcards import stopped
from hub.ledger.models import Segment
from hub.ledger.post import NotOurs
from hub.ledger.rests import Rests
from hub.ledger.rights import SpendingRight
from hub.ledger.sanity import LONGEST_KEY, named
from hub.ledger.tally import Tally
from hub.merchants import bulk, feed
from hub.merchants.models import Terminal
from loyalty.account import OF_CUSTOMERS, ONE_A_PERSON, WITH_RIGHTS, Account, Kind, owed_of
from loyalty.feed import Elsewhere, Granted, Recalled
from loyalty.rights import grantable
from loyalty.wire import AskRight

PATIENCE: Final = timedelta(seconds=1.5)
"""How long an answer waits for other terminals; a till waits two seconds for it."""

_WAITING: Final = """
SELECT 1 FROM ledger_spendingright r JOIN merchants_terminal t ON t.id = r.terminal_id
WHERE t.merchant_id = %s AND r.amount IS NULL LIMIT 1
"""


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
    grants = 0
    with feed.writing(known) as out:
        terminal = bulk.one(Terminal, "WHERE id = %s", terminal_id)
        if terminal is None or ask.gen != terminal.gen or terminal.retired_at:
            raise NotOurs(f"{terminal_id} gen {ask.gen}")
        asked = "WHERE terminal_id = %s AND ask = %s"
        known_right = bulk.one(SpendingRight, asked, terminal_id, ask.ask)
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
            reach = _read(out, right, now=now)
            if _recalled(out, right, reach):
                right.save()
            else:
                grants = _answer(out, right, reach, now=now)
        elif right.amount is None and now - right.asked_at >= PATIENCE:
            grants = _answer(out, right, _read(out, right, now=now), now=now)
    if right.amount:  # asked again: whoever granted it may have died before this
        restored.bear_witness(grants or feed.grants())
    return right.amount


def answer_waiting(merchant_id: str, *, now: datetime | None = None) -> tuple[list[str], int]:
    """Answer the requests of a merchant that others have made room for, or that waited enough.

    Returns:
        The terminals that have an answer to read, and how many requests still wait.
    """
    now = now or timezone.now()
    if not bulk.select(_WAITING, merchant_id):
        return [], 0
    waiting = SpendingRight.objects.filter(terminal__merchant=merchant_id, amount=None)
    told, left, grants = [], 0, 0
    with feed.writing(merchant_id) as out:
        for right in waiting.select_related("terminal").order_by("pk"):
            late = now - right.asked_at >= PATIENCE
            if late or not any(_holders(out, right)):
                grants = max(grants, _answer(out, right, _read(out, right, now=now), now=now))
                told.append(right.terminal_id)
            else:
                left += 1
    if grants:
        restored.bear_witness(grants)
    return told, left


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Reach:
    """What can be given for a request."""

    tally: Tally
    account: Account
    """Of the person's accounts, the one that can give most of it."""
    free: int
    """Of that one."""


def _answer(out: feed.Writing, right: SpendingRight, reach: _Reach | None, *, now: datetime) -> int:
    """Give what is free, at most what was asked for, and say so: held first, heard then.

    Returns:
        How many rights were ever granted, where this is one; else 0.
    """
    account, amount = _account(right), 0
    if reach is not None:
        account = reach.account
        kept = reach.tally.of(account)
        amount = grantable(account, asked=right.asked, free=reach.free, balance=kept.balance)
        kept.hold(kept.held + amount)
        reach.tally.store()
    right.amount = amount
    right.save()
    grants = feed.count_grant() if amount else 0
    item = Granted(
        ask=right.ask,
        segment=right.segment,
        account=account,
        amount=amount,
        elsewhere=_elsewhere(out, right, now=now) if amount < right.asked else None,
    )
    out.say(item, to=feed.to_terminal(right.terminal_id))
    return grants


def _recalled(out: feed.Writing, right: SpendingRight, reach: _Reach | None) -> bool:
    """Whether others were asked to give back what is lacking: they are there and hold some."""
    if reach is None or out.merchant.suspended_at or reach.free >= right.asked:
        return False
    holders = list(_holders(out, right))
    for terminal, owner in holders:
        account = replace(_account(right), owner=owner)
        out.say(Recalled(account), to=feed.to_terminal(terminal))
    return bool(holders)


def _holders(out: feed.Writing, right: SpendingRight) -> Iterator[tuple[str, str]]:
    """Terminals that are there and hold some of what is asked for, and whose it is."""
    there = recalls.there(_with_others(out, right))
    yield from there.values_list("segment__terminal", "account__owner")


def _elsewhere(out: feed.Writing, right: SpendingRight, *, now: datetime) -> Elsewhere | None:
    """Who keeps what could not be given, there or not: the shop of the till with most of it."""
    holders = (
        _with_others(out, right)
        .filter(segment__terminal__last_contact__isnull=False)
        .values_list(
            "segment__terminal", "segment__terminal__shop__name", "segment__terminal__last_contact"
        )
        .annotate(held=Sum("amount"))
        .order_by("-held", "segment__terminal")
    )
    if not holders:
        return None
    _, shop, heard, _ = holders[0]
    return Elsewhere(shop=shop, heard_ms=_ms(heard), said_ms=_ms(now), tills=len(holders))


def _with_others(out: feed.Writing, right: SpendingRight) -> QuerySet[models.Held]:
    """What other terminals hold of what is asked for."""
    owners = [account.owner for account in _like(out, right)]
    kept = recalls.kept(out.merchant.pk, owners)
    return kept.filter(account__kind=right.kind, account__key=right.key).exclude(
        segment__terminal=right.terminal_id
    )


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _like(out: feed.Writing, right: SpendingRight) -> list[Account]:
    """The account, and the same of everybody who is the same person, where these are summed."""
    account = _account(right)
    if account.kind not in OF_CUSTOMERS or account.kind in ONE_A_PERSON:
        return [account]
    return [replace(account, owner=uuid) for uuid in groups.ones(out.merchant.pk, account.owner)]


def _read(out: feed.Writing, right: SpendingRight, *, now: datetime) -> _Reach | None:
    """What is free of the account, or of the fullest of the same person's.

    What the person owes is not free, whichever of their accounts owes it (RIGHTS 17).

    Returns:
        None: the right can't work where it was asked for.
    """
    segment = _alive(right)
    if segment is None:
        return None
    account, like = _account(right), _like(out, right)
    if account.kind is Kind.GIFT and stopped(out.merchant, [account.owner], now=now):
        return None
    if account.kind is Kind.REST and not elsewhere.may_pay_back(right.terminal, account.owner):
        return None
    if account.kind is Kind.REST and any(
        refund.sale == account.owner for _, refund in missing.refunds(out.merchant.pk)
    ):
        return None  # it is paid back already, once its till is heard
    limits.open_untouched(out, account)
    tally = Tally(out.merchant.pk, segment.pk, suspended=out.merchant.suspended_at is not None)
    tally.load(like)
    if account.kind is Kind.REST:
        rests = Rests(tally)
        rests.read([account.owner])
        rests.touch(account.owner)
        rests.store()
    best = max(like, key=lambda one: min(right.asked, tally.free(one)))
    owed = sum(tally.of(owed_of(one)).balance for one in like)
    return _Reach(tally, best, min(tally.free(best), sum(map(tally.free, like)) - owed))


def _alive(right: SpendingRight) -> Segment | None:
    """The segment that it was asked for in, if a right can work there."""
    terminal = right.terminal
    segment = calling.segment_of(terminal.pk, right.segment)
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
