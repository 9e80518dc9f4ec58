# SPDX-License-Identifier: Apache-2.0
"""What terminals keep of somebody's, and asking for it back: for a till, or an order on the web."""

from collections.abc import Collection

from django.db.models import QuerySet

from hub.ledger.models import Held
from hub.merchants import feed
from loyalty.account import Account, Kind
from loyalty.feed import Recalled


def kept(merchant_id: str, owners: Collection[str]) -> QuerySet[Held]:
    """What living segments hold of what these customers, or gift cards, have."""
    return Held.objects.filter(
        account__merchant=merchant_id,
        account__owner__in=owners,
        amount__gt=0,
        segment__dead=False,
    )


def there(found: QuerySet[Held]) -> QuerySet[Held]:
    """Of that, what is held by terminals that are there and may give it back."""
    return found.filter(segment__terminal__online=True, segment__follower=None)


def ask_back(out: feed.Writing, owners: Collection[str]) -> None:
    """Ask every terminal that is there for what it keeps; it goes back unless an order needs it."""
    rows = there(kept(out.merchant.pk, owners)).values_list(
        "segment__terminal", "account__kind", "account__owner", "account__key"
    )
    for terminal, kind, *named in sorted(set(rows)):
        out.say(Recalled(Account(Kind(kind), *named)), to=feed.to_terminal(terminal))
