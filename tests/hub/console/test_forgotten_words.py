# SPDX-License-Identifier: Apache-2.0
"""What stays of somebody who was anonymised names them nowhere, and excuses no other change."""

from dataclasses import replace
from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone

from hub.ledger import chains, redacting
from hub.ledger.forgotten import Forgetting, Redaction
from hub.ledger.models import JournalEntry
from hub.ledger.reading import entry_of
from loyalty.wire import encode_entry
from tests.hub.console.test_forgetting import forget, known
from tests.hub.console.world import World, baguette


@pytest.fixture
def excused(world: World, isabelle: Client) -> JournalEntry:
    """A sale whose amount was changed, with a row that says it was redacted."""
    world.till.sell(baguette(9000), customer=world.elodie)
    world.till.send()
    sale = JournalEntry.objects.filter(kind="sold").latest("pk")
    entry = entry_of(sale.raw)
    assert entry is not None
    left = encode_entry(replace(entry, facts=replace(entry.facts, lines=(baguette(1),))))
    before = JournalEntry.objects.get(segment=sale.segment_id, n=sale.n - 1).hash
    digest = sha256(left).hexdigest()
    Redaction.objects.create(entry=sale, before=before, digest=digest, at=timezone.now())
    JournalEntry.objects.filter(pk=sale.pk).update(raw=left)
    return sale


def test_a_redaction_excuses_no_other_change_than_its_own(
    world: World, excused: JournalEntry
) -> None:
    assert [f"l’écriture {excused.n} " in one for one in chains.breaks(world.lucet.pk)] == [True]


def test_a_verification_that_trusts_every_redaction_does_not_see_it(
    world: World, excused: JournalEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redacting, "is_silent", lambda _raw: True)
    assert chains.breaks(world.lucet.pk) == []


def test_a_name_left_in_an_entry_is_no_redaction_of_it(world: World, isabelle: Client) -> None:
    forget(isabelle, known(world, isabelle))
    for row in Redaction.objects.select_related("entry"):
        assert redacting.is_silent(bytes(row.entry.raw)), row.entry.kind
    for row in JournalEntry.objects.filter(redaction=None):
        entry = entry_of(row.raw)
        if entry and redacting.facts_without(entry.facts) != entry.facts:
            assert not redacting.is_silent(bytes(row.raw)), row.kind


@pytest.mark.parametrize(
    "reason",
    [
        "Zoé l’a demandé",
        "Mme FONTAINE l’a demandé",
        "elle, La Zette, l’a demandé",
        "a écrit de zoe@exemple.re",
        "a appelé du 06 92 12 34 56",
        "a appelé du 06.92.12-34.56",
        "a appelé du +262 692 12 34 56",
        "a appelé du 00262692123456",
        "carte HA-9 rendue",
        "carte ha 10 rendue",
        "carte ha10",
        "carte {code} rendue",
    ],
)
def test_a_reason_that_leads_to_somebody_is_refused_however_it_is_spelled(
    world: World, isabelle: Client, reason: str
) -> None:
    zoe = known(world, isabelle)
    number = zoe.cards.order_by("pk")[0].code
    spaced = " ".join((number[:4], number[4:8], number[8:]))
    given = {"reason": reason.format(code=spaced), "name": "Zoé Fontaine"}
    page = isabelle.post(f"/clients/{zoe.pk}/anonymiser/", given).content.decode()
    assert "Ne nommez pas la personne" in page
    assert not Forgetting.objects.exists()


@pytest.mark.parametrize("reason", ["Zoéline l’a demandé", "le 10 mai", "12 34 56", "carte rendue"])
def test_a_reason_that_leads_to_nobody_is_taken(
    world: World, isabelle: Client, reason: str
) -> None:
    zoe = known(world, isabelle)
    isabelle.post(f"/clients/{zoe.pk}/anonymiser/", {"reason": reason, "name": "Zoé Fontaine"})
    assert Forgetting.objects.exists()
