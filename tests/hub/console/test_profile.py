# SPDX-License-Identifier: Apache-2.0
"""One's own account: name, address, password, and where one is signed in."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from hub.merchants import links, sessions
from hub.merchants.models import Person
from hub.merchants.signing import OpenSession
from tests.hub.console.test_accounts import without_token
from tests.hub.console.world import PASSWORD, World

NEW = "Brioche-2027"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in(person: Person, agent: str = FIREFOX, address: str = "192.0.2.1") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    client.post("/connexion/", {"username": person.email, "password": PASSWORD})
    return client


def open_for(client: Client) -> bool:
    return client.get("/profil/").status_code == 200


def mailed() -> str:
    mail.outbox.clear()
    links.send_due()
    (letter,) = mail.outbox
    return letter.body.splitlines()[0].removeprefix("http://testserver")


def test_a_name_is_changed_and_stands_on_every_page(world: World, isabelle: Client) -> None:
    empty = isabelle.post("/profil/", {"name": " "}).content.decode()
    assert "Comment vous appelez-vous ?" in empty
    isabelle.post("/profil/", {"name": "Isabelle Fontaine"})
    assert "Isabelle Fontaine" in isabelle.get("/tableau/").content.decode()


def test_a_new_address_holds_once_its_link_was_followed_and_the_old_one_is_told(
    world: World,
) -> None:
    client = signed_in(world.isabelle)
    wrong = client.post("/profil/adresse/", {"email": "i@neuve.example", "current": "faux"})
    assert "Ce n’est pas votre mot de passe." in wrong.content.decode()
    client.post("/profil/adresse/", {"email": "I@Neuve.example", "current": PASSWORD})
    url = mailed()
    assert mail.outbox[0].to == ["i@neuve.example"]
    assert "isabelle@lucet.example" in client.get("/profil/").content.decode()
    Client().post(url)
    assert mail.outbox[1].to == ["isabelle@lucet.example"]
    assert "i@neuve.example" in mail.outbox[1].body
    assert "i@neuve.example" in client.get("/profil/").content.decode()
    assert Client().post(url).status_code == 404


def test_nobody_learns_by_changing_theirs_that_somebody_has_an_address(world: World) -> None:
    client = signed_in(world.isabelle)
    answers = []
    for email in (world.charlotte.email, "personne@nulle.example"):
        answer = client.post("/profil/adresse/", {"email": email, "current": PASSWORD})
        answers.append(without_token(answer.content.decode()).replace(email, "…"))
    assert answers[0] == answers[1]
    mailed()
    assert mail.outbox[0].to == ["personne@nulle.example"]


def test_an_address_that_somebody_took_meanwhile_is_theirs(world: World) -> None:
    client = signed_in(world.isabelle)
    client.post("/profil/adresse/", {"email": "libre@nulle.example", "current": PASSWORD})
    url = mailed()
    Person.objects.filter(pk=world.charlotte.pk).update(email="libre@nulle.example")
    assert Client().post(url).status_code == 404


@pytest.mark.row("A6", "A9")
def test_a_new_password_is_by_the_rule_and_ends_the_other_sessions(world: World) -> None:
    here, there = signed_in(world.isabelle), signed_in(world.isabelle, IPHONE)
    weak = here.post("/profil/mot-de-passe/", {"current": PASSWORD, "password": "brioche"})
    assert "Il manque : 8 caractères au moins, une majuscule" in weak.content.decode()
    assert open_for(there)
    here.post("/profil/mot-de-passe/", {"current": PASSWORD, "password": NEW})
    assert open_for(here)
    assert not open_for(there)


@pytest.mark.row("A6")
def test_a_shops_account_changes_its_password_by_the_same_rule(world: World) -> None:
    client = signed_in(world.bruno)
    weak = client.post("/profil/mot-de-passe/", {"current": PASSWORD, "password": "Brioche!"})
    assert "Il manque : un chiffre." in weak.content.decode()
    client.post("/profil/mot-de-passe/", {"current": PASSWORD, "password": NEW})
    assert open_for(client)


def test_guessing_the_password_of_an_open_browser_ends_too(world: World) -> None:
    client = signed_in(world.isabelle)
    for n in range(10):
        answer = client.post("/profil/mot-de-passe/", {"current": f"faux{n}", "password": NEW})
    assert answer.status_code == 429


@pytest.mark.row("A9")
def test_sessions_are_listed_in_words_and_one_is_ended(world: World) -> None:
    here, phone = signed_in(world.isabelle), signed_in(world.isabelle, IPHONE, "198.51.100.4")
    page = here.get("/profil/sessions/").content.decode()
    assert "Firefox sur Windows" in page
    assert "Safari sur iPhone" in page
    assert "198.51.100.4" in page
    assert page.count("Celle-ci") == 1
    (end,) = re.findall(r'name="end" value="(\d+)"', page)
    here.post("/profil/sessions/", {"end": end})
    assert not open_for(phone)
    assert open_for(here)
    assert "Safari sur iPhone" not in here.get("/profil/sessions/").content.decode()


@pytest.mark.row("A9")
def test_sign_out_everywhere_is_everywhere(world: World) -> None:
    here, phone = signed_in(world.isabelle), signed_in(world.isabelle, IPHONE)
    other = signed_in(world.charlotte)
    here.post("/profil/sessions/", {"end": "all"})
    assert not open_for(here)
    assert not open_for(phone)
    assert open_for(other)


def test_the_others_end_and_this_one_stays(world: World) -> None:
    here, phone = signed_in(world.isabelle), signed_in(world.isabelle, IPHONE)
    page = here.post("/profil/sessions/", {"end": "others"}, follow=True).content.decode()
    assert "1 session fermée." in page
    assert not open_for(phone)
    assert open_for(here)


def test_nobody_ends_anothers_session(world: World) -> None:
    charlotte = signed_in(world.charlotte)
    theirs = OpenSession.objects.get(person=world.charlotte)
    signed_in(world.isabelle).post("/profil/sessions/", {"end": theirs.pk})
    assert open_for(charlotte)


def test_what_has_ended_is_tidied_away(world: World) -> None:
    here, gone = signed_in(world.isabelle), signed_in(world.isabelle)
    gone.post("/deconnexion/")
    assert sessions.tidy() == 1
    assert OpenSession.objects.count() == 1
    assert open_for(here)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (IPHONE, "Safari sur iPhone"),
        (
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko)"
                " Chrome/140.0.0.0 Mobile Safari/537.36"
            ),
            "Chrome sur Android",
        ),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like"
                " Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
            ),
            "Edge sur Mac",
        ),
        ("curl/8.1", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_browser_is_named_as_people_name_it(agent: str, words: str) -> None:
    assert sessions.device(agent) == words


def test_an_operator_has_a_profile_outside_any_merchant(
    world: World, as_: Callable[[Person], Client]
) -> None:
    page = as_(world.odile).get("/profil/").content.decode()
    assert "Exploitant du hub" in page
    assert "Codes de secours, téléphone" in page
