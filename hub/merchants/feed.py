# SPDX-License-Identifier: Apache-2.0
"""Each merchant's feed: what its terminals are told, numbered in the order of commits.

Positions are given while the merchant's row is locked. A bare sequence would let a reader pass a
number that is not committed yet, and miss that item for ever.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from hub.merchants import bulk, doing
from hub.merchants.models import FeedItem, HubEpoch, Merchant, Terminal, new_id
from loyalty.feed import Item
from loyalty.wire import LARGEST_FRAME, encode_item

MOST_ITEMS: Final = 1000
ROOM: Final = LARGEST_FRAME - 4096
"""Bytes of items on a page, before they are compressed."""

ALL: Final = ""
WORD: Final = 16
"""Hex digits of the word that a transaction of the feed is known by."""

_ITEMS: Final = """
SELECT "position", "end", body FROM merchants_feeditem
WHERE merchant_id = %s AND "position" > %s AND "position" <= %s AND audience IN (%s, %s, %s)
ORDER BY "position" LIMIT %s
"""


def to_shop(shop_id: str) -> str:
    """The audience of a shop's terminals."""
    return f"shop:{shop_id}"


def to_terminal(terminal_id: str) -> str:
    """The audience of one terminal."""
    return f"terminal:{terminal_id}"


class Writing:
    """A merchant's feed while its row is locked: what is said appears at commit, or not at all."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self._said: list[tuple[str, bytes]] = []

    @property
    def latest(self) -> int:
        """Position of the newest item, those said here included."""
        return self.merchant.feed_position + len(self._said)

    def say(self, item: Item, *, to: str = ALL) -> bytes:
        """Tell an audience how something is now; gives the item's bytes."""
        body = encode_item(item)
        self._said.append((to, body))
        return body

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Let what breaks inside leave nothing behind, neither written nor said; it is raised."""
        said = len(self._said)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del self._said[said:]
            raise

    def store(self) -> None:
        """Number what was said. `writing` does it, once."""
        if not self._said:
            return
        first, end, word = self.merchant.feed_position + 1, self.latest, new_id()[:WORD]
        bulk.insert(
            FeedItem,
            ("merchant_id", "position", '"end"', "audience", "word", "body"),
            [
                (self.merchant.pk, first + i, end, audience, word, body)
                for i, (audience, body) in enumerate(self._said)
            ],
        )
        bulk.update(Merchant, ("feed_position",), [(end, self.merchant.pk)])
        self.merchant.feed_position = end
        self._said.clear()


@contextmanager
def writing(merchant_id: str) -> Iterator[Writing]:
    """Hold a merchant's row for one database transaction, and write its feed at the end of it.

    Every change that terminals must hear of is made inside; it can't be nested, but in a deed: then
    the row is held until that is done.

    Raises:
        Merchant.DoesNotExist: there is no such merchant.
    """
    with transaction.atomic(durable=not doing.going_on()):
        merchant = bulk.locked(Merchant, merchant_id)
        if merchant is None:
            raise Merchant.DoesNotExist(merchant_id)
        open_feed = Writing(merchant)
        yield open_feed
        open_feed.store()


def word_at(merchant_id: str, place: int) -> str:
    """The word of the feed at a position, empty at its beginning or where it was pruned."""
    found = bulk.select(
        'SELECT word FROM merchants_feeditem WHERE merchant_id = %s AND "position" = %s',
        *(merchant_id, place),
    )
    return found[0][0] if found else ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Items of a feed after a position, up to the end of a hub transaction."""

    after: int
    to: int
    latest: int
    lines: tuple[bytes, ...]


def stretch(terminal: Terminal, after: int, *, most: int = 200) -> Stretch:
    """What the terminal is to hear next: whole hub transactions, at least one if there is any.

    Args:
        terminal: only items of its audiences are given.
        after: the position it has read up to.
        most: about so many items; the last transaction is always whole.
    """
    # what is committed after this line is for the next time
    latest = position(terminal.merchant_id)
    audiences = (ALL, to_shop(terminal.shop_id), to_terminal(terminal.pk))
    most = max(1, min(most, MOST_ITEMS))
    rows = _items(terminal.merchant_id, audiences, after=after, to=latest, most=most)
    complete = len(rows) < most
    if not complete:
        last, end = rows[-1][:2]
        rows += _items(terminal.merchant_id, audiences, after=last, to=end, most=end - last)
    lines: list[bytes] = []
    size, cut = 0, 0
    for i, (_, end, body) in enumerate(rows):
        size += len(body) + 1
        if size > ROOM and cut:
            break
        lines.append(bytes(body))
        if i + 1 == len(rows) or rows[i + 1][1] != end:
            cut = i + 1
    to = latest if complete and cut == len(rows) else rows[cut - 1][1]
    return Stretch(after, to, latest, tuple(lines[:cut]))


def _items(
    merchant_id: str, audiences: Collection[str], *, after: int, to: int, most: int
) -> list[tuple[int, int, bytes]]:
    """Position, end of its transaction and bytes of the items for somebody, in their order."""
    return bulk.select(_ITEMS, merchant_id, after, to, *audiences, most)


def position(merchant_id: str) -> int:
    """Position of the newest item of a merchant's feed. Raises Merchant.DoesNotExist."""
    found = bulk.select("SELECT feed_position FROM merchants_merchant WHERE id = %s", merchant_id)
    if not found:
        raise Merchant.DoesNotExist(merchant_id)
    return int(found[0][0])


def merchant_of(terminal_id: str) -> str | None:
    """Whose feed a terminal reads; None: it is nobody's."""
    found = bulk.select("SELECT merchant_id FROM merchants_terminal WHERE id = %s", terminal_id)
    return found[0][0] if found else None


def epoch() -> str:
    """The word that changes when this hub was restored from a backup.

    Read each time: the bridge may begin another life while the web goes on.
    """
    found = bulk.select("SELECT word FROM merchants_hubepoch WHERE id = 1")
    return (
        found[0][0]
        if found
        else HubEpoch.objects.get_or_create(pk=1, defaults={"word": new_id()})[0].word
    )


def count_grant() -> int:
    """One more right exists; in the transaction that grants it. How many there are now."""
    more = "ON CONFLICT (id) DO UPDATE SET grants = merchants_hubepoch.grants + 1"
    columns, first = ("id", "word", "grants"), (1, new_id(), 1)
    [(grants,)] = bulk.insert(HubEpoch, columns, [first], conflict=more, returning=("grants",))
    return int(grants)


def grants() -> int:
    """How many rights were granted."""
    found = bulk.select("SELECT grants FROM merchants_hubepoch WHERE id = 1")
    return found[0][0] if found else 0


def new_epoch() -> str:
    """Begin another life: whatever terminals know of the one before has to be told anew."""
    word = new_id()
    HubEpoch.objects.update_or_create(pk=1, defaults={"word": word})
    return word
