# SPDX-License-Identifier: Apache-2.0
"""What tills hold as the hub counts it, and what it has told them."""

from hub.ledger.models import Held
from hub.merchants import feed
from hub.merchants.models import FeedItem
from loyalty.entry import CalledIn
from loyalty.feed import CallIn, Heard
from loyalty.wire import decode_item
from tests.hub.till import Till


def held(till: Till) -> int:
    return held_in(till.segment)


def held_in(segment: str) -> int:
    row = Held.objects.filter(segment__uuid=segment, account__kind="points").first()
    return row.amount if row else 0


def told(till: Till, kind: type) -> list:
    rows = FeedItem.objects.filter(audience=feed.to_terminal(till.terminal.pk)).order_by("position")
    items = [decode_item(bytes(body)) for body in rows.values_list("body", flat=True)]
    return [item for item in items if isinstance(item, kind)]


def heard(till: Till) -> Heard:
    """What the hub said of the last header."""
    return told(till, Heard)[-1]


def order_to(till: Till) -> str:
    """The last order to call in."""
    return told(till, CallIn)[-1].order


def calls_in(till: Till) -> None:
    """It answers the last order: this boot is alive."""
    till.write(CalledIn(order=order_to(till)))
    till.send()
