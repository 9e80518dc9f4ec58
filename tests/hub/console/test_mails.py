# SPDX-License-Identifier: Apache-2.0
"""Mails of all merchants that did not go out: why, and one is tried again; nobody's words shown."""

from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hub.ledger import incidents, notices, running
from hub.ledger.acts import create_gift_card
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Customer
from hub.ledger.tellings import About, PointsNotice, Reminder
from hub.merchants import links, outgoing
from hub.merchants.deeds import Deed, Did
from hub.merchants.mailed import Link
from tests.hub.console.browsing import opened
from tests.hub.console.test_costs import queries
from tests.hub.console.world import World

MAILS = "/commerces/e-mails/"
CLOSE = "/commerces/maison-lucet/fermer/"
BECAUSE = {"reason": "Il cesse son activité"}
NOBODY = SMTPRecipientsRefused({"paul@client.example": (550, b"paul@client.example unknown")})


def read(client: Client, **asked: object) -> str:
    return client.get(MAILS, asked).content.decode()


def notice(customer: Customer, **more: Any) -> PointsNotice:
    """A customer is to be told of points."""
    Customer.objects.filter(pk=customer.pk).update(email="elodie@client.example")
    return PointsNotice.objects.create(
        customer=customer, points=5, note="Merci Élodie", made_at=timezone.now(), **more
    )


def a_gift(world: World) -> GiftCard:
    return create_gift_card(
        world.denis, cents=4000, buyer="Anne", recipient="Paul", email="paul@client.example"
    )


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Every mail server refuses."""

    def refuse(letter: mail.EmailMessage) -> None:
        raise NOBODY if letter.to == ["paul@client.example"] else ConnectionRefusedError(111, "no")

    with monkeypatch.context() as patched:
        patched.setattr(mail.EmailMessage, "send", refuse)
        yield patched


@pytest.fixture
def refused(world: World, no_server: pytest.MonkeyPatch) -> None:
    """A gift card's address that nobody has, and points that can be told later."""
    a_gift(world)
    notice(world.elodie)
    running.run(["cartes", "mots"])
    no_server.undo()


@pytest.mark.usefixtures("refused")
def test_what_did_not_go_says_why_and_shows_no_address_and_no_words(odile: Client) -> None:
    page = read(odile)
    assert "le serveur du destinataire refuse cette adresse (550)" in page
    assert "notre serveur d’envoi ne répond pas (111)" in page
    assert "Une carte cadeau de 40,00" in page
    assert "p…@client.example" in page
    for secret in ("paul@", "elodie@", "Merci", "Anne", GiftCard.objects.get().code):
        assert secret not in page


@pytest.mark.usefixtures("refused")
@pytest.mark.parametrize(("state", "kind"), [("given-up", "Carte cadeau"), ("failing", "Points")])
def test_what_is_given_up_is_told_from_what_is_tried_again(
    odile: Client, state: str, kind: str
) -> None:
    found = odile.get(MAILS, {"state": state}).context["mails"]
    assert [one.kind for one in found] == [kind]
    assert odile.get(MAILS, {"state": "waiting"}).context["mails"] == []
    assert dict(odile.get(MAILS).context["states"])[state].endswith(" · 1")


def test_what_is_given_up_was_not_sent(world: World, no_server: pytest.MonkeyPatch) -> None:
    Customer.objects.filter(pk=world.elodie.pk).update(email="paul@client.example")
    row = PointsNotice.objects.create(
        customer=world.elodie, points=5, note="", made_at=timezone.now()
    )
    assert notices.send_points_due() == 0
    row.refresh_from_db()
    assert (row.sent_at, row.given_up, row.error) == (None, True, "SMTPRecipientsRefused 550")
    no_server.undo()
    assert notices.send_points_due(now=timezone.now() + outgoing.CLAIM * 2) == 0


@pytest.mark.usefixtures("refused")
def test_a_gift_card_is_tried_again_and_its_point_to_look_at_is_closed(
    world: World, odile: Client
) -> None:
    gift = GiftCard.objects.get()
    assert incidents.still_open(world.lucet.pk).filter(kind="gift_untold").exists()
    page = odile.post(MAILS, {"mail": f"gift:{gift.pk}"}, follow=True).content.decode()
    assert "L’e-mail repart dans les secondes qui viennent." in page
    assert not incidents.still_open(world.lucet.pk).filter(kind="gift_untold").exists()
    assert running.run(running.asked()) == {"cartes": 1}
    assert mail.outbox[-1].to == ["paul@client.example"]
    line = Deed.objects.get(did=Did.MAIL_RETRIED)
    assert (line.merchant, line.about) == (world.lucet, f"giftcard:{gift.pk}")


