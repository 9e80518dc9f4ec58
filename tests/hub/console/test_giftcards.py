# SPDX-License-Identifier: Apache-2.0
"""Gift cards made on the web."""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from hub.console.templatetags.console import day
from hub.ledger import audit
from hub.ledger.acts import create_gift_card
from hub.ledger.gift_expiring import expire_gifts_due
from hub.ledger.giftcards import GiftCard
from hub.ledger.grant import grant
from hub.ledger.history import facts_of
from hub.ledger.models import Account, JournalEntry
from hub.merchants.models import FeedItem
from hub.programmes.publish import publish, rules_of
from loyalty import giftcard
from loyalty.account import Kind, gift_of
from loyalty.basket import GiftUse
from loyalty.calendar import months_after
from loyalty.entry import Sold, Visited
from loyalty.feed import GiftCardIs
from loyalty.refund import refunded
from loyalty.wire import AskRight, decode_item
from tests.hub.console.world import World, baguette

GAP = "\N{NO-BREAK SPACE}"
ZONE = ZoneInfo("Indian/Reunion")


def form(world: World, **changes: object) -> dict[str, object]:
    """Fill in a virtual card of 40 €."""
    return {
        "medium": "virtual",
        "amount": "40",
        "number": "",
        "shop": world.denis.pk,
        "buyer": "Ginette Fontaine",
        "recipient": "Théo Maillot",
        "email": "theo@client.example",
        "message": "",
        "send_on": timezone.localdate(timezone=ZONE).isoformat(),
    } | changes


def text(answer: object) -> str:
    return answer.content.decode()


@pytest.mark.row("B2", "H1", "H2")
def test_a_double_click_sells_one_card_and_its_receipt_is_printed(
    world: World, bruno: Client
) -> None:
    page = text(bruno.get("/cartes-cadeaux/creer/"))
    once = re.search(r'name="once" value="(\w+)"', page)
    assert once
    sent = form(world, once=once[1])
    first, second = (bruno.post("/cartes-cadeaux/creer/", sent) for _ in range(2))
    assert first.url == second.url
    entry = JournalEntry.objects.get(kind="gift_sold")
    assert (entry.event_id, entry.receipt) == (once[1], "W0001")
    paper = text(bruno.get(f"/transactions/{entry.pk}/ticket/"))
    assert f"Carte cadeau …{GiftCard.objects.get().last4}" in paper
    assert "W0001" in paper


@pytest.mark.row("H1")
def test_a_virtual_card_is_given_a_number_that_is_shown_once(
    world: World, isabelle: Client
) -> None:
    answer = isabelle.post("/cartes-cadeaux/creer/", form(world), follow=True)
    card = GiftCard.objects.get()
    assert (card.cents, card.virtual, card.recipient) == (4000, True, "Théo Maillot")
    assert not giftcard.damaged(card.code)
    assert giftcard.spaced(card.code) in text(answer)
    assert "Théo Maillot sera prévenu par e-mail." in text(answer)
    again = text(isabelle.get(f"/cartes-cadeaux/{card.pk}/"))
    assert giftcard.spaced(card.code) not in again
    assert card.code not in again
    assert card.last4 in again


@pytest.mark.row("H1")
def test_a_physical_card_keeps_the_number_that_was_typed(world: World, isabelle: Client) -> None:
    number = giftcard.number(123456789)
    typed = giftcard.spaced(number).lower()
    isabelle.post("/cartes-cadeaux/creer/", form(world, medium="physical", number=typed))
    card = GiftCard.objects.get()
    assert (card.code, card.virtual) == (number, False)


@pytest.mark.row("H1", "H2")
def test_the_created_card_is_among_gift_cards_and_transactions(
    world: World, isabelle: Client
) -> None:
    isabelle.post("/cartes-cadeaux/creer/", form(world, message="Bon anniversaire"))
    cards = text(isabelle.get("/cartes-cadeaux/"))
    assert f"1 carte · 40,00{GAP}€ à honorer" in cards
    assert "Théo Maillot" in cards
    assert f"40,00{GAP}€" in text(isabelle.get("/transactions/"))
    assert "Bon anniversaire" in text(isabelle.get(f"/cartes-cadeaux/{GiftCard.objects.get().pk}/"))


def test_a_shop_makes_cards_of_its_own(world: World, bruno: Client) -> None:
    page = text(bruno.get("/cartes-cadeaux/creer/"))
    assert 'name="shop"' not in page
    bruno.post("/cartes-cadeaux/creer/", form(world, shop=world.paul.pk))
    assert GiftCard.objects.get().shop == world.denis


