# SPDX-License-Identifier: Apache-2.0
"""Getting in, and what surrounds every page, in a browser (SPEC A2 to A10)."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from hub.billing import book
from hub.billing.models import Kind
from hub.merchants import links
from hub.merchants.models import Person
from tests.hub.console.browsing import next_code
from tests.hub.console.web.conftest import Reads
from tests.hub.console.world import PASSWORD, World
from tests.reader import Reader

EMAIL, STRONG = "marie@fournil.example", "Levain-2026"


def sign_in(me: Reader, email: str, password: str) -> None:
    me.go("/connexion/")
    me.type("Adresse e-mail", email)
    me.tab.get_by_label(me.said("Mot de passe"), exact=True).fill(password)
    me.press("Se connecter")


def mailed() -> str:
    """The link of the newest mail, which stands at its top."""
    links.send_due()
    return mail.outbox[-1].body.splitlines()[0]


def sections(me: Reader) -> list[str]:
    return [words.strip() for words in me.panel.get_by_role("link").all_inner_texts()]


@pytest.mark.row("A1", "A2", "A6")
def test_who_signs_up_is_told_what_the_password_lacks_and_let_in_by_the_mail_alone(
    reads: Reads,
) -> None:
    me = reads()
    me.go("/inscription/")
    me.type("Nom du commerce", "Le Fournil de Marie")
    me.type("Votre nom", "Marie Payet")
    me.type("Adresse e-mail", EMAIL)
    password = me.tab.get_by_label(me.said("Mot de passe"), exact=True)
    password.fill("levain")
    me.press("Créer mon compte")
    lacks = ("8 caractères au moins", "une majuscule", "un chiffre", "un caractère spécial")
    parts = ", ".join(me.words.gettext(part) for part in lacks)
    expect(me.tab.get_by_text(me.said("Il manque : %(parts)s.", parts=parts))).to_be_visible()
    password.fill(STRONG)
    me.press("Créer mon compte")
    me.wait("Un e-mail est en route")
    sign_in(me, EMAIL, STRONG)
    expect(me.tab.get_by_role("alert")).to_be_visible()
    me.tab.goto(link := mailed())
    me.press("Activer mon compte")
    me.wait("Votre compte est activé : connectez-vous.")
    sign_in(me, EMAIL, STRONG)
    me.wait("Ouvrez votre première boutique")
    other = reads()
    other.tab.goto(link)
    other.wait("Ce lien ne sert plus")


@pytest.mark.row("A2", "A3", "A6", "B1")
def test_a_shops_account_is_opened_by_its_own_mail_and_sees_its_shop_alone(
    reads: Reads, world: World
) -> None:
    world.paul.email = "saint-paul@lucet.example"
    world.paul.save()
    me = reads(world.isabelle)
    me.open("Boutiques")
    me.follow("Saint-Paul")
    me.press("Ouvrir son compte")
    me.wait("attend qu’on suive le lien reçu par e-mail")
    shop = reads()
    shop.tab.goto(mailed())
    shop.tab.get_by_label(shop.said("Nouveau mot de passe"), exact=True).fill(STRONG)
    shop.press("Garder ce mot de passe")
    sign_in(shop, world.paul.email, STRONG)
    shop.panel.wait_for()
    seen = ("Caisse", "Clients", "Cartes cadeaux", "Transactions", "Rendez-vous", "Rapports")
    assert sections(shop) == [shop.said(name) for name in seen]
    answers = [shop.tab.goto(shop.hub + page) for page in ("/boutiques/", "/commerces/")]
    assert [answer.status for answer in answers if answer] == [403, 403]


@pytest.mark.row("A4")
def test_sections_stand_on_the_left_and_credits_and_ones_profile_at_the_top_right(
    reads: Reads, world: World
) -> None:
    for kind, amount in ((Kind.SMS, 250), (Kind.EMAIL, 40)):
        by = {"reason": "Bienvenue", "person_id": world.odile.pk}
        book.give(world.lucet.pk, kind, amount=amount, **by)
    me = reads(world.isabelle)
    me.go("/clients/")
    first = ("Tableau de bord", "Caisse", "Boutiques")
    assert sections(me)[:3] == [me.said(name) for name in first]
    left = me.tab.get_by_role("link", name=re.compile(me.said("Crédits qui restent :")))
    expect(left).to_contain_text(re.compile(rf"250 SMS.*40 {me.words.gettext('e-mails')}"))
    width = me.tab.evaluate("innerWidth")
    panel, top = (place.bounding_box() or {} for place in (me.panel, left))
    assert panel["x"] + panel["width"] < width / 4
    assert top["x"] > width / 2
    assert top["y"] < 3 * top["height"]
    me.tab.get_by_text("Isabelle Lucet").first.click()
    me.tab.get_by_role("link", name=me.said("Mon profil")).click()
    expect(me.tab.locator("h1")).to_have_text(me.said("Profil"))


@pytest.mark.row("A5")
def test_a_section_explains_itself_once_and_the_help_page_again(reads: Reads, world: World) -> None:
    Person.objects.filter(pk=world.isabelle.pk).update(explained=[])
    me = reads(world.isabelle)
    me.go("/clients/")
    told = me.tab.get_by_role("dialog")
    expect(told).to_be_visible()
    with me.tab.expect_response("**/aide/vu/"):
        me.press("J’ai compris")
    expect(told).to_be_hidden()
    me.go("/clients/")
    expect(told).to_be_hidden()
    me.tab.get_by_role("link", name=me.said("Aide")).first.click()
    expect(told).to_be_visible()
    me.go("/aide/")
    me.follow("Clients")
    expect(me.tab.locator("#customers")).to_be_in_viewport()
    me.follow("Haut de page")
    expect(me.tab.get_by_role("heading", name=me.said("Aide"), exact=True)).to_be_in_viewport()


@pytest.mark.row("A9")
def test_a_second_factor_is_asked_for_and_every_other_browser_signed_out(
    reads: Reads, world: World
) -> None:
    me = reads()
    sign_in(me, world.odile.email, PASSWORD)
    me.tab.get_by_role("textbox").fill(next_code())
    me.press("Entrer")
    expect(me.tab.locator("h1")).to_have_text(me.said("Commerces"))
    elsewhere, here = reads(world.isabelle), reads(world.isabelle)
    elsewhere.go("/clients/")
    here.go("/profil/sessions/")
    expect(here.tab.get_by_text(here.said("Celle-ci"))).to_have_count(1)
    here.press("Fermer les autres")
    elsewhere.go("/clients/")
    expect(elsewhere.tab).to_have_url(re.compile("/connexion/"))
    here.go("/clients/")
    expect(here.tab.locator("h1")).to_have_text(here.said("Clients"))


@pytest.mark.row("A10")
def test_who_serves_has_a_name_and_a_code_and_each_act_its_author(
    reads: Reads, world: World
) -> None:
    me = reads(world.isabelle)
    me.open("Équipe")
    me.follow("Ajouter")
    me.type("Nom", "Aurélie")
    me.type("Code", "4826", hint="quatre chiffres")
    me.tab.get_by_role("checkbox", name=me.said("Responsable")).check()
    me.press("Enregistrer")
    expect(me.tab.get_by_role("row", name=re.compile("Aurélie"))).to_contain_text(
        me.said("Responsable")
    )
    me.open("Journal des actions")
    expect(me.tab.get_by_role("row").nth(1)).to_contain_text("Isabelle Lucet")
