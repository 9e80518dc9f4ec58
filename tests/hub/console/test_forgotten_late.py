# SPDX-License-Identifier: Apache-2.0
"""What reaches the hub of somebody after they were anonymised brings nothing of them back."""

from dataclasses import replace
from datetime import timedelta

from django.core import mail
from django.test import Client
from django.utils import timezone

from hub.ledger import audit, chains, consenting, notices, shelf
from hub.ledger.consents import Channel, Consent, Surface
from hub.ledger.forgetting import finish
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.reading import entry_of
from hub.ledger.records import Record, change
from hub.merchants import sealed
from loyalty.entry import CardsChanged, GiftSold
from loyalty.wire import encode_entry
from tests.hub.console.test_forgetting import forget, known, leaks
from tests.hub.console.world import World, baguette


def test_what_comes_late_of_them_is_forgotten_too(world: World, isabelle: Client) -> None:
    zoe = known(world, isabelle)
    joined = entry_of(JournalEntry.objects.get(kind="joined", customer="la-zette").raw)
    assert joined is not None
    forget(isabelle, zoe)
    world.till.write(CardsChanged(customer=zoe.uuid, code="HA-77", note="Zoé Fontaine l’a perdue"))
    # and one of her entries again, as a till sends it that has forgotten that it did
    world.till.keep(encode_entry(replace(joined, n=world.till.n + 1)))
    world.till.sell(baguette(6000), customer=zoe)
    world.till.send()
    assert not Customer.objects.get(pk=zoe.pk).cards.filter(code="HA-77").exists()
    assert "ledger.JournalEntry.raw" in leaks()
    finish(world.lucet, now=timezone.now() + timedelta(minutes=1))
    assert leaks() == set()
    assert chains.breaks(world.lucet.pk) == []
    assert audit.faults(world.lucet.pk) == []


def test_a_gift_card_that_they_bought_and_that_comes_late_is_mailed_and_then_says_nothing_of_them(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    forget(isabelle, zoe)
    people = {"code": "AKDFW7M2QX", "buyer": "Zoé Fontaine", "recipient": "Max", "message": "Zoé"}
    gift = GiftSold(
        receipt="G7",
        fingerprint="late",
        last4="M2QX",
        cents=3000,
        virtual=True,
        customer=zoe.uuid,
        sealed=sealed.seal(world.lucet.hub_key, people | {"email": "max@exemple.re"}),
    )
    world.till.write(gift)
    world.till.send()
    later = timezone.now() + timedelta(minutes=1)
    finish(world.lucet, now=later)
    assert leaks() == {"ledger.GiftCard.buyer", "ledger.GiftCard.message"}, "its mail says of whom"
    notices.send_due(now=later + timedelta(days=1))
    assert "Zoé Fontaine vous offre" in mail.outbox[-1].body
    finish(world.lucet, now=later)
    assert leaks() == set()
    made = GiftCard.objects.get(fingerprint="late")
    assert (made.cents, made.code, made.email) == (3000, "AKDFW7M2QX", "")
    assert chains.breaks(world.lucet.pk) == []


def test_what_was_on_its_way_while_they_were_forgotten_is_late_too(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    began = timezone.now()
    forget(isabelle, zoe)
    world.till.write(CardsChanged(customer=zoe.uuid, code="HA-77", note="Zoé Fontaine l’a perdue"))
    world.till.send()
    # as when `post` has looked at the clock and waits for the row that the forgetting holds
    JournalEntry.objects.filter(kind="cards_changed", redaction=None).update(posted_at=began)
    assert leaks() == {"ledger.JournalEntry.raw"}
    finish(world.lucet, now=timezone.now())
    assert leaks() == set()


def test_an_entry_of_theirs_that_comes_once_more_is_counted_already(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    refund = entry_of(JournalEntry.objects.get(kind="refunded", customer=zoe.uuid).raw)
    assert refund is not None
    forget(isabelle, zoe)
    world.till.keep(encode_entry(replace(refund, n=world.till.n + 1)))
    world.till.send()
    (row,) = shelf.rows(world.lucet.pk)
    (read,) = shelf.read([row])
    assert read.obstacle is shelf.Obstacle.COUNTED
    finish(world.lucet, now=timezone.now())
    (read,) = shelf.read(list(shelf.rows(world.lucet.pk)))
    assert read.obstacle is shelf.Obstacle.COUNTED


def test_a_form_that_was_sent_while_they_were_forgotten_brings_nothing_back(
    world: World, isabelle: Client
) -> None:
    zoe = known(world, isabelle)
    forget(isabelle, zoe)
    assert zoe.first_name == "Zoé", "as a page read her a moment before"
    assert not change(zoe, Record(first_name="Zoé", last_name="Fontaine"))
    noted = consenting.note(
        zoe,
        {Channel.EMAIL: False, Channel.SMS: True},
        consenting.Proof(
            said="Zoé Fontaine l’a dit", surface=Surface.CONSOLE, person_id=world.isabelle.pk
        ),
    )
    assert noted == []
    assert leaks() == set()
    assert not Customer.objects.get(pk=zoe.pk).accepts_sms
    assert Consent.objects.count() == 1
