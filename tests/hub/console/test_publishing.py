# SPDX-License-Identifier: Apache-2.0
"""What the next version would change is read before it is published; versions stay as they were."""

import re

import pytest
from django.test import Client

from hub.programmes.models import LoyaltyProgramme, Reward
from hub.programmes.publish import rules_of
from tests.hub.console.test_programmes import form, publish, text, version
from tests.hub.console.world import World, baguette, reward


def said(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.row("C23")
def test_what_a_version_changes_is_said_in_words_before_it_is_published(
    world: World, isabelle: Client
) -> None:
    isabelle.post(f"/programmes/{world.discount.pk}/", form(world, title="Remise", cost="150"))
    reward(world.lucet, "gift", "Café", cost=60, gift_title="Café")
    isabelle.post(f"/programmes/{world.cashback.pk}/", {"act": "archive"})
    rules = rules_of(world.lucet.pk)
    rules.earn_points = 2
    rules.save()
    page = said(text(isabelle.get("/programmes/publier/")))
    assert "Ce que change la version 2" in page
    assert "Coût 200 points 150 points" in page
    assert "Titre lu par le client Remise de 10 % Remise" in page
    assert "Café nouvelle" in page
    assert "Cagnotte 3 % n’est plus proposée" in page
    assert "Chaque pas 1 point pour 1,00 € 2 points pour 1,00 €" in page
    assert "Croissant" not in page  # nothing changes for it
    assert version(world).version == 1
    assert "La version 2 est publiée" in text(publish(isabelle))
    assert version(world).version == 2


def test_what_changed_since_it_was_read_is_not_published_unread(
    world: World, isabelle: Client
) -> None:
    isabelle.post(f"/programmes/{world.discount.pk}/", form(world, cost="150"))
    page = text(isabelle.get("/programmes/publier/"))
    read = re.search(r'name="read" value="(\w+)"', page)
    assert read
    isabelle.post(f"/programmes/{world.discount.pk}/", form(world, cost="100"))
    answer = isabelle.post("/programmes/publier/", {"read": read[1]})
    assert "L’offre a changé depuis cet aperçu : relisez-le." in text(answer)
    assert "100 points" in said(text(answer))
    assert version(world).version == 1


@pytest.mark.row("C23")
def test_every_version_is_kept_with_what_it_said_and_changed(
    world: World, isabelle: Client
) -> None:
    isabelle.post(f"/programmes/{world.discount.pk}/", form(world, cost="150"))
    publish(isabelle)
    listed = said(text(isabelle.get("/programmes/versions/")))
    assert re.search(r"Version 2 .* aux caisses Version 1 .* remplacée", listed)
    second = said(text(isabelle.get("/programmes/versions/2/")))
    assert "Coût : 200 points → 150 points" in second
    assert "C’est elle que les caisses appliquent." in second
    first = said(text(isabelle.get("/programmes/versions/1/")))
    assert "Coût 200 points" in first
    assert "Les ventes faites par elle le disent, et ne changent plus." in first
    assert isabelle.get("/programmes/versions/3/").status_code == 404


@pytest.mark.row("C23")
def test_a_sale_keeps_what_it_earned_by_the_version_of_its_time(
    world: World, isabelle: Client
) -> None:
    world.till.sell(baguette(1000), customer=world.elodie)
    world.till.send()
    before = said(text(isabelle.get(f"/clients/{world.elodie.pk}/")))
    assert "10 points" in before or "+10" in before
    rules = rules_of(world.lucet.pk)
    rules.earn_points = 9
    rules.save()
    publish(isabelle)
    after = said(text(isabelle.get(f"/clients/{world.elodie.pk}/")))
    assert after == before


def test_a_type_that_this_hub_does_not_know_is_shown_by_its_name(
    world: World, isabelle: Client
) -> None:
    LoyaltyProgramme.objects.filter(merchant=world.lucet).update(
        body=bytes(LoyaltyProgramme.objects.get(merchant=world.lucet).body).replace(
            b'"kind":"discount"', b'"kind":"lottery"'
        )
    )
    page = said(text(isabelle.get("/programmes/versions/1/")))
    assert "Type lottery" in page
    assert Reward.objects.filter(kind="lottery").count() == 0
