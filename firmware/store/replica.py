# SPDX-License-Identifier: Apache-2.0
"""The terminal's copy of its merchant's state: one write for each feed item, quick look-ups."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from firmware.store import forgetting, merged, own, photos
from firmware.store.database import Database
from firmware.store.words import fold
from loyalty.account import Account, Kind, shown
from loyalty.card import other_length
from loyalty.entry import Stamp
from loyalty.feed import (
    BalanceIs,
    CallIn,
    CardNumbers,
    CategoryIs,
    Covered,
    CustomerIs,
    GiftCardIs,
    GiftOffer,
    GiftOffersAre,
    Granted,
    Heard,
    Item,
    ProductIs,
    ProgrammeIs,
    Recalled,
    RewardPhotoIs,
    SaleSeen,
    ShopIs,
    StaffIs,
    TillMay,
)
from loyalty.programme import LoyaltyProgramme
from loyalty.rights import STRICT, Policy
from loyalty.wire import decode_item, encode_item

RECENT_SALES: Final = 3
"""Kept for each customer: the card check shows no more."""

MOST_FOUND: Final = 20


# ── look-ups ────────────────────────────────────────────────────────────────────────────────────


def shop(db: Database) -> ShopIs | None:
    """The shop this terminal stands in; None: the hub was never heard."""
    item = _fact(db, "shop")
    return item if isinstance(item, ShopIs) else None


def programme(db: Database) -> LoyaltyProgramme | None:
    """The newest published version of the rules; None: there is none yet."""
    item = _fact(db, "programme")
    return item.programme if isinstance(item, ProgrammeIs) else None


def gift_offers(db: Database) -> tuple[GiftOffer, ...]:
    """Gift cards for points, the smallest first."""
    item = _fact(db, "gift_offers")
    return item.offers if isinstance(item, GiftOffersAre) else ()


def policy(db: Database) -> Policy:
    """How far this till may go by itself; before the hub has said it, not at all."""
    item = _fact(db, "till_may")
    return item.policy if isinstance(item, TillMay) else STRICT


def leaving(db: Database) -> int:
    """The generation that the hub wants to sign off; 0: none."""
    item = _fact(db, "till_may")
    return item.leaving if isinstance(item, TillMay) else 0


def staff(db: Database) -> tuple[StaffIs, ...]:
    """Who may unlock the till, by name."""
    found = db.rows(
        "SELECT id, name, pin, manager, badge FROM staff_now WHERE pin || badge <> ''"
        " ORDER BY name, id"
    )
    return tuple(
        StaffIs(id=i, name=name, pin=pin, manager=bool(manager), badge=badge)
        for i, name, pin, manager, badge in found
    )


def staff_name(db: Database, staff_id: str) -> str:
    """What somebody who serves is called; empty: nobody of that id is known."""
    found = db.row("SELECT name FROM staff_now WHERE id = ?", staff_id)
    return str(found[0]) if found else ""


def categories(db: Database) -> tuple[CategoryIs, ...]:
    """The catalogue's categories in the merchant's order."""
    found = db.rows("SELECT id, name, rank FROM category_now ORDER BY rank, name, id")
    return tuple(CategoryIs(id=i, name=name, rank=rank) for i, name, rank in found)


def products(db: Database, category: str) -> tuple[ProductIs, ...]:
    """A category's products in the merchant's order."""
    found = db.rows(
        "SELECT id, category, name, cents, ean, rank FROM product_now WHERE category = ?"
        " ORDER BY rank, name, id",
        category,
    )
    return tuple(map(_product, found))


def product(db: Database, product_id: str) -> ProductIs | None:
    """The product of that id."""
    found = db.row(
        "SELECT id, category, name, cents, ean, rank FROM product_now WHERE id = ?", product_id
    )
    return _product(found) if found else None


def product_by_ean(db: Database, ean: str) -> ProductIs | None:
    """The product that carries this barcode; scanners read twelve digits as thirteen, or not."""
    found = db.row(
        "SELECT id, category, name, cents, ean, rank FROM product_now WHERE ean IN (?, ?)"
        " AND ean <> '' ORDER BY rank, id LIMIT 1",
        *(ean, other_length(ean)),
    )
    return _product(found) if found else None


def customer(db: Database, customer_id: str) -> CustomerIs | None:
    """The customer of that id; hashes are not read back."""
    found = db.rows(
        "SELECT code, first_name, initial, head, member, pro, tier, figure"
        " FROM customer_now LEFT JOIN code_now ON customer = id WHERE id = ? ORDER BY code",
        customer_id,
    )
    if not found:
        return None
    _, first_name, initial, head, member, pro, tier, figure = found[0]
    return CustomerIs(
        id=customer_id,
        first_name=first_name,
        initial=initial,
        codes=tuple(code for code, *_ in found if code is not None),
        of=head,
        member=bool(member),
        pro=bool(pro),
        tier=tier,
        figure=figure,
    )


def name_of(db: Database, customer_id: str) -> str:
    """First name and initial, where they are known."""
    found = db.row("SELECT first_name, initial FROM customer_now WHERE id = ?", customer_id)
    return " ".join(found).strip() if found else ""


def customers_by_id(db: Database, ids: Iterable[str]) -> tuple[CustomerIs, ...]:
    """Those of these customers that are known here, in the order given, each person once."""
    heads = dict.fromkeys(merged.head_of(db, i) for i in ids)
    return tuple(found for head in heads if (found := customer(db, head)))


def customer_by_code(db: Database, code: str) -> CustomerIs | None:
    """Whose card this is."""
    found = db.row("SELECT customer FROM code_now WHERE code = ?", code)
    return customer(db, merged.head_of(db, found[0])) if found else None


def customers_by_hash(db: Database, contact_hash: str) -> tuple[CustomerIs, ...]:
    """Who has this phone or e-mail, by its keyed hash."""
    found = db.rows(
        "SELECT customer FROM contact_now WHERE hash = ? LIMIT ?", contact_hash, MOST_FOUND
    )
    return customers_by_id(db, (i for (i,) in found))


def customers_by_name(db: Database, prefix: str) -> tuple[CustomerIs, ...]:
    """Whose first name (and initial) starts like this, whatever the capitals and accents."""
    start = fold(prefix)
    if not start:
        return ()
    found = db.rows(
        "SELECT id FROM customer_now WHERE words >= ? AND words < ? ORDER BY words, id LIMIT ?",
        start,
        start + "\U0010ffff",
        MOST_FOUND,
    )
    return customers_by_id(db, (i for (i,) in found))


def balances(db: Database, owner: str) -> dict[Account, int]:
    """What the till shows of a customer or gift card: the replica and own uncovered entries."""
    found = db.rows(
        "SELECT kind, key, sum(amount) FROM ("
        "SELECT kind, key, amount FROM balance_now WHERE owner = ?1"
        " UNION ALL SELECT kind, key, amount FROM pending WHERE owner = ?1) GROUP BY kind, key",
        owner,
    )
    return shown({Account(Kind(kind), owner, key): amount for kind, key, amount in found})


def gift_known(db: Database, fingerprint: str) -> bool:
    """Whether a gift card of that fingerprint was ever sold, as far as this till knows."""
    return any(account.kind is Kind.GIFT for account in balances(db, fingerprint))


def stopped_gifts(db: Database, fingerprints: Iterable[str], *, today: str) -> frozenset[str]:
    """Those of these gift cards that are blocked or expired, whatever is on them.

    Args:
        db: the terminal's file.
        fingerprints: of the cards.
        today: ISO; empty: the clock can't be trusted, and nothing expires by a guess.
    """
    return frozenset(
        fingerprint
        for fingerprint in fingerprints
        if db.row(
            "SELECT 1 FROM gift_now WHERE fingerprint = ?"
            " AND (blocked OR (expires_on <> '' AND expires_on <= ?))",
            *(fingerprint, today),
        )
    )


def recent_sales(db: Database, customer_id: str, most: int = RECENT_SALES) -> tuple[SaleSeen, ...]:
    """A person's last sales in any shop, newest first."""
    found = [
        SaleSeen(id=i, customer=one, wall_ms=wall_ms, points=points)
        for one in (customer_id, *merged.others(db, customer_id))
        for i, wall_ms, points in db.rows(
            "SELECT id, wall_ms, points FROM recent_now WHERE customer = ?"
            " ORDER BY wall_ms DESC, id DESC LIMIT ?",
            *(one, most),
        )
    ]
    return tuple(sorted(found, key=lambda sale: (sale.wall_ms, sale.id), reverse=True)[:most])


