# SPDX-License-Identifier: Apache-2.0
"""What waits for the merchant stands on the dashboard, with the page that settles it."""

import pytest
from django.test import Client

from hub.ledger import stock
from hub.merchants import feed
from tests.hub.console.world import World


def todo(client: Client) -> str:
    return (
        client.get("/tableau/")
        .content.decode()
        .split("<h2>À traiter</h2>")[1]
        .split("<h2>Caisses")[0]
    )


@pytest.mark.parametrize(
    ("left", "words"),
    [(6, ""), (5, "Reste 5 : Croissant"), (0, "Épuisée : Croissant")],
)
def test_a_reward_that_runs_out_is_told_before_it_has(
    world: World, isabelle: Client, left: int, words: str
) -> None:
    reward = world.croissant
    reward.options = {"stock": True}
    reward.save()
    with feed.writing(world.lucet.pk) as out:
        stock.count(out, reward.pk, left, person_id=None)
    assert ("Croissant" in todo(isabelle)) == bool(words)
    assert words in todo(isabelle)
    if words:
        assert f"/programmes/{reward.pk}/" in todo(isabelle)


def test_a_reward_that_nobody_counts_or_offers_is_not(world: World, isabelle: Client) -> None:
    assert "Croissant" not in todo(isabelle)
    world.croissant.options, world.croissant.archived = {"stock": True}, True
    world.croissant.save()
    assert "Croissant" not in todo(isabelle)
