# SPDX-License-Identifier: Apache-2.0
"""Who joins is asked whether they may be written to: on the web, at the till, by a file."""

import pytest
from django.test import Client

from hub.ledger.consents import Consent, Surface
from hub.ledger.models import Customer
from hub.ledger.staging import Import
from tests.hub.console.test_consents import answer
from tests.hub.console.test_customers import listed
from tests.hub.console.test_imports import MEMBERS, let, read, send
from tests.hub.console.test_records import create
from tests.hub.console.tilling import Page, code
from tests.hub.console.world import World

HEADS = "Prénom;Nom;E-mail;Carte;Accepte les e-mails;Accepte les SMS\n"


def told() -> list[tuple[str, str, bool, str]]:
    """Every proof: who, by what, what they said, and where."""
    rows = Consent.objects.order_by("pk").select_related("customer")
    return [(str(one.customer), one.channel, one.given, one.surface) for one in rows]


def agreed(customer: Customer) -> tuple[bool, bool]:
    customer.refresh_from_db()
    return customer.accepts_email, customer.accepts_sms


@pytest.mark.row("K3")
def test_who_is_registered_on_the_web_is_asked_and_no_box_is_ticked_before(
    world: World, isabelle: Client
) -> None:
    page = isabelle.get("/clients/ajouter/").content.decode()
    asked = "J’accepte de recevoir par e-mail les offres et les nouvelles de Maison Lucet."
    assert asked in page
    box = page[page.index('name="accepts_email"') : page.index(asked)]
    assert "checked" not in box
    create(isabelle, world, accepts_email="on")
    assert told() == [("Zoé Payet", "email", True, Surface.CONSOLE)]
    proof = Consent.objects.get()
    assert asked in proof.sentence
    assert (proof.said, proof.person) == ("Dit en s’inscrivant : Saint-Denis.", world.isabelle)
    assert agreed(Customer.objects.get(first_name="Zoé")) == (True, False)
    assert listed(isabelle, accepts="email") == ["Zoé Payet"]


def test_a_box_that_is_left_alone_is_no_answer(world: World, isabelle: Client) -> None:
    create(isabelle, world)
    assert told() == []


def test_who_is_registered_from_the_till_was_asked_there(world: World, bruno: Client) -> None:
    bruno.post("/clients/ajouter/?order=abc", {"first_name": "Zoé", "accepts_sms": "on"})
    assert told() == [("Zoé", "sms", True, Surface.TILL)]


@pytest.mark.row("K3")
def test_who_joins_at_a_till_on_the_web_is_asked_there(world: World, till: Page) -> None:
    Customer.objects.filter(pk=world.elodie.pk).update(member=False)
    assert "J’accepte de recevoir par SMS" in till.press("enter", q=code(world.elodie)).text
    assert "J’accepte" not in till.press("join", accepts_sms="on").text
    assert told() == [("Élodie Marchand", "sms", True, Surface.TILL)]
    assert agreed(world.elodie) == (False, True)


@pytest.mark.row("K3")
def test_who_joins_on_their_page_is_asked_there_of_what_they_did_not_agree_to(
    world: World, bruno: Client, isabelle: Client
) -> None:
    answer(isabelle, world.elodie, email="yes")
    Customer.objects.filter(pk=world.elodie.pk).update(member=False)
    page = bruno.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert ('name="accepts_sms"' in page, 'name="accepts_email"' in page) == (True, False)
    join = f"/clients/{world.elodie.pk}/adherer/"
    bruno.post(join, {"accepts_sms": "on"})
    assert told()[-1] == ("Élodie Marchand", "sms", True, Surface.CONSOLE)
    assert agreed(world.elodie) == (True, True)
    bruno.post(join, {"accepts_sms": "on"})
    assert len(told()) == 2, "who has joined is not asked again"


def test_who_agreed_already_is_not_asked_again_at_the_till(
    world: World, till: Page, isabelle: Client
) -> None:
    answer(isabelle, world.elodie, email="yes")
    Customer.objects.filter(pk=world.elodie.pk).update(member=False)
    page = till.press("enter", q=code(world.elodie)).text
    assert ("par SMS" in page, "par e-mail" in page) == (True, False)
    till.press("join")
    assert len(told()) == 1


@pytest.mark.row("M6")
def test_a_file_says_what_members_answered_and_is_the_proof_of_it(
    world: World, isabelle: Client
) -> None:
    card = code(world.elodie)
    page = read(isabelle, MEMBERS, HEADS + f"Zoé;Payet;;;1;0\nÉlodie;Marchand;;{card};1;\n")
    assert "Accepte les e-mails" in page
    assert told() == []
    let(isabelle)
    assert sorted(told()) == [
        ("Zoé Payet", "email", True, Surface.FILE),
        ("Zoé Payet", "sms", False, Surface.FILE),
        ("Élodie Marchand", "email", True, Surface.FILE),
    ]
    file = Import.objects.get()
    for proof in Consent.objects.all():
        assert (proof.said, proof.sentence) == ("Fichier « liste.csv ».", "")
        assert (proof.at, proof.person) == (file.made_at, world.isabelle)
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "phrase inconnue ici" in page
    assert "repris d’un fichier" in page


def test_a_file_never_lifts_a_refusal(world: World, isabelle: Client) -> None:
    answer(isabelle, world.elodie, email="no", sms="yes")
    line = f"Élodie;Marchand;;{code(world.elodie)};1;0\n"
    send(isabelle, MEMBERS, HEADS + line)
    let(isabelle)
    assert agreed(world.elodie) == (False, False)
    assert [one[1:] for one in told()[2:]] == [("sms", False, Surface.FILE)]


def test_what_was_said_after_a_file_was_sent_wins_over_it(world: World, isabelle: Client) -> None:
    send(isabelle, MEMBERS, HEADS + f"Élodie;Marchand;;{code(world.elodie)};0;\n")
    answer(isabelle, world.elodie, email="yes")
    let(isabelle)
    assert agreed(world.elodie) == (True, False)


def test_an_export_says_who_was_asked_and_what_they_answered(
    world: World, isabelle: Client
) -> None:
    zoe = world.till.join("Zoé", "Payet", serial=1)
    answer(isabelle, world.elodie, email="yes", sms="no")
    text = b"".join(isabelle.get("/clients/?format=csv")).decode("utf-8-sig")
    heads, *lines = (line.split(";") for line in text.splitlines())
    place = heads.index("Accepte les e-mails")
    said = {line[1]: line[place : place + 2] for line in lines}
    assert (said["Élodie"], said[zoe.first_name]) == (["1", "0"], ["", ""])
    send(isabelle, MEMBERS, text)
    let(isabelle)
    assert len(told()) == 2
