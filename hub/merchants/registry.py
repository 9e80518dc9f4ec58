# SPDX-License-Identifier: Apache-2.0
"""Open and change merchants, shops and staff; their terminals hear of it in the same breath."""

import secrets
from typing import Any, Final

from hub.merchants import feed, sealed
from hub.merchants.models import Merchant, Shop, Staff, Terminal, new_id
from hub.merchants.tokens import Token
from loyalty.feed import ShopIs, StaffIs, TillMay
from loyalty.giftcard import fingerprint
from loyalty.pin import SALT_BYTES, stored
from loyalty.rights import Policy

POLICY: Final = {"card_cents", "terminal_cents", "unheard_cents"}
"""Fields of a merchant that say how far its tills may go."""


def open_merchant(
    merchant_id: str,
    name: str,
    *,
    zone: str = "Europe/Paris",
    card_prefix: str = "2000",
    lookup_key: str = "",
    **more: Any,  # noqa: ANN401 (fields of Merchant)
) -> Merchant:
    """Make a merchant, with a key of its own for personal data.

    Args:
        merchant_id: slug that names it on the wire for ever.
        name: as its customers read it.
        zone: IANA time zone.
        card_prefix: first digits of its card numbers; starts with 2.
        lookup_key: 64 hex digits; made when empty.
        more: `colour`, `pitch_fr`, `pitch_en`.

    Raises:
        FileExistsError: there is a merchant of that id.
    """
    return Merchant.objects.create(
        id=merchant_id,
        name=name,
        zone=zone,
        card_prefix=card_prefix,
        lookup_key=lookup_key or secrets.token_hex(32),
        hub_key=sealed.make_key(merchant_id),
        **more,
    )


def change_merchant(merchant_id: str, **changes: Any) -> Merchant:  # noqa: ANN401
    """Change fields of a merchant and tell all its terminals."""
    with feed.writing(merchant_id) as out:
        for name, value in changes.items():
            setattr(out.merchant, name, value)
        out.merchant.save(update_fields=list(changes))
        for shop in out.merchant.shops.all():
            out.say(shop_item(out.merchant, shop), to=feed.to_shop(shop.pk))
        if POLICY & set(changes):
            for terminal in out.merchant.terminals.all():
                out.say(till_may(out.merchant, terminal), to=feed.to_terminal(terminal.pk))
        return out.merchant


def open_shop(merchant_id: str, name: str, **more: Any) -> Shop:  # noqa: ANN401 (fields of Shop)
    """Make a shop; `id` may be chosen, `zone` is the merchant's unless given."""
    with feed.writing(merchant_id) as out:
        more.setdefault("zone", out.merchant.zone)
        shop = Shop.objects.create(merchant=out.merchant, name=name, **more)
        out.say(shop_item(out.merchant, shop), to=feed.to_shop(shop.pk))
        return shop


def change_shop(shop: Shop, **changes: Any) -> Shop:  # noqa: ANN401
    """Change fields of a shop and tell its terminals."""
    with feed.writing(shop.merchant_id) as out:
        for name, value in changes.items():
            setattr(shop, name, value)
        shop.save(update_fields=list(changes))
        out.say(shop_item(out.merchant, shop), to=feed.to_shop(shop.pk))
        return shop


def shop_item(merchant: Merchant, shop: Shop) -> ShopIs:
    """What a terminal of the shop shows and needs."""
    return ShopIs(
        merchant=merchant.name,
        shop=shop.pk,
        name=shop.name,
        zone=shop.zone,
        card_prefix=merchant.card_prefix,
        pitch_fr=merchant.pitch_fr,
        pitch_en=merchant.pitch_en,
        colour=merchant.colour,
        hub_key=merchant.hub_key,
    )


def hire(
    merchant_id: str,
    name: str,
    *,
    pin: str = "",
    badge: str = "",
    staff_id: str = "",
    manager: bool = False,
) -> Staff:
    """Let somebody unlock every till of the merchant.

    Args:
        pin: four digits.
        badge: the code of a badge, as a scanner reads it.
        manager: they allow refunds and voids, too.
    """
    with feed.writing(merchant_id) as out:
        staff = Staff(id=staff_id or new_id(), merchant=out.merchant, name=name, manager=manager)
        _give(staff, pin=pin, badge=badge)
        staff.save(force_insert=True)
        out.say(staff_item(staff))
        return staff


def change_staff(staff: Staff, name: str, *, pin: str, badge: str, manager: bool) -> None:
    """Change what somebody is called and may; an empty PIN or badge leaves theirs as it is."""
    with feed.writing(staff.merchant_id) as out:
        staff.name, staff.manager = name, manager
        _give(staff, pin=pin, badge=badge)
        staff.save()
        out.say(staff_item(staff))


def dismiss(staff: Staff) -> None:
    """Let somebody unlock no till any more; what they did keeps their name."""
    with feed.writing(staff.merchant_id) as out:
        staff.pin = staff.badge = staff.badge_last4 = ""
        staff.save(update_fields=["pin", "badge", "badge_last4"])
        out.say(staff_item(staff))


def staff_item(staff: Staff) -> StaffIs:
    """What terminals know of them."""
    return StaffIs(
        id=staff.pk, name=staff.name, pin=staff.pin, manager=staff.manager, badge=staff.badge
    )


def names_of(merchant_id: str) -> dict[str, str]:
    """Whom entries name: staff, and other programs by their tokens."""
    staff, programs = (
        table.objects.filter(merchant_id=merchant_id).order_by().values_list("pk", "name")
        for table in (Staff, Token)
    )
    return dict(staff.union(programs))


def hash_badge(merchant: Merchant, code: str) -> str:
    """A badge's code as terminals keep it."""
    return fingerprint(bytes.fromhex(merchant.lookup_key), code)


def _give(staff: Staff, *, pin: str, badge: str) -> None:
    """A PIN, a badge or both, in place of theirs."""
    if pin:
        staff.pin = stored(pin, secrets.token_bytes(SALT_BYTES))
    if badge:
        staff.badge, staff.badge_last4 = hash_badge(staff.merchant, badge), badge[-4:]


def till_may(merchant: Merchant, terminal: Terminal) -> TillMay:
    """How far a terminal may go by itself."""
    return TillMay(
        Policy(
            frozen=terminal.frozen,
            card_cents=merchant.card_cents,
            terminal_cents=merchant.terminal_cents,
            unheard_cents=merchant.unheard_cents,
        ),
        leaving=terminal.gen if terminal.leaving else 0,
    )
