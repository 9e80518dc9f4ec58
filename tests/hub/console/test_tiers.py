# SPDX-License-Identifier: Apache-2.0
"""Tiers are edited on their page, published with the rules, and shown on the customer's page."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hub.ledger.models import Customer
from hub.ledger.tiering import evaluate_due
from hub.programmes.publish import publish, published
from hub.programmes.tiers import Tier
from tests.hub.console.browsing import opened
from tests.hub.console.world import World, baguette

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "000000050001a5f645400000000049454e44ae426082"
)
COUNTED = {"criterion": "amount", "period": "all", "downgrade": "at_once", "warn_days": "30"}


@pytest.fixture
def three(world: World, isabelle: Client) -> dict[str, Tier]:
    isabelle.post("/statuts/commencer/")
    return {tier.name: tier for tier in Tier.objects.filter(merchant=world.lucet)}


def edit(client: Client, tier: Tier, **changes: object) -> str:
    known = {
        "name": tier.name,
        "threshold": f"{tier.threshold / 100:.2f}",
        "factor": "1",
        "colour": tier.colour,
        "description": tier.description,
    }
    url = f"/statuts/{tier.pk}/"
    return client.post(url, known | changes, follow=True).content.decode()


@pytest.mark.row("J2")
@pytest.mark.row("J3")
def test_a_merchant_begins_with_three_and_changes_everything(
    world: World, isabelle: Client, three: dict[str, Tier]
) -> None:
    page = isabelle.get("/statuts/").content.decode()
    assert [page.index(name) for name in three] == sorted(page.index(name) for name in three)
    assert list(three) == ["Bronze", "Argent", "Or"]
    for threshold in ("1\u202f000,00", "5\u202f000,00", "10\u202f000,00"):
        assert threshold in page.replace("\N{NO-BREAK SPACE}", "\u202f")
    page = edit(isabelle, three["Bronze"], name="Cuivre", threshold="500")
    assert "« Cuivre » est enregistré." in page
    isabelle.post(f"/statuts/{three['Or'].pk}/", {"act": "duplicate"})
    copy = Tier.objects.get(name="Or (copie)")
    assert copy.threshold == three["Or"].threshold
    assert (
        "« Argent » est supprimé."
        in isabelle.post(
            f"/statuts/{three['Argent'].pk}/", {"act": "delete"}, follow=True
        ).content.decode()
    )
    new = {"name": "Platine", "threshold": "20000", "factor": "2", "colour": "#15231E"}
    isabelle.post("/statuts/ajouter/", new)
    assert isabelle.post("/statuts/commencer/").status_code == 302
    names = list(Tier.objects.filter(merchant=world.lucet).values_list("name", flat=True))
    assert names == ["Cuivre", "Or", "Or (copie)", "Platine"]
    version = publish(world.lucet.pk)
    assert [(tier.name, tier.threshold, tier.factor_bp) for tier in version.tiers][::3] == [
        ("Cuivre", 500_00, 10_000),
        ("Platine", 20_000_00, 20_000),
    ]


@pytest.mark.row("J1")
@pytest.mark.parametrize("criterion", ["amount", "points", "visits", "orders", "segment"])
@pytest.mark.parametrize("period", ["all", "rolling", "year"])
def test_what_counts_is_chosen_and_published(
    world: World, isabelle: Client, three: dict[str, Tier], criterion: str, period: str
) -> None:
    page = isabelle.post("/statuts/", COUNTED | {"criterion": criterion, "period": period})
    assert page.status_code == 302
    page = isabelle.get("/statuts/").content.decode()
    assert re.search(rf'value="{criterion}" selected', page)
    assert re.search(rf'value="{period}" selected', page)
    publish(world.lucet.pk)
    plan = published(world.lucet.pk).tiering
    assert (plan.criterion, plan.period) == (criterion, period)
    form = isabelle.get(f"/statuts/{three['Or'].pk}/").content.decode()
    assert ('name="segment"' in form) == (criterion == "segment")


@pytest.mark.row("J4")
def test_a_tier_has_a_picture_a_colour_and_a_description(
    world: World, isabelle: Client, three: dict[str, Tier]
) -> None:
    gold = three["Or"]
    picture = SimpleUploadedFile("or.png", PIXEL, content_type="image/png")
    edit(isabelle, gold, colour="#6A4B00", description="Livré gratuitement.", image=picture)
    answer = isabelle.get(f"/statuts/{gold.pk}/image/")
    assert (answer.content, answer["Content-Type"]) == (PIXEL, "image/png")
    sheet = isabelle.get("/statuts/couleurs.css").text
    assert f".tier-{gold.pk}{{color:light-dark(#6A4B00," in sheet
    assert f'src="/statuts/{gold.pk}/image/"' in isabelle.get("/statuts/").content.decode()
    edit(isabelle, gold, no_image="on")
    assert isabelle.get(f"/statuts/{gold.pk}/image/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": ""}, "corrigez"),
        ({"colour": "#FFFF00"}, "Trop clair"),
        ({"colour": "rouge"}, "Une couleur"),
        ({"threshold": "-1"}, "corrigez"),
        ({"factor": "0"}, "corrigez"),
        ({"image": SimpleUploadedFile("x.png", b"<svg onload=alert(1)>")}, "PNG, JPEG ou WebP."),
        ({"image": SimpleUploadedFile("x.png", PIXEL + b"0" * 300_000)}, "300 Ko au plus."),
    ],
)
def test_what_can_t_be_is_refused_with_why(
    isabelle: Client, three: dict[str, Tier], changes: dict[str, object], why: str
) -> None:
    gold = three["Or"]
    assert why in edit(isabelle, gold, **changes)
    assert Tier.objects.get(pk=gold.pk).name == "Or"


def test_enter_in_the_name_of_a_tier_saves_it_and_presses_nothing_else(
    transactional_db: None, isabelle: Client, three: dict[str, Tier], live_server, browser: Browser
) -> None:
    page = opened(browser, live_server.url, isabelle)
    page.goto(f"{live_server.url}/statuts/{three['Or'].pk}/")
    page.get_by_label("Nom", exact=True).fill("Vermeil")
    page.get_by_label("Nom", exact=True).press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("« Vermeil » est enregistré.")
    page.context.close()


@pytest.mark.row("J7")
def test_the_customer_s_page_shows_how_far_the_next_tier_is(
    world: World, isabelle: Client, three: dict[str, Tier]
) -> None:
    Tier.objects.filter(pk=three["Bronze"].pk).update(threshold=40_00)
    Tier.objects.filter(pk=three["Argent"].pk).update(threshold=80_00)
    gold = three["Argent"]
    edit(isabelle, gold, threshold="80", description="Un café à chaque visite.")
    publish(world.lucet.pk)
    url = f"/clients/{world.elodie.pk}/"
    page = isabelle.get(url).content.decode()
    assert "Aucun statut encore." in page
    assert "Encore 40,00\N{NO-BREAK SPACE}€ jusqu’à « Bronze »" in page
    assert '<rect class="part" width="0"' in page
    world.till.sell(baguette(6000), customer=world.elodie)
    world.till.send()
    evaluate_due()
    page = isabelle.get(url).content.decode()
    assert f'class="tier-{three["Bronze"].pk}">Bronze</b>' in page
    assert '<rect class="part" width="50"' in page
    assert "Encore 20,00\N{NO-BREAK SPACE}€ jusqu’à « Argent »" in page
    world.till.sell(baguette(6000), customer=world.elodie)
    world.till.send()
    evaluate_due(now=timezone.now() + timedelta(days=1))
    assert "Un café à chaque visite." in isabelle.get(url).content.decode()


@pytest.mark.row("J11")
def test_a_tier_that_goes_is_announced_on_the_customer_s_page(
    world: World, isabelle: Client, three: dict[str, Tier]
) -> None:
    Tier.objects.filter(pk=three["Bronze"].pk).update(threshold=40_00)
    isabelle.post("/statuts/", COUNTED | {"period": "rolling", "warn_days": "40"})
    publish(world.lucet.pk)
    world.till.sell(baguette(6000), customer=world.elodie)
    world.till.send()
    now = timezone.now()
    evaluate_due(now=now)
    evaluate_due(now=now + timedelta(days=330))
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "sans nouvel achat." in page
    evaluate_due(now=now + timedelta(days=367))
    assert Customer.objects.get(pk=world.elodie.pk).tier == ""


def test_the_shop_s_own_people_may_look_at_pictures_and_change_nothing(
    world: World, isabelle: Client, bruno: Client, three: dict[str, Tier]
) -> None:
    gold = three["Or"]
    edit(isabelle, gold, image=SimpleUploadedFile("or.png", PIXEL, content_type="image/png"))
    assert bruno.get(f"/statuts/{gold.pk}/image/").status_code == 200
    assert bruno.get("/statuts/").status_code == 403
