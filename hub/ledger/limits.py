# SPDX-License-Identifier: Apache-2.0
"""How often a customer may use a reward: an account that is opened when a till first asks (0013).

Opened for everybody it would be a row for each customer and reward, most of them never used.
"""

import uuid
from typing import Final

from hub.ledger.models import Account as Row
from hub.ledger.models import Customer
from hub.ledger.own import post_own
from hub.merchants import feed
from hub.programmes.publish import published
from loyalty.account import Account, Kind
from loyalty.movements import limit_opened

_LIMITS: Final = uuid.UUID("5a7e3a54-8f0b-4b52-9d3e-2f6a1c0e9b47")
"""Under which the ids of openings are derived: a hub that was restored makes the same."""


def open_untouched(out: feed.Writing, account: Account) -> None:
    """Open a limit that nobody has touched, at what the newest rules say; nothing else does."""
    merchant = out.merchant.pk
    if account.kind is not Kind.LIMIT:
        return
    touched = Row.objects.filter(
        merchant=merchant, kind=account.kind, owner=account.owner, key=account.key
    )
    known = Customer.objects.filter(merchant=merchant, uuid=account.owner)
    programme = published(merchant)
    reward = programme.reward(account.key) if programme else None
    if touched.exists() or reward is None or not reward.options.per_customer or not known.exists():
        return
    own_id = uuid.uuid5(_LIMITS, f"{merchant} {account.owner} {account.key}").hex
    post_own(out, [(None, limit_opened(reward, account.owner))], shop=None, ids=[own_id])
