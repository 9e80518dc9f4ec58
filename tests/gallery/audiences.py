# SPDX-License-Identifier: Apache-2.0
"""Segments of the sample merchant, and what its customers said of themselves."""

from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.merchants.models import Merchant


def describe(lucet: "Merchant", registered: list[Any], random: Random) -> str:
    """Let customers say who they are, and save some segments; gives the one to show."""
    from hub.campaigns.conditions import (
        BoughtCategory,
        BoughtNothing,
        HasPoints,
        HasSpent,
        IsAged,
        IsGender,
        LivesIn,
    )
    from hub.campaigns.models import Audience
    from hub.campaigns.tree import Block, Join, Tree
    from hub.ledger.models import Customer

    for one in registered:
        one.gender = random.choice(("f", "m", ""))
        one.postcode = random.choice(("97400", "97460", "97410", ""))
        one.birthday = f"{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        one.birth_year = random.randint(1940, 2005)
    Customer.objects.bulk_update(registered, ["gender", "postcode", "birthday", "birth_year"])
    bread, cakes = (lucet.categories.get(name=name).pk for name in ("Pain", "Pâtisserie"))
    women = Block(Join.ALL, (IsGender("f"), IsAged(least=True, years=40)))
    buyers = (
        BoughtCategory(did=True, article=bread, months=6),
        BoughtCategory(did=True, article=cakes),
    )
    loyal = Block(Join.ANY, (HasPoints(least=True, points=50), HasSpent(least=True, cents=100_00)))
    shown = Tree(Join.ALL, (women, Block(Join.ANY, buyers)))
    trees = {
        "Gourmandes de plus de 40 ans": shown,
        "Pas venus depuis 2 mois": Tree(Join.ALL, (Block(Join.ALL, (BoughtNothing(2),)),)),
        "Ouest et Sud, fidèles": Tree(
            Join.ALL, (Block(Join.ALL, (LivesIn("97460 97410"),)), loyal)
        ),
    }
    made = [
        Audience.objects.create(merchant=lucet, name=name, asks=tree.said())
        for name, tree in trees.items()
    ]
    return made[0].pk
