# SPDX-License-Identifier: Apache-2.0
"""Somebody is anonymised: who they were is nowhere any more, and the books are what they were."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from firmware.store import replica
from firmware.store.cards import lost_card
from hub.api.models import Asked
from hub.ledger import audit, chains, incidents, merging, shelf, snapshot
from hub.ledger.acts import create_gift_card
from hub.ledger.appointments import State
from hub.ledger.bonus import adjust_points
from hub.ledger.forgetting import finish
from hub.ledger.forgotten import Forgetting, Redaction
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Account, Customer, IncidentKind, JournalEntry
from hub.ledger.reading import entry_of
from hub.ledger.redacting import SPEAKING
from hub.ledger.rulings import Ruling
from hub.ledger.staging import Act, Import, ImportLine, Kind, Stage
from hub.merchants import feed
from hub.merchants.models import FeedItem
from hub.merchants.words import plain
from loyalty.account import Holding, points_of
from loyalty.account import Kind as Unit
from loyalty.entry import Joined, ReleaseCause, Released
from loyalty.feed import Recalled
from loyalty.refund import refunded
from loyalty.wire import decode_item, encode_entry
from tests.firmware.store.shelf import Shelf, sold
from tests.hub.console.test_consents import answer
from tests.hub.console.test_customers import listed
from tests.hub.console.test_records import create
from tests.hub.console.world import World, appointment, baguette

WORDS = ("zoe", "fontaine", "0692123456", "zoe@exemple.re", "12-24", "la zette", "zette@exemple.re")
"""What is known of her, as it would be found whatever the accents."""
NAMED = re.compile(rf"(?<![a-z0-9])zoe(?![a-z0-9])|{'|'.join(map(re.escape, WORDS[1:]))}")
"""Any of it; three letters also stand by chance in a key or a seal, but not as a word."""


def known(world: World, isabelle: Client) -> Customer:
    """Zoé Fontaine, of whom every part of the hub has heard: registered twice, and in every note."""
    create(isabelle, world, last_name="Fontaine")
    zoe = Customer.objects.get(first_name="Zoé")
    theirs = Joined(
        customer="la-zette", code="HA-9", first_name="La Zette", initial="P", hashes=("zz",)
    )
    world.till.write(theirs)
    world.till.sell(baguette(9000), customer=zoe)
    world.till.send()
    other = Customer.objects.get(uuid="la-zette")
    Customer.objects.filter(pk=other.pk).update(email="zette@exemple.re")
    merging.merge(zoe, other, reason="Zoé Fontaine est La Zette", person_id=world.isabelle.pk)
    card = {"code": "HA-10", "other": "both", "reason": "Zoé Fontaine en voulait deux"}
    isabelle.post(f"/clients/{zoe.pk}/carte/", card)
    adjust_points(zoe, 30, note="Joyeux Noël Zoé Fontaine", shop=None, person_id=world.isabelle.pk)
    sale = JournalEntry.objects.get(kind="sold", customer=zoe.uuid)
    entry = entry_of(sale.raw)
    assert entry is not None
    back = refunded(entry.facts, sale=sale.event_id, left=9000, cents=1000, receipt="R9")
    world.till.write(replace(back, reason="Zoé Fontaine s’est trompée"))
    world.till.send()
    answer(isabelle, zoe, email="yes", reason="Zoé Fontaine l’a dit")
    given = create_gift_card(
        world.denis, cents=4000, buyer="Anne", recipient="Zoé Fontaine", email="zoe@exemple.re"
    )
    GiftCard.objects.filter(pk=given.pk).update(sent_at=timezone.now())
    file = Import.objects.create(
        merchant=world.lucet, kind=Kind.MEMBERS, person=world.isabelle, stage=Stage.READY
    )
    line = {"first_name": "Zoé", "last_name": "Fontaine", "phone": "0692123456"}
    ImportLine.objects.create(of=file, n=2, facts=line, named="Zoé Fontaine", act=Act.SAME)
    Asked.objects.create(
        merchant=world.lucet,
        key="k",
        digest="d",
        status=201,
        answer={"id": zoe.uuid, "first_name": "Zoé", "email": "zoe@exemple.re"},
        at=timezone.now(),
    )
    snapshot.make(world.till.terminal)
    return Customer.objects.get(pk=zoe.pk)


def forget(client: Client, customer: Customer, **more: str) -> str:
    """Fill in the page that anonymises."""
    filled = {"reason": "Demande écrite du 3 mai", "name": "zoe fontaine"} | more
    url = f"/clients/{customer.pk}/anonymiser/"
    return client.post(url, filled, follow=True).content.decode()


def said() -> Iterator[tuple[str, str]]:
    """Every text that the hub's database holds, with where it stands."""
    for model in apps.get_models():
        if not model.__module__.startswith("hub."):
            continue
        for row in model.objects.all():
            for field in model._meta.concrete_fields:
                value = getattr(row, field.attname)
                if isinstance(value, bytes | memoryview):
                    value = bytes(value).decode(errors="replace")
                elif not isinstance(value, str | None):
                    value = json.dumps(value, ensure_ascii=False, default=str)
                yield f"{model._meta.label}.{field.name}", plain(value or "")


