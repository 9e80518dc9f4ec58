# SPDX-License-Identifier: Apache-2.0
"""How many of a reward are left: the merchant counts, tills spend by right (SPEC C21)."""

from typing import Final

from hub.ledger.models import Account
from hub.ledger.own import post_own
from hub.merchants import feed
from hub.merchants.models import Merchant
from hub.programmes.models import Reward
from loyalty.account import Kind, Movement, stock_of
from loyalty.entry import Adjusted, Cause

FEW: Final = 5
"""Left of a reward: the merchant is told to get more, or to take it off."""


class HeldByTills(Exception):
    """Tills may still give more of it than it was counted to be; nothing was changed."""

    def __init__(self, held: int) -> None:
        super().__init__(held)
        self.held = held


def left_of(merchant: Merchant, reward_id: str) -> int:
    """How many there are, those that tills may give included."""
    account = _account(merchant.pk, reward_id)
    return account.balance if account else 0


def running_out(merchant: Merchant) -> list[tuple[Reward, int]]:
    """Rewards on offer of which few are left, the scarcest first, with how many."""
    offered = {reward.pk: reward for reward in merchant.rewards.filter(archived=False)}
    counted = [pk for pk, reward in offered.items() if reward.options.get("stock")]
    rows = Account.objects.filter(merchant=merchant, kind=Kind.STOCK, owner__in=counted, key="")
    left = dict.fromkeys(counted, 0) | dict(rows.values_list("owner", "balance"))
    scarce = ((n, offered[pk]) for pk, n in left.items() if n <= FEW)
    return [(reward, n) for n, reward in sorted(scarce, key=lambda row: (row[0], row[1].title))]


def count(out: feed.Writing, reward_id: str, left: int, *, person_id: int | None) -> None:
    """Say how many there are, inside `feed.writing`.

    Raises:
        HeldByTills: tills have the right to more, or a restored hub does not know to how many.
    """
    account = _account(out.merchant.pk, reward_id)
    before, held = (account.balance, account.held_total) if account else (0, 0)
    if left == before:
        return
    if left < before and (left < held or out.merchant.suspended_at is not None):
        raise HeldByTills(held)
    facts = Adjusted(
        cause=Cause.STOCK,
        moves=(Movement(stock_of(reward_id), left - before),),
        about=reward_id,
    )
    post_own(out, [(None, facts)], shop=None, person_id=person_id)


def _account(merchant_id: str, reward_id: str) -> Account | None:
    return Account.objects.filter(
        merchant_id=merchant_id, kind=Kind.STOCK, owner=reward_id, key=""
    ).first()