def last_visit(db: Database, customer_id: str, *, now: Stamp) -> float | None:
    """Seconds since this till counted a visit of the person; None: never.

    Within one boot the monotonic clock tells, whatever the wall clock did meanwhile.
    """
    ago_s = []
    for one in (customer_id, *merged.others(db, customer_id)):
        found = db.row("SELECT boot, mono_ms, wall_ms FROM visit WHERE customer = ?", one)
        if found:
            boot, mono_ms, wall_ms = found
            ago_ms = now.mono_ms - mono_ms if boot == now.boot_id else now.wall_ms - wall_ms
            ago_s.append(float(ago_ms) / 1000)
    return min(ago_s, default=None)


# ── feed items ──────────────────────────────────────────────────────────────────────────────────


def apply(db: Database, item: Item, *, side: int | None = None) -> None:
    """Let a feed item take effect, in the transaction that moves the cursor past it.

    Args:
        side: of the replica; None: the one that is read.

    Raises:
        BadRow, ValueError, OverflowError: the item can't be kept.
    """
    if side is None:
        side = side_in_use(db)
    match item:
        case ShopIs():
            _put(db, "fact", side, "shop", encode_item(item))
        case ProgrammeIs():
            _put(db, "fact", side, "programme", encode_item(item))
        case StaffIs():
            row = (item.id, item.name, item.pin, int(item.manager), item.badge)
            _put(db, "staff", side, *row)
        case CategoryIs(gone=True):
            db.run("DELETE FROM category WHERE side = ? AND id = ?", side, item.id)
        case CategoryIs():
            _put(db, "category", side, item.id, item.name, item.rank)
        case ProductIs(gone=True):
            db.run("DELETE FROM product WHERE side = ? AND id = ?", side, item.id)
        case ProductIs():
            values = (item.id, item.category, item.name, item.cents, item.ean, item.rank)
            _put(db, "product", side, *values)
        case CustomerIs():
            _put_customer(db, side, item)
        case BalanceIs(account=account):
            _put(db, "balance", side, account.owner, account.kind, account.key, item.balance)
        case GiftCardIs():
            _put(db, "gift", side, item.fingerprint, int(item.blocked), item.expires_on)
        case GiftOffersAre():
            _put(db, "fact", side, "gift_offers", encode_item(item))
        case RewardPhotoIs():
            photos.keep(db, item, side=side)
        case SaleSeen():
            _put_recent(db, side, item)
        case Covered():
            own.cover(db, item)
        case Granted():
            own.grant(db, item)
        case Heard():
            own.hear(db, item, allowance_cents=policy(db).terminal_cents)
        case CallIn(order=order):
            db.run("INSERT OR IGNORE INTO calling VALUES (?)", order)
        case Recalled():
            own.recall(db, item)
        case TillMay():
            _put(db, "fact", side, "till_may", encode_item(item))
        case CardNumbers():
            db.run(
                "INSERT OR IGNORE INTO card_block VALUES (?, ?, ?)",
                item.first,
                item.last,
                item.first,
            )