@pytest.mark.row("H1")
@pytest.mark.parametrize("field", ["medium", "amount", "buyer", "recipient", "email", "send_on"])
def test_everything_but_the_message_is_required(world: World, isabelle: Client, field: str) -> None:
    page = text(isabelle.post("/cartes-cadeaux/creer/", form(world, **{field: ""})))
    assert "Rien n’est enregistré" in page
    assert "errorlist" in page
    assert not GiftCard.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "0"}, "Entre 0,01 et 99999,99."),
        ({"amount": "-5"}, "Entre 0,01 et 99999,99."),
        ({"amount": "10000000"}, "Entre 0,01 et 99999,99."),
        ({"amount": "Infinity"}, "Un montant en euros, comme 12,50."),
        ({"email": "theo"}, "Ce n’est pas une adresse e-mail"),
        ({"send_on": "2020-01-01"}, "Aujourd’hui ou plus tard, dans l’année."),
        ({"send_on": "demain"}, "Une date, comme 24/12/2026."),
        ({"medium": "physical"}, "Tapez le numéro imprimé sur la carte."),
        ({"medium": "physical", "number": "1234"}, "Ce numéro est trop court"),
        ({"medium": "physical", "number": "0123456789ABZ"}, "Un caractère de ce numéro est faux"),
        ({"shop": "le-port"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    world: World, isabelle: Client, wrong: dict[str, object], said: str
) -> None:
    page = text(isabelle.post("/cartes-cadeaux/creer/", form(world, **wrong)))
    assert said in page
    assert 'value="Ginette Fontaine"' in page
    assert not GiftCard.objects.exists()


def test_a_number_that_is_loaded_already_is_not_loaded_again(
    world: World, isabelle: Client
) -> None:
    physical = form(world, medium="physical", number=giftcard.number(42))
    isabelle.post("/cartes-cadeaux/creer/", physical)
    page = text(isabelle.post("/cartes-cadeaux/creer/", physical))
    assert "Cette carte est déjà chargée" in page
    assert GiftCard.objects.get().cents == 4000


def test_a_card_to_be_sent_later_says_when(world: World, isabelle: Client) -> None:
    later = timezone.localdate(timezone=ZONE) + timedelta(days=30)
    isabelle.post("/cartes-cadeaux/creer/", form(world, send_on=later.isoformat()))
    assert "à envoyer" in text(isabelle.get("/cartes-cadeaux/"))


@pytest.mark.parametrize("q", ["maillot", "ginette", "theo@client"])
def test_a_card_is_found_by_its_people(world: World, isabelle: Client, q: str) -> None:
    isabelle.post("/cartes-cadeaux/creer/", form(world))
    assert "Théo Maillot" in text(isabelle.get("/cartes-cadeaux/", {"q": q}))
    assert "Aucune carte cadeau trouvée" in text(isabelle.get("/cartes-cadeaux/?q=personne"))


# ── blocked, expired, kept ──────────────────────────────────────────────────────────────────────


def card_of(world: World, **more: object) -> GiftCard:
    """A card of 40 € that Théo was given."""
    usual = {"cents": 4000, "buyer": "Ginette", "recipient": "Théo", "email": "theo@c.example"}
    return create_gift_card(world.denis, **{**usual, **more})


def told(world: World) -> list[GiftCardIs]:
    """What tills heard of gift cards beside their money, in order."""
    items = FeedItem.objects.filter(merchant=world.lucet).order_by("position")
    found = [decode_item(bytes(item.body)) for item in items]
    return [item for item in found if isinstance(item, GiftCardIs)]


@pytest.mark.row("H7")
def test_a_card_is_blocked_with_a_reason_and_the_tills_are_told(
    world: World, isabelle: Client
) -> None:
    card = card_of(world)
    page = text(isabelle.post(f"/cartes-cadeaux/{card.pk}/", {"act": "block", "reason": ""}))
    assert "Dites pourquoi, en quelques mots." in page
    assert told(world) == []
    lost = {"act": "block", "reason": "Perdue, dite au téléphone"}
    page = text(isabelle.post(f"/cartes-cadeaux/{card.pk}/", lost, follow=True))
    assert "La carte est bloquée : les caisses l’apprennent maintenant." in page
    assert "Bloquée, Isabelle Lucet" in page
    assert "Perdue, dite au téléphone" in page
    assert told(world) == [GiftCardIs(fingerprint=card.fingerprint, blocked=True)]
    # twice is once
    isabelle.post(f"/cartes-cadeaux/{card.pk}/", lost)
    assert len(told(world)) == 1
    found = {"act": "unblock", "reason": "Retrouvée"}
    page = text(isabelle.post(f"/cartes-cadeaux/{card.pk}/", found, follow=True))
    assert "La carte peut de nouveau servir." in page
    assert told(world)[-1] == GiftCardIs(fingerprint=card.fingerprint)


@pytest.mark.row("H7")
def test_nobody_is_given_leave_to_spend_a_blocked_or_expired_card(
    world: World, isabelle: Client
) -> None:
    fine, lost, old = card_of(world), card_of(world), card_of(world)
    isabelle.post(f"/cartes-cadeaux/{lost.pk}/", {"act": "block", "reason": "Perdue"})
    old.expires_on = timezone.localdate()
    old.save()
    world.till.write(Visited(customer=world.elodie.uuid, code=""))
    world.till.send()
    terminal = world.till.terminal
    terminal.hw_id = world.till.hw_id
    terminal.save()

    def granted(card: GiftCard) -> int | None:
        ask = AskRight(
            terminal=terminal.pk,
            gen=terminal.gen,
            nonce="n-1",
            after=0,
            epoch="",
            ask=f"ask-{card.pk}",
            segment=world.till.segment,
            account=gift_of(card.fingerprint),
            amount=1000,
        )
        return grant(terminal.pk, ask)

    assert granted(fine)
    assert granted(lost) == 0
    assert granted(old) == 0


@pytest.mark.row("H7")
def test_cards_expire_by_the_rule_of_the_day_they_are_sold(world: World, isabelle: Client) -> None:
    before = card_of(world)
    isabelle.post("/cartes-cadeaux/regles/", {"months": "12", "purpose": "multi", "vat": ""})
    assert card_of(world).expires_on is None  # a draft is nobody's
    publish(world.lucet.pk)
    card = card_of(world)
    assert card.expires_on == months_after(timezone.localdate(timezone=ZONE), 12)
    assert told(world) == [
        GiftCardIs(fingerprint=card.fingerprint, expires_on=card.expires_on.isoformat())
    ]
    before.refresh_from_db()
    assert before.expires_on is None
    page = text(isabelle.get(f"/cartes-cadeaux/{card.pk}/"))
    assert f"jusqu’au {day(card.expires_on - timedelta(days=1))}" in page
    GiftCard.objects.filter(pk=card.pk).update(expires_on=timezone.localdate(timezone=ZONE))
    assert "expirée" in text(isabelle.get(f"/cartes-cadeaux/{card.pk}/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"months": "0"}, "Entre 1 et 120."),
        ({"months": "un"}, "Un nombre entier."),
        ({"purpose": ""}, "Choisissez un des deux."),
        ({"purpose": "single", "vat": ""}, "Le taux de tout ce qu’elle peut payer, comme 5,5."),
        ({"purpose": "single", "vat": "x"}, "Un pourcentage, comme 10 ou 2,5."),
    ],
)
def test_wrong_rules_of_gift_cards_are_said_by_their_field(
    isabelle: Client, wrong: dict[str, str], said: str
) -> None:
    filled = {"months": "12", "purpose": "multi", "vat": ""} | wrong
    assert said in text(isabelle.post("/cartes-cadeaux/regles/", filled))


@pytest.mark.row("H7")
def test_cards_are_narrowed_to_their_state(world: World, isabelle: Client) -> None:
    full, begun, lost = card_of(world), card_of(world), card_of(world)
    world.till.sell(baguette(1500), gifts=[GiftUse(begun.fingerprint, 1500)])
    world.till.send()
    isabelle.post(f"/cartes-cadeaux/{lost.pk}/", {"act": "block", "reason": "Perdue"})
    for state, card in (("full", full), ("begun", begun), ("blocked", lost)):
        page = text(isabelle.get("/cartes-cadeaux/", {"kind": state}))
        assert card.last4 in page
        assert "1 carte ·" in page
    assert "Aucune carte cadeau trouvée" in text(
        isabelle.get("/cartes-cadeaux/", {"kind": "expired"})
    )
    assert "3 cartes ·" in text(isabelle.get("/cartes-cadeaux/", {"kind": "nonsense"}))


@pytest.mark.row("H7")
def test_fifty_euros_paid_are_fifty_on_the_card_whatever_its_vat(
    world: World, isabelle: Client
) -> None:
    isabelle.post("/cartes-cadeaux/regles/", {"months": "", "purpose": "single", "vat": "15"})
    publish(world.lucet.pk)
    card = card_of(world, cents=5000)
    assert (card.single_purpose, card.vat_bp) == (True, 1500)
    page = text(isabelle.get(f"/cartes-cadeaux/{card.pk}/"))
    assert f"50,00{GAP}€" in page
    assert f"usage unique, 15{GAP}%" in page
    months = text(isabelle.get("/cartes-cadeaux/par-mois/"))
    assert f"50,00{GAP}€" in months
    assert f"6,52{GAP}€" in months  # the VAT that is due: 50 − 43.48, and none of it off the card
    assert "43,48" not in page + months


@pytest.mark.row("H7")
def test_what_is_owed_is_told_by_month_on_the_page_and_in_files(
    world: World, isabelle: Client
) -> None:
    then = datetime(2026, 9, 30, 23, 30, tzinfo=ZONE)
    card = card_of(world, cents=5000, at=then)
    world.till.sell(
        baguette(1800), gifts=[GiftUse(card.fingerprint, 1800)], at=then + timedelta(days=20)
    )
    world.till.send()
    card_of(world, cents=2500, at=then + timedelta(hours=1))
    page = text(isabelle.get("/cartes-cadeaux/par-mois/"))
    assert page.index("octobre 2026") < page.index("septembre 2026")
    assert f"57,00{GAP}€" in page
    answer = isabelle.get("/cartes-cadeaux/par-mois/", {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[1].startswith("2026-10-01;50,00;25,00;18,00;0,00;0,00;0,00;57,00")
    assert lines[2].startswith("2026-09-01;0,00;50,00;0,00;0,00;0,00;0,00;50,00")
    book = isabelle.get("/cartes-cadeaux/par-mois/", {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(book.getvalue())).active
    assert [cell.value for cell in sheet[2]][1:4] == [50, 25, 18]


@pytest.mark.row("H7")
def test_what_is_left_on_an_expired_card_is_owed_no_more(world: World, isabelle: Client) -> None:
    rules = rules_of(world.lucet.pk)
    rules.gift_months = 12
    rules.save()
    publish(world.lucet.pk)
    then = datetime(2025, 11, 10, 23, 30, tzinfo=ZONE)
    card = card_of(world, cents=5000, at=then)
    world.till.sell(
        baguette(1800), gifts=[GiftUse(card.fingerprint, 1800)], at=then + timedelta(days=20)
    )
    world.till.send()
    last = datetime(2026, 11, 9, 23, 59, tzinfo=ZONE)
    assert expire_gifts_due(now=last) == 0
    # the shop's day, not Greenwich's, and whatever days the hub slept through
    assert expire_gifts_due(now=last + timedelta(minutes=1)) == 1
    assert expire_gifts_due(now=last + timedelta(days=3)) == 0
    page = text(isabelle.get(f"/cartes-cadeaux/{card.pk}/"))
    assert "Expirée" in page
    assert f"−32,00{GAP}€" in page
    months = isabelle.get("/cartes-cadeaux/par-mois/", {"format": "csv"})
    lines = b"".join(months.streaming_content).decode().splitlines()
    assert lines[1].startswith("2026-11-01;32,00;0,00;0,00;0,00;32,00;0,00;0,00")
    assert audit.faults(world.lucet.pk) == []
    assert all(line.sound for line in audit.equation(world.lucet.pk))


@pytest.mark.row("H7")
def test_what_a_till_may_still_spend_of_it_expires_when_it_has_come_back(world: World) -> None:
    card = card_of(world, cents=5000)
    GiftCard.objects.filter(pk=card.pk).update(expires_on=timezone.localdate())
    account = Account.objects.filter(kind=Kind.GIFT, owner=card.fingerprint)
    account.update(held_total=1000)
    now = timezone.now() + timedelta(days=1)
    assert expire_gifts_due(now=now) == 1
    assert account.get().balance == 1000
    assert expire_gifts_due(now=now) == 0
    account.update(held_total=0)
    assert expire_gifts_due(now=now) == 1
    assert account.get().balance == 0


@pytest.mark.row("H7")
def test_a_refund_goes_back_to_the_card_that_paid(world: World, isabelle: Client) -> None:
    card = card_of(world, cents=5000)
    world.till.sell(baguette(1800), gifts=[GiftUse(card.fingerprint, 1800)])
    world.till.send()
    entry = JournalEntry.objects.get(kind="sold")
    sold = facts_of(entry)
    assert isinstance(sold, Sold)
    half = refunded(
        sold, sale=entry.event_id or "", left=1800, cents=900, receipt="0002", reason="Cassée"
    )
    world.till.write(half)
    world.till.send()
    page = text(isabelle.get(f"/cartes-cadeaux/{card.pk}/"))
    assert "Rendu par un remboursement" in page
    assert f"+9,00{GAP}€" in page
    assert f"41,00{GAP}€" in page
    months = isabelle.get("/cartes-cadeaux/par-mois/", {"format": "csv"})
    first = b"".join(months.streaming_content).decode().splitlines()[1]
    assert first.split(";")[1:8] == ["0,00", "50,00", "18,00", "9,00", "0,00", "0,00", "41,00"]
