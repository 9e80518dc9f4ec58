# SPDX-License-Identifier: Apache-2.0
"""The second factor: set up with a phone, asked for at the door, replaced when the phone is lost."""

import base64
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, expect

from hub.merchants import factor
from hub.merchants.deeds import Deed, Did
from hub.merchants.models import Person
from tests.hub.console.browsing import opened
from tests.hub.console.world import ENTERING, PASSWORD, PHONE, World

BECAUSE = "Appelée au numéro du contrat, téléphone volé"


def code(secret: bytes, *, steps: int = 0) -> str:
    """What a phone shows, so many half minutes from now."""
    return factor._code(secret, factor._step_now() + steps)


def at_the_door(person: Person, **headers: str) -> Client:
    """A browser in which the password was typed."""
    client = Client(**headers)
    client.post("/connexion/", {"username": person.email, "password": PASSWORD})
    return client


def shown(page: str) -> bytes:
    """The secret that the page gives to be typed."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return base64.b32decode(found[1].replace(" ", ""))


def recovery(page: str) -> list[str]:
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>", page)


def enrolled(client: Client) -> tuple[bytes, list[str]]:
    """Set a second factor up on its page; gives the phone's secret and the recovery codes."""
    secret = shown(client.get("/profil/second-facteur/").content.decode())
    answer = client.post("/profil/second-facteur/", {"code": code(secret, steps=-1)})
    codes = recovery(answer.content.decode())
    assert len(codes) == 10
    return secret, codes


@pytest.mark.row("A9")
def test_a_merchant_adds_a_phone_and_is_asked_for_its_code_from_then_on(
    world: World, isabelle: Client
) -> None:
    secret, _codes = enrolled(isabelle)
    client = at_the_door(world.isabelle)
    assert client.get("/tableau/").status_code == 302, "the password alone opens nothing"
    assert "isabelle@lucet.example" in client.get("/connexion/code/").content.decode()
    answer = client.post("/connexion/code/", {"code": code(secret)})
    assert answer.url == "/"
    assert client.get("/tableau/").status_code == 200


@pytest.mark.row("A9")
def test_a_code_is_not_taken_twice_and_one_of_the_step_before_is(
    world: World, isabelle: Client
) -> None:
    secret, _codes = enrolled(isabelle)
    for steps, opens in ((-1, False), (0, True), (0, False), (-1, False), (1, True), (2, False)):
        client = at_the_door(world.isabelle)
        answer = client.post("/connexion/code/", {"code": code(secret, steps=steps)})
        assert (answer.status_code == 302) is opens, steps


@pytest.mark.row("A9")
def test_a_recovery_code_opens_once_and_a_phone_is_not_needed(
    world: World, isabelle: Client
) -> None:
    _secret, codes = enrolled(isabelle)
    typed = {"code": codes[3].lower().replace("-", " ")}
    answer = at_the_door(world.isabelle).post("/connexion/code/", typed, follow=True)
    assert "Ce code de secours ne sert plus. Il vous en reste 9." in answer.content.decode()
    again = at_the_door(world.isabelle).post("/connexion/code/", typed)
    assert "Ce code n’est pas le bon, ou il a déjà servi" in again.content.decode()
    assert Deed.objects.filter(did=Did.CODE_USED).count() == 1


@pytest.mark.row("A9")
def test_an_operator_without_one_is_led_to_it_and_nowhere_else(
    world: World, as_: Callable[[Person], Client]
) -> None:
    factor.remove(world.odile, by=world.odile)
    client = as_(world.odile)
    for url in ("/", "/commerces/", "/profil/", "/clients/", "/p/maison-lucet/fidelite/"):
        assert client.get(url).url == "/profil/second-facteur/"
    post = client.post("/commerces/maison-lucet/entrer/", ENTERING)
    assert post.url == "/profil/second-facteur/"
    page = client.get("/profil/second-facteur/").content.decode()
    assert "Un mot de passe ne suffit pas pour un exploitant." in page
    enrolled(client)
    assert client.get("/commerces/").status_code == 200


def test_an_operator_does_not_take_theirs_away(world: World, odile: Client) -> None:
    answer = odile.post("/profil/second-facteur/", {"code": code(PHONE, steps=1), "act": "remove"})
    assert answer.status_code == 403


def test_nor_does_an_open_browser_of_theirs_among_the_accounts(world: World, odile: Client) -> None:
    url = f"/commerces/comptes/{world.odile.pk}/"
    assert "Retirer son second facteur" not in odile.get(url).content.decode()
    assert odile.post(url, {"reason": BECAUSE}).status_code == 403


def test_a_merchant_takes_theirs_away_with_a_code_and_not_without(
    world: World, isabelle: Client
) -> None:
    secret, _codes = enrolled(isabelle)
    isabelle.post("/profil/second-facteur/", {"code": "000000", "act": "remove"})
    assert at_the_door(world.isabelle).get("/tableau/").status_code == 302
    isabelle.post("/profil/second-facteur/", {"code": code(secret), "act": "remove"})
    assert at_the_door(world.isabelle).get("/tableau/").status_code == 200