def leaks() -> set[str]:
    """Where something of Zoé is said, or sealed for the hub to open."""
    found = {place for place, text in said() if NAMED.search(text)}
    gone = Forgetting.objects.values("customer__uuid")
    for row in JournalEntry.objects.filter(customer__in=gone):
        entry = entry_of(row.raw)
        if entry and getattr(entry.facts, "sealed", ""):
            found.add("sealed")
    return found


@pytest.mark.row("M4")
def test_nothing_of_who_they_were_is_left_anywhere(world: World, isabelle: Client) -> None:
    zoe = known(world, isabelle)
    before = leaks()
    assert before >= {
        *("ledger.Customer.first_name", "ledger.Customer.phone", "ledger.Customer.birthday"),
        *("ledger.JournalEntry.raw", "ledger.Merge.reason", "ledger.PointsNotice.note"),
        *("ledger.Consent.said", "ledger.GiftCard.recipient", "ledger.ImportLine.facts"),
        *("api.Asked.answer", "merchants.FeedItem.body", "ledger.SnapshotPart.body"),
    }
    page = forget(isabelle, zoe)
    assert "C’est fait" in page
    assert leaks() == set()
    assert set(Redaction.objects.values_list("entry__kind", flat=True)) == set(SPEAKING)


def test_what_was_noted_of_a_gift_card_that_reached_nobody_goes_too(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    now, gift = timezone.now(), GiftCard.objects.get(email="zoe@exemple.re")
    untold = IncidentKind.GIFT_UNTOLD
    incidents.note(untold, at=now, merchant_id=world.lucet.pk, subject=gift.fingerprint)
    incident = incidents.still_open(world.lucet.pk).get(kind=untold)
    assert incidents.close(incident, "Zoé Fontaine est prévenue", person_id=None)
    forget(isabelle, zoe)
    assert leaks() == set()


def test_a_line_of_a_file_is_theirs_however_their_phone_was_typed(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    Customer.objects.filter(pk=zoe.pk).update(phone="06 92 12 34 56", email="Zoe@Exemple.re")
    line = ImportLine.objects.get()
    facts = {"first_name": "ZOÉ", "last_name": "FONTAINE"}
    for n, more in enumerate(({"phone": "0692123456"}, {"email": "zoe@exemple.re"}), 3):
        line.pk, line.n, line.facts, line.named = None, n, facts | more, "ZOÉ FONTAINE"
        line.save(force_insert=True)
    forget(isabelle, zoe)
    assert leaks() == set()


def test_what_was_said_of_an_entry_of_theirs_that_was_set_aside_goes_too(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    joined = entry_of(JournalEntry.objects.get(kind="joined", customer="la-zette").raw)
    sale = entry_of(JournalEntry.objects.get(kind="sold", customer=zoe.uuid).raw)
    assert joined is not None
    assert sale is not None
    for again in (joined, sale):
        world.till.keep(encode_entry(replace(again, n=world.till.n + 1)))
    world.till.send()
    for row in shelf.rows(world.lucet.pk):
        incident = incidents.still_open(world.lucet.pk).get(subject=row.hash)
        assert incidents.close(incident, "C’est Zoé Fontaine", person_id=None)
        shelf.refuse(row, reason="Zoé Fontaine y était déjà", person_id=world.isabelle.pk)
    assert Ruling.objects.count() == 4
    forget(isabelle, zoe)
    assert leaks() == set()


@pytest.mark.row("M4")
def test_the_books_are_what_they_were_and_every_journal_still_verifies(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    nets = {line.unit: line.flow.net for line in audit.equation(world.lucet.pk)}
    points = Account.objects.get(owner=zoe.uuid, kind=Unit.POINTS)
    free = points.balance - points.held_total
    sales = list(JournalEntry.objects.filter(kind="sold").values_list("cents", "raw", "hash"))
    assert free > 0
    assert points.held_total > 0, "what a till holds ends when it has come back"
    forget(isabelle, zoe)
    after = {line.unit: line.flow.net for line in audit.equation(world.lucet.pk)}
    assert after == nets | {Unit.POINTS.value: nets[Unit.POINTS.value] - free}
    now = list(JournalEntry.objects.filter(kind="sold").values_list("cents", "raw", "hash"))
    assert now == sales
    assert JournalEntry.objects.get(cause="closed", customer=zoe.uuid).points == -free
    assert "Compte anonymisé" in isabelle.get(f"/clients/{zoe.pk}/").content.decode()
    lines = feed.stretch(world.till.terminal, 0, most=1000).lines
    assert Recalled(points_of(zoe.uuid)) in map(decode_item, lines)
    world.till.write(released(zoe, points.held_total))
    world.till.send()
    finish(world.lucet, now=timezone.now())
    points.refresh_from_db()
    assert (points.balance, points.held_total) == (0, 0)
    assert audit.day_faults(world.lucet) == []
    for command in ("audit", "verify"):
        with pytest.raises(SystemExit) as ended:
            call_command(command, verbosity=0)
        assert ended.value.code == 0


def released(customer: Customer, points: int) -> Released:
    """What a till gives back."""
    return Released(cause=ReleaseCause.UNUSED, holds=(Holding(points_of(customer.uuid), points),))


def test_a_byte_that_changes_before_or_after_a_forgetting_is_seen_all_the_same(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    own = JournalEntry.objects.filter(kind="joined", customer=zoe.uuid).get()
    torn = bytes(own.raw) + b" "
    JournalEntry.objects.filter(pk=own.pk).update(raw=torn)
    forget(isabelle, zoe)
    broken = chains.breaks(world.lucet.pk)
    assert len(broken) == 1, "what was broken before stays broken"
    last = Redaction.objects.filter(entry__terminal=world.till.terminal).latest("entry__n")
    before = JournalEntry.objects.get(segment=last.entry.segment_id, n=last.entry.n - 1)
    for row in (last.entry, before):
        raw = bytes(row.raw)
        JournalEntry.objects.filter(pk=row.pk).update(raw=raw + b" ")
        assert len(chains.breaks(world.lucet.pk)) == 2
        JournalEntry.objects.filter(pk=row.pk).update(raw=raw)
    for column in ("before", "digest"):
        Redaction.objects.filter(pk=last.pk).update(**{column: "0" * 64})
        assert len(chains.breaks(world.lucet.pk)) == 2
        Redaction.objects.filter(pk=last.pk).update(**{column: getattr(last, column)})
    assert chains.breaks(world.lucet.pk) == broken


@pytest.mark.row("M4")
def test_a_till_forgets_them_and_their_cards_lead_to_nobody(
    world: World, isabelle: Client, tmp_path: Path
) -> None:
    (tmp_path / "till").mkdir()
    shelf = Shelf(tmp_path / "till")
    zoe = known(world, isabelle)
    code = zoe.cards.order_by("pk")[0].code
    hear(shelf, world, 0)
    shelf.write(sold(zoe.uuid))
    found = replica.customer_by_code(shelf.db, code)
    assert found is not None
    assert found.first_name == "Zoé"
    assert shelf.db.row("SELECT name, words FROM sale") == ("Zoé F", "0001 zoe f pain au levain")
    place = feed.position(world.lucet.pk)
    forget(isabelle, zoe)
    hear(shelf, world, place)
    assert replica.customer_by_code(shelf.db, code) is None
    lost = lost_card(shelf.db, code)
    assert lost is not None
    assert (lost.first_name, lost.initial) == ("", "")
    assert not [text for text in texts(shelf) if NAMED.search(text)]
    # one that reads the feed from its beginning never hears who they were
    items = [decode_item(bytes(body)) for body in FeedItem.objects.values_list("body", flat=True)]
    assert "Zoé" not in str(items)
    shelf.close()


def hear(shelf: Shelf, world: World, after: int) -> None:
    """Let a till's store read the feed of Maison Lucet."""
    for line in feed.stretch(world.till.terminal, after, most=1000).lines:
        replica.apply(shelf.db, decode_item(line), side=0)


def texts(shelf: Shelf) -> set[str]:
    """Every text of a till's replica and lists."""
    tables = [
        name for (name,) in shelf.db.rows("SELECT name FROM sqlite_master WHERE type='table'")
    ]
    return {
        plain(str(value))
        for name in tables
        for row in shelf.db.rows(f"SELECT * FROM {name}")
        for value in row
    }


def test_their_page_is_nobodys_and_changes_nothing_any_more(world: World, isabelle: Client) -> None:
    zoe = known(world, isabelle)
    forget(isabelle, zoe)
    page = isabelle.get(f"/clients/{zoe.pk}/").content.decode()
    assert "Client anonymisé" in page
    assert "Demande écrite du 3 mai" in page
    assert "Modifier sa fiche" not in page
    assert "Anonymiser cette personne" not in page
    assert listed(isabelle) == ["Élodie Marchand"]
    for path in ("fiche", "carte", "donnees", "consentements", "anonymiser"):
        assert isabelle.get(f"/clients/{zoe.pk}/{path}/").status_code == 404
    assert isabelle.post(f"/clients/{zoe.pk}/fiche/", {"first_name": "Zoé"}).status_code == 404
    sale = JournalEntry.objects.get(kind="sold", customer=zoe.uuid)
    assert "Client anonymisé" in isabelle.get(f"/transactions/{sale.pk}/").content.decode()


def test_without_their_name_and_a_reason_or_while_something_is_to_reach_them_nothing_goes(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    assert "Ce n’est pas le nom de ce client." in forget(isabelle, zoe, name="Zoé")
    assert "Tapez le nom du client pour confirmer." in forget(isabelle, zoe, name="")
    assert "Dites pourquoi" in forget(isabelle, zoe, reason="")
    assert "Ne nommez pas la personne" in forget(isabelle, zoe, reason="Mme Fontaine le veut")
    GiftCard.objects.update(sent_at=None)
    assert "Une carte cadeau doit encore partir" in forget(isabelle, zoe)
    GiftCard.objects.update(sent_at=timezone.now())
    meeting = appointment(world.denis, zoe)
    assert "Un rendez-vous est prévu" in forget(isabelle, zoe)
    zoe.refresh_from_db()
    assert (zoe.forgotten_at, zoe.first_name) == (None, "Zoé")
    meeting.state = State.CANCELLED
    meeting.save()
    assert "C’est fait" in forget(isabelle, zoe)
