# SPDX-License-Identifier: Apache-2.0
"""Who fits a description now: found, counted, and said in words."""

import itertools
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.campaigns.conditions import Day, Names
from hub.campaigns.models import LONGEST_NAME, Audience
from hub.campaigns.tree import Block, Join, Tree
from hub.ledger import listings
from hub.ledger.models import Customer
from hub.merchants.models import Merchant
from hub.programmes.names import named
from hub.programmes.tiers import Tier

MOST: Final = 50
"""Audiences of one merchant: each is counted when they are listed."""


def today_of(merchant: Merchant) -> Day:
    """The day it is where the merchant is."""
    return Day(merchant, timezone.now().astimezone(ZoneInfo(merchant.zone)).date())


def members(tree: Tree, day: Day) -> QuerySet[Customer]:
    """Who fits: each person once, nobody who was anonymised."""
    return listings.customers(day.merchant).filter(tree.asked(day))


def number(tree: Tree, day: Day) -> int:
    """How many fit."""
    return members(tree, day).order_by().values("pk").count()


def numbers(trees: Mapping[str, Tree], day: Day) -> dict[str, int]:
    """How many fit each of these, in one query."""
    counts = {f"n{n}": Count("pk", filter=tree.asked(day)) for n, tree in enumerate(trees.values())}
    found = listings.customers(day.merchant).order_by().aggregate(**counts)
    return {key: found[f"n{n}"] for n, key in enumerate(trees)}


def names_of(merchant: Merchant, *trees: Tree) -> Names:
    """What shops and tiers are called, and what these say of the catalogue."""
    articles = {key for tree in trees for key in tree.articles}
    names = named(merchant, articles)
    for things in (merchant.shops, Tier.objects.filter(merchant=merchant)):
        names.update(things.order_by().values_list("pk", "name"))
    return names


def said(tree: Tree, names: Names) -> str:
    """The whole description as one sentence."""
    several = len(tree.blocks) > 1
    return _joint(tree.join).join(
        _block_said(block, names, inside=several) for block in tree.blocks
    )


def keep(audience: Audience, *, name: str, tree: Tree) -> bool:
    """Write it, the first time, too; False: another of its merchant has the name by now."""
    with transaction.atomic():
        Merchant.objects.select_for_update(no_key=True).get(pk=audience.merchant_id)
        if name in _taken(audience):
            return False
        audience.name, audience.asks = name, tree.said()
        audience.save()
        return True


def is_full(merchant: Merchant) -> bool:
    """Whether there are as many as can be listed."""
    return Audience.objects.filter(merchant=merchant).count() >= MOST


def duplicate(audience: Audience) -> Audience:
    """Another one like it, under a name that says so."""
    copy = Audience(merchant=audience.merchant)
    tails = (
        _(" (copie)") if n == 1 else _(" (copie %(n)s)") % {"n": n} for n in itertools.count(1)
    )
    names = (audience.name[: LONGEST_NAME - len(tail)] + tail for tail in tails)
    next(name for name in names if keep(copy, name=name, tree=audience.tree))
    return copy


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _taken(audience: Audience) -> set[str]:
    others = Audience.objects.filter(merchant=audience.merchant_id).exclude(pk=audience.pk)
    return set(others.values_list("name", flat=True))


def _block_said(block: Block, names: Names, *, inside: bool) -> str:
    said = _joint(block.join).join(one.words(names) for one in block.conditions)
    return f"({said})" if inside and len(block.conditions) > 1 else said


def _joint(join: Join) -> str:
    return _(" et ") if join is Join.ALL else _(" ou ")