def opted_in(db: Database, customer_id: str, *, side: int) -> None:
    """They joined at this till: known here before the hub has said it back."""
    db.run("UPDATE customer SET member = 1 WHERE side = ? AND id = ?", side, customer_id)


def side_in_use(db: Database) -> int:
    """The side of the replica that look-ups read."""
    found = db.row("SELECT value FROM setting WHERE name = 'side'")
    return int(found[0]) if found else 0


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _put(db: Database, table: str, *values: object) -> None:
    marks = ", ".join("?" * len(values))
    db.run(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", *values)  # noqa: S608 (our own names)


def _put_customer(db: Database, side: int, item: CustomerIs) -> None:
    db.run("DELETE FROM code WHERE side = ? AND customer = ?", side, item.id)
    db.run("DELETE FROM contact WHERE side = ? AND customer = ?", side, item.id)
    for code in item.blocked:
        _put(db, "code", side, code, item.id, 1)
    if item.gone:
        forgetting.forget(db, item.id, side=side)
        return
    words = fold(f"{item.first_name} {item.initial}")
    names = (item.id, item.first_name, item.initial, words, item.of)
    standing = (int(item.member), int(item.pro), item.tier, item.figure)
    _put(db, "customer", side, *names, *standing)
    for code in item.codes:
        _put(db, "code", side, code, item.id, 0)
    for contact_hash in item.hashes:
        _put(db, "contact", side, contact_hash, item.id)


def _put_recent(db: Database, side: int, item: SaleSeen) -> None:
    """Add a sale and forget what is older than the last three.

    The hub may have dated it anew, by a clock it trusts more: it is the same sale all the same.
    """
    kept = db.rows(
        "SELECT wall_ms, id FROM recent WHERE side = ? AND customer = ?", side, item.customer
    )
    others = [sale for sale in kept if sale[1] != item.id]
    newest = sorted([*others, (item.wall_ms, item.id)])[-RECENT_SALES:]
    for wall_ms, sale in kept:
        if (wall_ms, sale) not in newest:
            db.run(
                "DELETE FROM recent WHERE side = ? AND customer = ? AND wall_ms = ? AND id = ?",
                *(side, item.customer, wall_ms, sale),
            )
    if (item.wall_ms, item.id) in newest:
        _put(db, "recent", side, item.customer, item.wall_ms, item.id, item.points)


def _fact(db: Database, name: str) -> Item | None:
    found = db.row("SELECT raw FROM fact_now WHERE name = ?", name)
    return _decoded(found[0]) if found else None


@lru_cache(maxsize=8)
def _decoded(raw: bytes) -> Item | None:
    """An item of these bytes: a sale reads the same few again and again, and they are frozen."""
    return decode_item(raw)


def _product(row: tuple[Any, ...]) -> ProductIs:
    found, category, name, cents, ean, rank = row
    return ProductIs(id=found, category=category, name=name, cents=cents, ean=ean, rank=rank)