@pytest.mark.parametrize("name", ["gift:0", "points:x", "what:1", "", "gift:" + "9" * 30])
def test_a_mail_that_is_none_is_not_found(odile: Client, name: str) -> None:
    assert odile.post(MAILS, {"mail": name}).status_code == 404


# ── a closed merchant ───────────────────────────────────────────────────────────────────────────


def all_of_lucet(world: World) -> None:
    """One of each kind."""
    a_gift(world)
    notice(world.elodie)
    Reminder.objects.create(
        customer=world.elodie,
        about=About.EXPIRY,
        day=timezone.now().date() + timedelta(days=20),
        amount=5,
        made_at=timezone.now(),
    )
    links.ask_again(world.isabelle.email, page="http://testserver/lien/", language="fr")


def test_nothing_of_a_closed_merchant_goes_out_until_it_opens_again(
    world: World, odile: Client
) -> None:
    all_of_lucet(world)
    links.ask_again(world.charlotte.email, page="http://testserver/lien/", language="fr")
    odile.post(CLOSE, BECAUSE)
    counts = running.run(["cartes", "mots", "rappels", "liens"])
    assert sum(counts.values()) == 1
    assert [letter.to for letter in mail.outbox] == [[world.charlotte.email]]
    held = odile.get(MAILS, {"state": "held"}).context["mails"]
    assert {one.kind for one in held} == {"Carte cadeau", "Points", "Rappel", "Compte"}
    told = odile.post(MAILS, {"mail": held[0].about}, follow=True).content.decode()
    assert "Ce commerce est fermé : ses e-mails attendent qu’il rouvre." in told
    odile.post(CLOSE, {"reason": "Il reprend"})
    assert sum(running.run(["cartes", "mots", "rappels", "liens"]).values()) == 4


def test_nobody_is_reminded_of_a_day_that_is_over(world: World) -> None:
    Customer.objects.filter(pk=world.elodie.pk).update(email="elodie@client.example")
    Reminder.objects.create(
        customer=world.elodie, about=About.EXPIRY, day=date(2026, 1, 1), made_at=timezone.now()
    )
    assert notices.send_reminders_due() == 0


# ── the page ────────────────────────────────────────────────────────────────────────────────────


def test_it_says_that_nothing_waits_and_how_many_went(world: World, odile: Client) -> None:
    a_gift(world)
    running.run(["cartes"])
    page = read(odile)
    assert "Tous les e-mails de ce hub sont partis." in page
    assert "1 e-mail est parti en 24 heures." in page
    assert "Aucun e-mail trouvé" in read(odile, kind="gift")


def test_a_card_that_waits_for_its_day_says_which(world: World, odile: Client) -> None:
    gift = a_gift(world)
    day = timezone.localdate() + timedelta(days=5)
    GiftCard.objects.filter(pk=gift.pk).update(send_on=day)
    assert "part le " in read(odile)


def test_the_list_is_narrowed_by_kind_and_merchant_and_turned_over(
    world: World, odile: Client
) -> None:
    for _n in range(30):
        notice(world.elodie)
    notice(world.chloe)
    links.ask_again(world.isabelle.email, page="http://testserver/lien/", language="fr")
    assert len(odile.get(MAILS, {"page": 2}).context["mails"]) == 7
    assert [one.kind for one in odile.get(MAILS, {"kind": "link"}).context["mails"]] == ["Compte"]
    of_iles = odile.get(MAILS, {"merchant": world.iles.pk}).context["mails"]
    assert [one.merchant for one in of_iles] == [world.iles]
    newest = odile.get(MAILS).context["mails"][0]
    assert newest.about == f"link:{Link.objects.get().pk}"


def test_many_mails_ask_no_more_than_few(world: World, odile: Client) -> None:
    all_of_lucet(world)
    queries(odile, MAILS)
    few = queries(odile, MAILS)
    for _n in range(40):
        notice(world.elodie)
        notice(world.chloe)
    assert queries(odile, MAILS) <= few


@pytest.mark.row("A10")
def test_the_operator_tries_a_mail_again(
    browser: Browser, transactional_db: None, live_server: Any, world: World, odile: Client
) -> None:
    row = notice(world.elodie, failed_at=timezone.now(), error="ConnectionRefusedError 111")
    page = opened(browser, live_server.url, odile)
    page.goto(f"{live_server.url}/commerces/")
    page.get_by_role("navigation").get_by_role("link", name="E-mails").first.click()
    line = page.get_by_role("row").filter(has_text="e…@client.example")
    expect(line).to_contain_text("sera réessayé")
    line.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_text("L’e-mail repart dans les secondes qui viennent.")).to_be_visible()
    running.run(running.asked())
    page.reload()
    expect(line).to_have_count(0)
    page.context.close()
    row.refresh_from_db()
    assert row.sent_at
