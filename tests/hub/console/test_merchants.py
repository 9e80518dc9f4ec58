# SPDX-License-Identifier: Apache-2.0
"""The operator sees every merchant and reads within one."""

from django.test import Client

from tests.hub.console.world import ENTERING, World


def test_the_operator_sees_every_merchant(world: World, odile: Client) -> None:
    page = odile.get("/commerces/").content.decode()
    assert "Maison Lucet" in page
    assert "Librairie des Îles" in page
    assert "2 commerces" in page


def test_a_merchant_is_found_by_name(world: World, odile: Client) -> None:
    page = odile.get("/commerces/?q=lucet").content.decode()
    assert "Maison Lucet" in page
    assert "Librairie" not in page
    assert "Aucun commerce trouvé" in odile.get("/commerces/?q=xyzzy").content.decode()


def test_without_a_merchant_the_operator_is_sent_to_the_list(world: World, odile: Client) -> None:
    assert odile.get("/clients/").url == "/commerces/"


def test_the_operator_reads_one_merchant_at_a_time_and_leaves(world: World, odile: Client) -> None:
    odile.post("/commerces/librairie-des-iles/entrer/", ENTERING)
    page = odile.get("/clients/").content.decode()
    assert "Chloé" in page
    assert "Marchand" not in page
    assert "rien ne peut y être changé d’ici" in page
    odile.post("/commerces/quitter/")
    assert odile.get("/clients/").url == "/commerces/"


def test_the_operator_is_shown_no_button_that_would_be_refused(world: World, odile: Client) -> None:
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    assert "/boutiques/ajouter/" not in odile.get("/boutiques/").content.decode()
    assert "/programmes/ajouter/" not in odile.get("/programmes/").content.decode()
    assert "/cartes-cadeaux/creer/" not in odile.get("/cartes-cadeaux/").content.decode()
    assert "Publier" not in odile.get(f"/programmes/{world.discount.pk}/").content.decode()
