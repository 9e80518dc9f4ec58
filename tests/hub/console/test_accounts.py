# SPDX-License-Identifier: Apache-2.0
"""Sign up, follow the link of the mail, forget a password: nobody learns who has an account."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from hub.merchants import links, outgoing
from hub.merchants.mailed import Link
from hub.merchants.models import Merchant, Person
from tests.hub.console.world import PASSWORD, World

MARIE = {
    "business": "Le Fournil de Marie",
    "name": "Marie Payet",
    "zone": "Indian/Reunion",
    "email": "Marie@fournil.example",
    "password": "Levain-2026",
}
NEW = "Brioche-2027"


def mailed() -> list[str]:
    """The links that were mailed meanwhile, oldest first."""
    mail.outbox.clear()
    links.send_due()
    found = []
    for letter in mail.outbox:
        first, *_ = letter.body.splitlines()
        assert re.fullmatch(r"http://testserver/lien/[\w-]{43}/", first), "the link comes first"
        found.append(first.removeprefix("http://testserver"))
    return found


def signed_in(email: str, password: str) -> bool:
    answer = Client().post("/connexion/", {"username": email, "password": password})
    return answer.status_code == 302


def text(answer) -> str:
    return answer.content.decode()


# ── signing up ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("A1", "A2")
def test_a_merchant_signs_up_and_is_let_in_once_the_link_was_followed(world: World) -> None:
    client = Client()
    answer = client.post("/inscription/", MARIE)
    assert "Un e-mail est en route" in text(answer)
    assert not signed_in(MARIE["email"], MARIE["password"])
    assert not Person.objects.filter(email__icontains="marie").exists()
    (link,) = mailed()
    assert mail.outbox[0].to == ["marie@fournil.example"]
    assert "Activer Le Fournil de Marie" in text(client.get(link))
    assert not signed_in(MARIE["email"], MARIE["password"]), "reading the page does nothing"
    answer = client.post(link, follow=True)
    assert "Votre compte est activé : connectez-vous." in text(answer)
    assert signed_in(MARIE["email"], MARIE["password"])
    marie = Person.objects.get(email="marie@fournil.example")
    assert (marie.role, marie.merchant.pk) == ("merchant", "le-fournil-de-marie")
    assert (marie.merchant.name, marie.merchant.zone) == (MARIE["business"], "Indian/Reunion")


@pytest.mark.row("A1")
@pytest.mark.parametrize("field", MARIE)
def test_every_field_is_required_and_says_so_beside_it(world: World, field: str) -> None:
    page = text(Client().post("/inscription/", MARIE | {field: ""}))
    assert f'id="id_{field}_errors"' in page
    assert page.count('class="errorlist"') == 1
    assert not Link.objects.exists()


@pytest.mark.row("A2")
def test_a_link_works_once(world: World) -> None:
    Client().post("/inscription/", MARIE)
    (link,) = mailed()
    Client().post(link)
    for answer in (Client().get(link), Client().post(link)):
        assert answer.status_code == 404
        assert "Ce lien ne sert plus" in text(answer)
    assert Merchant.objects.filter(name=MARIE["business"]).count() == 1


@pytest.mark.row("A2")
def test_a_link_lapses_after_two_days(world: World) -> None:
    Client().post("/inscription/", MARIE)
    (link,) = mailed()
    made = timezone.now() - links.LASTS
    Link.objects.update(made_at=made + timedelta(minutes=1))
    assert Client().get(link).status_code == 200
    Link.objects.update(made_at=made - timedelta(minutes=1))
    assert Client().post(link).status_code == 404


@pytest.mark.row("A2")
def test_a_link_is_sent_again_and_one_of_them_ends_the_others(world: World) -> None:
    Client().post("/inscription/", MARIE)
    (first,) = mailed()
    answer = Client().post("/lien/", {"email": MARIE["email"]})
    assert "Un e-mail est en route" in text(answer)
    (second,) = mailed()
    assert first != second
    assert Client().post(second).status_code == 302
    assert Client().post(first).status_code == 404
    assert signed_in(MARIE["email"], MARIE["password"])


@pytest.mark.row("A2")
def test_the_answer_is_the_same_whether_the_address_is_known_or_not(world: World) -> None:
    known = world.isabelle.email
    for path, body in (("/inscription/", MARIE), ("/lien/", {})):
        pages = [
            text(Client().post(path, body | {"email": email})).replace(email, "…")
            for email in (known, "nobody@nowhere.example")
        ]
        assert without_token(pages[0]) == without_token(pages[1])


def test_who_signs_up_again_is_told_by_mail_that_they_have_an_account(world: World) -> None:
    Client().post("/inscription/", MARIE | {"email": world.isabelle.email})
    (link,) = mailed()
    assert mail.outbox[0].subject == "Choisissez votre mot de passe Comptoir"
    assert "Choisir un mot de passe" in text(Client().get(link))
    assert signed_in(world.isabelle.email, PASSWORD), "the old one stays until then"


def test_nobody_is_flooded(world: World) -> None:
    for _ in range(5):
        Client().post("/lien/", {"email": world.isabelle.email})
    assert len(mailed()) == links.MOST_AN_HOUR
    Link.objects.update(made_at=timezone.now() - links.AN_HOUR)
    Client().post("/lien/", {"email": world.isabelle.email})
    assert len(mailed()) == 1


def test_two_businesses_of_one_name_are_two_merchants(world: World) -> None:
    for email in ("a@fournil.example", "b@fournil.example"):
        Client().post("/inscription/", MARIE | {"email": email})
    for link in mailed():
        Client().post(link)
    found = Merchant.objects.filter(name=MARIE["business"]).order_by("pk")
    assert [one.pk for one in found] == ["le-fournil-de-marie", "le-fournil-de-marie-2"]


def test_a_hub_of_ones_own_lets_nobody_sign_up(world: World, settings) -> None:
    settings.HUB_SIGN_UP = False
    assert Client().get("/inscription/").status_code == 404
    assert Client().post("/inscription/", MARIE).status_code == 404


@pytest.mark.parametrize(
    "page",
    ["/tableau/", "/boutiques/", "/clients/", "/programmes/", "/terminaux/", "/rendez-vous/"],
)
def test_a_new_merchant_begins_with_pages_that_say_what_is_not_there_yet(
    world: World, page: str, as_
) -> None:
    Client().post("/inscription/", MARIE)
    (link,) = mailed()
    Client().post(link)
    marie = as_(Person.objects.get(email="marie@fournil.example"))
    assert marie.get(page).status_code == 200


# ── the password ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("A6")
@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("court", "8 caractères au moins, une majuscule, un chiffre, un caractère spécial"),
        ("LEVAIN-2026", "une minuscule"),
        ("levain-2026", "une majuscule"),
        ("Levain-dur", "un chiffre"),
        ("Levain2026", "un caractère spécial"),
        ("Levain 2026", "un caractère spécial"),
    ],
)
def test_what_a_password_lacks_is_named(world: World, password: str, missing: str) -> None:
    page = text(Client().post("/inscription/", MARIE | {"password": password}))
    assert f"Il manque : {missing}." in page
    assert password not in page
    Client().post("/lien/", {"email": world.bruno.email})
    (link,) = mailed()
    assert f"Il manque : {missing}." in text(Client().post(link, {"password": password}))
    assert signed_in(world.bruno.email, PASSWORD)


@pytest.mark.row("A6")
def test_no_password_is_ever_mailed(world: World) -> None:
    Client().post("/inscription/", MARIE)
    Client().post("/lien/", {"email": world.isabelle.email})
    mailed()
    for letter in mail.outbox:
        assert MARIE["password"] not in letter.body
        assert PASSWORD not in letter.body
    assert MARIE["password"] not in str(list(Link.objects.values()))


@pytest.mark.row("A6")
def test_a_forgotten_password_is_chosen_anew_and_ends_every_session(
    world: World, isabelle: Client
) -> None:
    assert isabelle.get("/tableau/").status_code == 200
    Client().post("/lien/", {"email": world.isabelle.email.upper()})
    (link,) = mailed()
    answer = Client().post(link, {"password": NEW}, follow=True)
    assert "Votre mot de passe est changé : connectez-vous." in text(answer)
    assert signed_in(world.isabelle.email, NEW)
    assert not signed_in(world.isabelle.email, PASSWORD)
    assert isabelle.get("/tableau/").status_code == 302
    assert Client().post(link, {"password": PASSWORD}).status_code == 404


def test_who_was_locked_out_gets_in_with_a_new_password(world: World) -> None:
    for _ in range(10):
        signed_in(world.isabelle.email, "faux")
    assert not signed_in(world.isabelle.email, PASSWORD)
    Client().post("/lien/", {"email": world.isabelle.email})
    (link,) = mailed()
    Client().post(link, {"password": NEW})
    assert signed_in(world.isabelle.email, NEW)


def test_a_closed_account_is_opened_by_no_link(world: World) -> None:
    Person.objects.filter(pk=world.isabelle.pk).update(is_active=False)
    Client().post("/lien/", {"email": world.isabelle.email})
    Client().post("/inscription/", MARIE | {"email": world.isabelle.email})
    assert mailed() == []


def test_a_mail_is_in_the_language_of_the_page(world: World) -> None:
    headers = {"Accept-Language": "en"}
    Client().post("/inscription/", MARIE, headers=headers)
    mailed()
    assert mail.outbox[0].subject == "Activate your Comptoir account"


def test_a_mail_that_could_not_leave_is_sent_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client().post("/inscription/", MARIE)
    with monkeypatch.context() as down:
        down.setattr("django.core.mail.EmailMessage.send", refused)
        assert links.send_due() == 0
    assert mailed() == [], "another process may be sending it"
    Link.objects.update(claimed_at=timezone.now() - outgoing.CLAIM - timedelta(seconds=1))
    (link,) = mailed()
    assert Client().post(link).status_code == 302


def refused(_letter: object) -> None:
    raise ConnectionRefusedError


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
