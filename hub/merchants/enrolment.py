# SPDX-License-Identifier: Apache-2.0
"""A terminal becomes ours: its row, its generation and its card numbers."""

from typing import Final

from django.utils.translation import gettext as _

from hub.merchants import authority, feed, registry
from hub.merchants.models import CardBlock, Shop, Terminal
from loyalty.feed import CardNumbers
from loyalty.topics import TERMINAL_ID

BLOCK: Final = 1000
"""Card numbers given at a time."""

LOW: Final = 200
"""A terminal with fewer left is given another block."""


class BadTerminal(ValueError):
    """The id can't be a terminal's, or is another merchant's."""


def enrol(shop: Shop, terminal_id: str) -> Terminal:
    """Enrol a terminal in a shop; enrolling it again closes its generation and opens the next.

    Raises:
        BadTerminal: the id does not fit or is taken by another merchant.
    """
    with feed.writing(shop.merchant_id) as out:
        return enrol_in(out, shop, terminal_id)


def enrol_in(out: feed.Writing, shop: Shop, terminal_id: str, *, hw_id: str = "") -> Terminal:
    """The same, within what holds the merchant's row.

    Args:
        out: the feed of the shop's merchant.
        shop: where the terminal stands.
        terminal_id: its name for ever.
        hw_id: the board that this generation belongs to, if it is known.

    Raises:
        BadTerminal: the id does not fit or is taken by another merchant.
    """
    check(shop, terminal_id)
    terminal = _row(shop, terminal_id)
    terminal.merchant, terminal.shop = out.merchant, shop
    # a hub restored from a backup forgot generations whose certificates are out there
    terminal.gen = max(terminal.gen, authority.here().newest(terminal_id)) + 1
    terminal.hw_id, terminal.online, terminal.retired_at = hw_id, False, None
    terminal.leaving, terminal.signed_off_at = False, None
    terminal.save()
    give_numbers(out, terminal)
    out.say(registry.till_may(out.merchant, terminal), to=feed.to_terminal(terminal.pk))
    return terminal


def check(shop: Shop, terminal_id: str) -> None:
    """Do nothing where a terminal of that name may stand in that shop.

    Raises:
        BadTerminal: the id does not fit or is taken by another merchant.
    """
    if not TERMINAL_ID.fullmatch(terminal_id):
        raise BadTerminal(_("8 à 40 lettres minuscules, chiffres ou tirets"))
    if feed.merchant_of(terminal_id) not in (None, shop.merchant_id):
        raise BadTerminal(_("ce terminal appartient à un autre commerçant"))


def give_numbers(out: feed.Writing, terminal: Terminal) -> None:
    """Give a terminal the merchant's next card numbers."""
    merchant = out.merchant
    first = merchant.next_serial
    merchant.next_serial += BLOCK
    merchant.save(update_fields=["next_serial"])
    CardBlock.objects.create(terminal=terminal, first=first, last=first + BLOCK - 1)
    numbers = CardNumbers(first=first, last=first + BLOCK - 1)
    out.say(numbers, to=feed.to_terminal(terminal.pk))


def top_up(out: feed.Writing, terminal: Terminal, code: str) -> None:
    """Give another block when a number that was just used is near the end of the last one."""
    prefix = out.merchant.card_prefix
    serial = code.removeprefix(prefix)[:-1]
    newest = terminal.blocks.order_by("last").last()
    if newest is None or not code.startswith(prefix) or not serial.isdigit():
        return
    if newest.first <= int(serial) <= newest.last and newest.last - int(serial) < LOW:
        give_numbers(out, terminal)


def _row(shop: Shop, terminal_id: str) -> Terminal:
    """The terminal's row, locked: another merchant may enrol the same id at the same time."""
    new = {"merchant_id": shop.merchant_id, "shop": shop, "gen": 0}
    rows = Terminal.objects.select_for_update()
    terminal, _new = rows.get_or_create(pk=terminal_id, defaults=new)
    check(shop, terminal_id)  # once more: whoever was first owns it
    return terminal
