# SPDX-License-Identifier: Apache-2.0
"""Sign in, be slowed down, sign out; and pages that say in words what went wrong."""

import pytest
from django.test import Client

from tests.hub.console.world import PASSWORD, World


def sign_in(client: Client, email: str, password: str) -> object:
    return client.post("/connexion/", {"username": email, "password": password})


@pytest.mark.parametrize(
    ("email", "first_page"),
    [
        ("isabelle@lucet.example", "/tableau/"),
        ("bruno@lucet.example", "/caisse/"),
    ],
)
def test_each_account_begins_where_its_work_is(world: World, email: str, first_page: str) -> None:
    client = Client()
    assert sign_in(client, email.upper(), PASSWORD).status_code == 302
    assert client.get("/").url == first_page


def test_an_operator_begins_with_the_merchants(odile: Client) -> None:
    assert odile.get("/").url == "/commerces/"


def test_a_wrong_password_says_what_to_check_and_not_which_is_wrong(world: World) -> None:
    known = sign_in(Client(), "isabelle@lucet.example", "faux").content.decode()
    unknown = sign_in(Client(), "personne@lucet.example", "faux").content.decode()
    words = "L’adresse ou le mot de passe est faux"
    assert words in known
    assert words in unknown
    assert 'value="isabelle@lucet.example"' in known


def test_what_is_missing_is_said_beside_its_field(world: World) -> None:
    page = sign_in(Client(), "", "").content.decode()
    assert "Tapez votre adresse e-mail." in page
    assert "Tapez votre mot de passe." in page
    assert 'aria-describedby="id_username_errors"' in page


def test_who_guesses_is_stopped_in_words_even_with_the_right_password(world: World) -> None:
    client = Client()
    for _ in range(10):
        answer = sign_in(client, "isabelle@lucet.example", "faux")
    assert answer.status_code == 429
    assert "Trop d’essais" in answer.content.decode()
    assert "pendant 15 minutes" in answer.content.decode()
    assert sign_in(client, "isabelle@lucet.example", PASSWORD).status_code == 429
    assert sign_in(Client(), "bruno@lucet.example", PASSWORD).status_code == 302


def test_a_page_asked_for_before_signing_in_comes_after_it(world: World) -> None:
    client = Client()
    asked = client.get("/clients/?q=marchand")
    answer = client.post(asked.url, {"username": world.isabelle.email, "password": PASSWORD})
    assert answer.status_code == 302
    form = client.get(asked.url)
    assert form.status_code == 302  # signed in already


def test_a_page_of_another_site_is_no_place_to_go_after_signing_in(world: World) -> None:
    answer = Client().post(
        "/connexion/",
        {
            "username": world.isabelle.email,
            "password": PASSWORD,
            "next": "https://elsewhere.example/",
        },
    )
    assert answer.url == "/"


def test_signing_out_closes_the_door(isabelle: Client) -> None:
    assert isabelle.get("/tableau/").status_code == 200
    isabelle.post("/deconnexion/")
    assert isabelle.get("/tableau/").status_code == 302


def test_a_link_alone_signs_nobody_out(isabelle: Client) -> None:
    assert isabelle.get("/deconnexion/").status_code == 405
    assert isabelle.get("/tableau/").status_code == 200


def test_an_address_that_does_not_exist_says_so(isabelle: Client) -> None:
    answer = isabelle.get("/nulle-part/")
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.content.decode()


def test_a_page_for_another_account_says_so(bruno: Client) -> None:
    answer = bruno.get("/programmes/")
    assert answer.status_code == 403
    assert "Cette page n’est pas pour ce compte" in answer.content.decode()


def test_a_form_from_elsewhere_is_refused_in_words(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = sign_in(client, world.isabelle.email, PASSWORD)
    assert answer.status_code == 403
    assert "Cette page était ouverte depuis trop longtemps" in answer.content.decode()


def test_a_failure_of_the_hub_shows_no_trace(
    isabelle: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("hub.console.views.terminals.tills_of", broken)
    isabelle.raise_request_exception = False
    answer = isabelle.get("/terminaux/")
    assert answer.status_code == 500
    assert "Le hub n’a pas su répondre" in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_every_answer_carries_a_policy_without_inline_anything(isabelle: Client) -> None:
    for url in ("/tableau/", "/connexion/", "/nulle-part/"):
        policy = isabelle.get(url).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_page_left_open_after_signing_out_goes_whole_to_the_sign_in_page(world: World) -> None:
    answer = Client().get(
        "/tableau/vif/?seen=1",
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://testserver/tableau/?shop=saint-denis",
        },
    )
    assert answer.content == b""
    assert answer.headers["HX-Redirect"] == "/connexion/?next=/tableau/%3Fshop%3Dsaint-denis"
