# SPDX-License-Identifier: Apache-2.0
"""Freeze the offer into a version that every till will decide with; keep the catalogue told."""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.utils import timezone

from hub.merchants import feed
from hub.merchants.words import plain
from hub.programmes.models import Category, Product, Reward, Rules
from hub.programmes.models import LoyaltyProgramme as Version
from hub.programmes.tiers import tiering_of, tiers_of
from loyalty.calendar import ExpiryKind, ExpiryRule, Window
from loyalty.feed import CategoryIs, ProductIs, ProgrammeIs
from loyalty.module import without
from loyalty.programme import GiftCardRule, LoyaltyProgramme, Options
from loyalty.programme import Reward as Frozen
from loyalty.wire import decode_item, encode_item

T = TypeVar("T", Category, Product)


class Changed(Exception):
    """The offer is not any more what was read before it was to be published; nothing was."""


def publish(
    merchant_id: str, *, at: datetime | None = None, read: str | None = None
) -> LoyaltyProgramme:
    """Make the offer, as it is edited now, the next version: tills use it for sales to come.

    Args:
        merchant_id: whose.
        at: when; now unless given.
        read: the digest of the offer that a person agreed to publish.

    Raises:
        Changed: the offer is another one by now.
    """
    with feed.writing(merchant_id) as out:
        newest = Version.objects.filter(merchant_id=merchant_id).first()
        version = newest.version + 1 if newest else 1
        if read is not None and digest(draft(merchant_id, version=version)) != read:
            raise Changed
        return _keep(out, _whole(rules_of(merchant_id), version=version), at=at or timezone.now())


def publish_again(out: feed.Writing) -> None:
    """Tell tills which modules there are, inside `feed.writing`: what was published, no edit."""
    newest = Version.objects.filter(merchant=out.merchant).first()
    if newest is None:
        return
    said, whole = _said(newest.body), _said(newest.whole or newest.body)
    if said and whole and said.without != without(whole, out.merchant.without).without:
        again = replace(whole, version=newest.version + 1)
        _keep(out, again, at=timezone.now())


def _keep(out: feed.Writing, whole: LoyaltyProgramme, *, at: datetime) -> LoyaltyProgramme:
    """Write a version, less the modules that the merchant does not have, and tell it."""
    programme = without(whole, out.merchant.without)
    Version.objects.create(
        merchant=out.merchant,
        version=programme.version,
        published_at=at,
        body=out.say(ProgrammeIs(programme)),
        whole=encode_item(ProgrammeIs(whole)) if programme.without else b"",
    )
    return programme


def draft(merchant_id: str, *, version: int, rules: Rules | None = None) -> LoyaltyProgramme:
    """The offer as it is edited now, as if it were that version; `rules`: those of a form."""
    rules = rules or rules_of(merchant_id)
    return without(_whole(rules, version=version), rules.merchant.without)


def _whole(rules: Rules, *, version: int) -> LoyaltyProgramme:
    """All that is edited, of whatever module it is."""
    merchant_id = rules.merchant_id
    rewards = Reward.objects.filter(merchant_id=merchant_id, archived=False).defer("photo", "tile")
    return LoyaltyProgramme(
        version=version,
        earn=rules.earn,
        rewards=tuple(
            frozen(reward, not_in_shops=[shop.pk for shop in reward.not_in_shops.all()])
            for reward in rewards.prefetch_related("not_in_shops")
        ),
        point_value_cents=rules.point_value_cents,
        visit_delay_s=rules.visit_delay_s,
        not_earning=tuple(rules.not_earning),
        windows=tuple(Window(**_tuples(window)) for window in rules.windows),
        pending_days=rules.pending_days,
        expiry=ExpiryRule(ExpiryKind(rules.expiry), rules.expiry_months),
        birthday_days=rules.birthday_days,
        tiers=tiers_of(merchant_id),
        tiering=tiering_of(merchant_id).plan,
        giftcards=GiftCardRule(
            months=rules.gift_months,
            single_purpose=rules.gift_single_purpose,
            vat_bp=rules.gift_vat_bp,
        ),
    )