def test_enter_after_the_code_does_not_take_it_away(
    transactional_db: None, world: World, isabelle: Client, live_server, browser: Browser
) -> None:
    secret, _codes = enrolled(isabelle)
    page = opened(browser, live_server.url, isabelle)
    page.goto(f"{live_server.url}/profil/second-facteur/")
    page.locator("[name=code]").fill(code(secret))
    page.locator("[name=code]").press("Enter")
    expect(page.locator("h1")).to_have_text("Codes de secours")
    page.context.close()


def test_new_recovery_codes_end_the_old_ones(world: World, isabelle: Client) -> None:
    secret, old = enrolled(isabelle)
    page = isabelle.post("/profil/second-facteur/", {"code": code(secret), "act": "renew"})
    new = recovery(page.content.decode())
    assert not set(old) & set(new)
    doors = [at_the_door(world.isabelle) for _ in range(2)]
    assert doors[0].post("/connexion/code/", {"code": old[0]}).status_code == 200
    assert doors[1].post("/connexion/code/", {"code": new[0]}).status_code == 302


def test_setting_one_up_ends_the_sessions_that_had_only_a_password(
    world: World, isabelle: Client, as_: Callable[[Person], Client]
) -> None:
    elsewhere = as_(world.isabelle)
    assert elsewhere.get("/tableau/").status_code == 200
    enrolled(isabelle)
    assert elsewhere.get("/tableau/").status_code == 302
    assert isabelle.get("/tableau/").status_code == 200


@pytest.mark.row("A9")
def test_who_lost_phone_and_codes_is_let_in_again_by_an_operator_who_says_why(
    world: World, isabelle: Client, odile: Client
) -> None:
    enrolled(isabelle)
    url = f"/commerces/comptes/{world.isabelle.pk}/"
    assert "Dites pourquoi" in odile.post(url, {"reason": " "}).content.decode()
    assert at_the_door(world.isabelle).get("/tableau/").status_code == 302
    page = odile.post(url, {"reason": BECAUSE}, follow=True).content.decode()
    assert BECAUSE in page
    assert "Odile Payet" in page
    assert isabelle.get("/tableau/").status_code == 302, "whoever has the phone is out"
    client = at_the_door(world.isabelle)
    assert client.get("/tableau/").status_code == 200
    enrolled(client)
    assert BECAUSE in client.get("/profil/second-facteur/").content.decode()


def test_a_password_shown_long_ago_does_not_wait_for_ever(
    world: World, isabelle: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _codes = enrolled(isabelle)
    client = at_the_door(world.isabelle)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.post("/connexion/code/", {"code": code(secret)}).url == "/connexion/"


def test_a_password_changed_meanwhile_ends_the_waiting(world: World, isabelle: Client) -> None:
    secret, _codes = enrolled(isabelle)
    client = at_the_door(world.isabelle)
    person = Person.objects.get(pk=world.isabelle.pk)
    person.set_password("Brioche-2027")
    person.save()
    assert client.post("/connexion/code/", {"code": code(secret)}).url == "/connexion/"


def test_the_secret_is_not_in_the_database(world: World, isabelle: Client) -> None:
    secret, codes = enrolled(isabelle)
    row = Person.objects.get(pk=world.isabelle.pk)
    assert secret not in base64.b64decode(row.factor)
    assert not row.recovery_codes.filter(digest__in=codes).exists()
    # sealed to its account: in another's row it opens nothing
    Person.objects.filter(pk=world.charlotte.pk).update(factor=row.factor)
    charlotte = at_the_door(world.charlotte)
    assert charlotte.post("/connexion/code/", {"code": code(secret)}).status_code == 200


def test_the_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, SHA-1: the last six of its eight digits
    secret = b"12345678901234567890"
    for second, digits in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert factor._code(secret, second // factor.STEP_S) == digits


@pytest.mark.row("A9")
def test_a_phone_reads_the_qr_and_the_codes_can_be_printed(
    transactional_db: None, world: World, live_server, browser: Browser
) -> None:
    context = browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/connexion/?next=/profil/second-facteur/")
    page.fill("[name=username]", world.isabelle.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    qr = page.get_by_alt_text("QR de votre second facteur")
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(qr.screenshot())))
    assert read is not None
    secret = re.search(r"secret=([A-Z2-7]+)", read.text)
    assert secret is not None
    assert read.text.startswith("otpauth://totp/Comptoir:isabelle%40lucet.example?")
    page.get_by_label("Code").fill(code(base64.b32decode(secret[1])))
    page.get_by_role("button", name="Activer").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.emulate_media(media="print")
    expect(page.locator(".codes")).to_be_visible()
    expect(page.locator(".nav")).to_be_hidden()
    context.close()
