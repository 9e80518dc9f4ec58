# SPDX-License-Identifier: Apache-2.0
"""The merchant's day: true figures, at once, and only true things to do."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from hub.programmes.publish import publish
from tests.hub.console.world import World, baguette, heard


def asked_again(client: Client, page: str) -> object:
    """Ask what the page itself asks every second."""
    url = re.search(r'hx-get="(/tableau/vif/[^"]+)"', page)
    assert url is not None
    return client.get(url[1].replace("&amp;", "&"))


def test_the_five_figures_are_those_of_today(world: World, isabelle: Client) -> None:
    world.till.visit(world.elodie)
    world.till.sell(baguette(1000), customer=world.elodie)
    world.till.sell(baguette(500))
    world.till.send()
    page = isabelle.get("/tableau/").content.decode()
    assert "<b>15,00\N{NO-BREAK SPACE}€</b>" in page  # sales
    assert "<b>2</b><span>dont 1 sans carte</span>" in page  # visits
    assert "<b>7,50\N{NO-BREAK SPACE}€</b>" in page  # basket
    assert "<b>1</b><span>1 créé à la caisse</span>" in page  # joined
    assert "<b>10</b><span>soit 0,10\N{NO-BREAK SPACE}€ à honorer</span>" in page  # points


def test_a_sale_is_on_the_page_the_next_time_it_asks(world: World, isabelle: Client) -> None:
    page = isabelle.get("/tableau/").content.decode()
    world.till.sell(baguette(4321))
    world.till.send()
    assert "43,21\N{NO-BREAK SPACE}€" in asked_again(isabelle, page).content.decode()


def test_a_page_that_is_up_to_date_is_sent_nothing(
    world: World, isabelle: Client, monkeypatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    page = isabelle.get("/tableau/").content.decode()
    assert asked_again(isabelle, page).status_code == 204


def test_a_till_that_changes_is_seen_without_any_sale(world: World, isabelle: Client) -> None:
    page = isabelle.get("/tableau/").content.decode()
    heard(world.till.terminal, printer="PaperOut", printer_since=timezone.now())
    fresh = asked_again(isabelle, page).content.decode()
    assert "Saint-Denis : plus de papier" in fresh


def test_one_shop_shows_its_own_figures(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(1000))
    world.till.send()
    world.till_of_paul.sell(baguette(300))
    world.till_of_paul.send()
    page = isabelle.get(f"/tableau/?shop={world.paul.pk}").content.decode()
    assert "3,00\N{NO-BREAK SPACE}€" in page
    assert "10,00\N{NO-BREAK SPACE}€" not in page
    assert f"shop={world.paul.pk}" in page  # and so it asks again


def test_today_is_compared_with_the_same_day_a_week_ago(world: World, isabelle: Client) -> None:
    now = timezone.now()
    world.till.sell(baguette(1000), at=now - timedelta(weeks=1, seconds=1))
    world.till.sell(baguette(1500), at=now)
    world.till.send()
    page = isabelle.get("/tableau/").content.decode()
    assert "+50\N{NO-BREAK SPACE}% sur" in page


def test_a_day_without_anything_to_do_says_so(world: World, isabelle: Client) -> None:
    assert "Rien n’attend." in isabelle.get("/tableau/").content.decode()


def test_an_offline_till_is_named_with_the_time_it_was_seen(world: World, isabelle: Client) -> None:
    heard(world.till.terminal, online=False)
    page = isabelle.get("/tableau/").content.decode()
    assert "Saint-Denis est hors ligne" in page
    assert "elle garde ses ventes" in page


def test_a_draft_waits_for_its_publication_and_no_longer(world: World, isabelle: Client) -> None:
    world.discount.cost = 150
    world.discount.save()
    assert (
        "version 2, les caisses ne l’ont pas encore" in isabelle.get("/tableau/").content.decode()
    )
    publish(world.lucet.pk)
    assert "Programme à publier" not in isabelle.get("/tableau/").content.decode()


def test_a_gift_card_sold_twice_is_to_be_looked_at(world: World, isabelle: Client) -> None:
    for till in (world.till, world.till_of_paul):
        till.sell_gift_card(2500, fingerprint="f" * 32, last4="04Q2")
        till.send()
    page = isabelle.get("/tableau/").content.decode()
    assert "Carte cadeau vendue deux fois" in page
    assert "n° …04Q2, 50,00\N{NO-BREAK SPACE}€ en tout" in page


def test_tills_that_are_alike_are_named_together(world: World, isabelle: Client) -> None:
    from hub.merchants.enrolment import enrol

    heard(enrol(world.denis, "saint-denis-2"))
    assert "Saint-Denis 1 et 2" in isabelle.get("/tableau/").content.decode()


def test_the_charts_carry_their_figures_as_text_and_no_style(
    world: World, isabelle: Client
) -> None:
    world.till.visit(world.elodie, at=timezone.now() - timedelta(days=3))
    world.till.sell(baguette(80300))
    world.till.send()
    page = isabelle.get("/tableau/").content.decode()
    assert ">803\N{NO-BREAK SPACE}€</text>" in page
    assert "style=" not in page
    assert "<script>" not in page
