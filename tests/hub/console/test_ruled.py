# SPDX-License-Identifier: Apache-2.0
"""A sale that its till decided otherwise than its rules give says so, and stands."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.test import Client

from hub.ledger.models import JournalEntry
from loyalty.entry import Entry, Sold
from loyalty.wire import decode_entry
from tests.hub.console.world import World, baguette
from tests.hub.rules import rules

SAYS = "La caisse a décidé autrement que ses règles."


def sold(world: World) -> Sold:
    """What the till wrote last."""
    row = JournalEntry.objects.filter(kind="sold").latest("pk")
    entry = decode_entry(bytes(row.raw))
    assert isinstance(entry, Entry)
    assert isinstance(entry.facts, Sold)
    return entry.facts


def audit() -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "maison-lucet")
    assert ended.value.code == 0


@pytest.mark.row("C23")
def test_the_page_of_the_sale_and_the_audit_say_what_differs(
    world: World, isabelle: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    world.till.sell(baguette(40_00), customer=world.elodie)
    world.till.send()
    right = JournalEntry.objects.get(kind="sold")
    assert SAYS not in isabelle.get(f"/transactions/{right.pk}/").content.decode()
    audit()
    assert "au lieu de" not in capsys.readouterr().out
    world.till.write(replace(sold(world), receipt="0099", points=55))
    world.till.send()
    wrong = JournalEntry.objects.get(receipt="0099")
    page = isabelle.get(f"/transactions/{wrong.pk}/").content.decode()
    assert SAYS in page
    assert "Points gagnés</td>" in page
    audit()
    said = capsys.readouterr().out
    assert "ticket 0099" in said
    assert "points 55 au lieu de 40" in said


@pytest.mark.row("C23")
def test_a_sale_is_judged_by_the_rules_of_its_own_day(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(40_00), customer=world.elodie)
    world.till.send()
    rules(world.lucet.pk, pending_days=30)
    row = JournalEntry.objects.get(kind="sold")
    assert SAYS not in isabelle.get(f"/transactions/{row.pk}/").content.decode()