def published(merchant_id: str, version: int | None = None) -> LoyaltyProgramme | None:
    """A version that was published, the newest unless one is named; None: there is none."""
    versions = Version.objects.filter(merchant_id=merchant_id)
    row = (versions if version is None else versions.filter(version=version)).first()
    return _said(row.body) if row else None


def _said(body: bytes | memoryview) -> LoyaltyProgramme | None:
    item = decode_item(bytes(body))
    return item.programme if isinstance(item, ProgrammeIs) else None


def frozen(reward: Reward, *, not_in_shops: Collection[str] = ()) -> Frozen:
    """The reward as a version says it."""
    return Frozen(
        id=reward.pk,
        kind=reward.kind,
        title=reward.title,
        cost=reward.cost,
        rate_bp=reward.rate_bp,
        gift_title=reward.gift_title,
        not_in_shops=tuple(sorted(not_in_shops)),
        terms=tuple(sorted(reward.terms.items())),
        options=Options(**_tuples(reward.options)),
    )


def has_unpublished(merchant_id: str) -> bool:
    """Whether the offer differs from what tills decide with."""
    newest = published(merchant_id)
    if newest is None:
        return Reward.objects.filter(merchant_id=merchant_id, archived=False).exists()
    return draft(merchant_id, version=newest.version) != newest


def digest(programme: LoyaltyProgramme) -> str:
    """Tells one state of an offer from another, whatever its version: who reads it acts on it."""
    return hashlib.sha256(encode_item(ProgrammeIs(replace(programme, version=0)))).hexdigest()[:32]


def rules_of(merchant_id: str) -> Rules:
    """The merchant's earning rule and delays as they are edited."""
    rules, _ = Rules.objects.select_related("merchant").get_or_create(merchant_id=merchant_id)
    return rules


def keep_category(merchant_id: str, **fields: Any) -> Category:  # noqa: ANN401 (of Category)
    """Add a category, or change the one whose `id` is given, and tell terminals."""
    with feed.writing(merchant_id) as out:
        return write_category(out, **fields)


def keep_product(merchant_id: str, **fields: Any) -> Product:  # noqa: ANN401 (of Product)
    """Add a product, or change the one whose `id` is given, and tell terminals."""
    with feed.writing(merchant_id) as out:
        return write_product(out, **fields)


def write_category(out: feed.Writing, **fields: Any) -> Category:  # noqa: ANN401 (of Category)
    """The same, inside `feed.writing`."""
    category = _kept(Category, out.merchant.pk, fields)
    out.say(category_item(category))
    return category


def write_product(out: feed.Writing, **fields: Any) -> Product:  # noqa: ANN401 (of Product)
    """The same, inside `feed.writing`."""
    product = _kept(Product, out.merchant.pk, fields)
    product.search = plain(f"{product.name} {product.ean}")
    product.save(update_fields=["search"])
    out.say(product_item(product))
    return product


def category_item(category: Category) -> CategoryIs:
    """What terminals know of it."""
    return CategoryIs(id=category.pk, name=category.name, rank=category.rank, gone=category.gone)


def product_item(product: Product) -> ProductIs:
    """What terminals know of it."""
    return ProductIs(
        id=product.pk,
        category=product.category_id,
        name=product.name,
        cents=product.cents,
        ean=product.ean,
        rank=product.rank,
        gone=product.gone,
        minutes=product.minutes,
    )


def _tuples(said: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples."""
    return {name: tuple(one) if isinstance(one, list) else one for name, one in said.items()}


def _kept(table: type[T], merchant_id: str, fields: dict[str, Any]) -> T:
    if "id" in fields:
        row, _ = table.objects.update_or_create(
            merchant_id=merchant_id, id=fields.pop("id"), defaults=fields
        )
        return row
    return table.objects.create(merchant_id=merchant_id, **fields)
