# SPDX-License-Identifier: Apache-2.0
"""Narrow the list of customers to whom one means, and take just those away as a file."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from hub.ledger import codes, records
from hub.ledger.models import Customer
from hub.ledger.records import Record
from hub.programmes.tiers import Tier
from tests.hub.console.test_customers import listed
from tests.hub.console.world import World, baguette

Make = Callable[..., Customer]
ADHESION = "Adhésion au programme de fidélité"


@pytest.fixture
def make(world: World) -> Make:
    """Register somebody in Saint-Denis."""

    def made(first_name: str, *, member: bool = True, **more: object) -> Customer:
        record = Record(first_name=first_name, **more)  # type: ignore[arg-type]
        return records.create(world.denis, record, code="", member=member, person_id=None)

    return made


def rows(client: Client, **asked: str) -> list[dict[str, str]]:
    """The file of the list, each row by its heads."""
    answer = client.get("/clients/", {"format": "csv", "sort": "name", **asked})
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.row("E7")
def test_the_list_is_narrowed_by_what_is_known_of_people(
    world: World, isabelle: Client, make: Make
) -> None:
    zoe, lea = make("Zoé", pro=True), make("Léa")
    gold = Tier.objects.create(merchant=world.lucet, name="Or")
    Customer.objects.filter(pk=zoe.pk).update(tier=gold.pk)
    card = lea.cards.get()
    codes.turn(card, blocked=True, note="perdue", shop=None, person_id=None)
    world.till.sell(baguette(6000), customer=zoe)
    world.till.send()
    assert listed(isabelle, pro="yes") == ["Zoé"]
    assert set(listed(isabelle, pro="no")) == {"Léa", "Élodie Marchand"}
    assert listed(isabelle, tier=gold.pk) == ["Zoé"]
    assert set(listed(isabelle, tier="none")) == {"Léa", "Élodie Marchand"}
    assert listed(isabelle, card="no") == ["Léa"]
    assert listed(isabelle, least="60", most="60") == ["Zoé"]
    assert listed(isabelle, least="61") == []
    assert set(listed(isabelle, most="0")) == {"Léa", "Élodie Marchand"}
    today = timezone.localdate()
    assert len(listed(isabelle, joined=today.replace(year=today.year - 1).isoformat())) == 3
    assert listed(isabelle, joined=today.replace(year=today.year + 1).isoformat()) == []
    assert listed(isabelle, pro="yes", card="no") == []


@pytest.mark.parametrize("asked", ["pro=x", "card=x", "tier=x", "least=x", "most=²", "joined=x"])
def test_a_filter_that_makes_no_sense_narrows_nothing(
    world: World, isabelle: Client, asked: str
) -> None:
    name, value = asked.split("=")
    assert listed(isabelle, **{name: value}) == ["Élodie Marchand"]


@pytest.mark.row("M6")
def test_the_members_on_the_list_are_taken_away_as_a_file(
    world: World, isabelle: Client, make: Make
) -> None:
    zoe = make("Zoé", last_name="Payet", phone="0692123456", birthday="12-24", pro=True)
    make("Théa", gender="f", postcode="97410", birthday="01-02", birth_year=1987, member=False)
    make("Léa", member=False)
    (row,) = rows(isabelle, pro="yes")
    assert row["Nom"] == "Payet"
    assert row["Carte"] == zoe.cards.get().code
    assert row["Téléphone"] == "0692123456"
    assert (row["Anniversaire"], row["Professionnel"], row[ADHESION]) == ("24/12", "1", "1")
    assert {row["Prénom"]: row[ADHESION] for row in rows(isabelle)} == {
        "Élodie": "1",
        "Zoé": "1",
        "Théa": "0",
        "Léa": "0",
    }
    (thea,) = rows(isabelle, q="théa")
    said = (thea["Année de naissance"], thea["Genre"], thea["Code postal"])
    assert said == ("1987", "Femme", "97410")


@pytest.mark.row("M6")
def test_a_name_that_is_a_formula_is_a_text_in_both_files(
    world: World, isabelle: Client, make: Make
) -> None:
    formula = "=HYPERLINK(1)"
    make(formula, last_name="@cmd", segment="+1")
    (row,) = rows(isabelle, q="hyperlink")
    assert (row["Prénom"], row["Nom"], row["Groupe"]) == (f"'{formula}", "'@cmd", "'+1")
    answer = isabelle.get("/clients/", {"format": "xlsx", "q": "hyperlink"})
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    assert sheet is not None
    heads, first = sheet.iter_rows()
    found = dict(zip((head.value for head in heads), first, strict=True))
    assert (found["Prénom"].value, found["Prénom"].data_type) == (formula, "s")
    assert found["Nom"].data_type == found["Groupe"].data_type == "s"


def test_who_has_no_card_that_works_is_shown_without_one(world: World, isabelle: Client) -> None:
    card = world.elodie.cards.get()
    codes.turn(card, blocked=True, note="perdue", shop=None, person_id=None)
    assert listed(isabelle) == ["Élodie Marchand"]
    assert card.code not in isabelle.get("/clients/").content.decode()
