# SPDX-License-Identifier: Apache-2.0
"""Files of products and members: read, shown line by line, and only then counted (SPEC D5, M6)."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from hub.console import reading
from hub.console.views import imports
from hub.ledger import records
from hub.ledger.imports import work
from hub.ledger.models import Account, Customer, JournalEntry
from hub.ledger.records import Record
from hub.ledger.staging import Import, ImportLine, Stage
from hub.merchants.models import Merchant, Shop
from hub.programmes.models import Product
from hub.programmes.publish import keep_category, keep_product, rules_of
from loyalty.feed import CategoryIs, ProductIs
from tests.hub.console.test_catalogue import heard
from tests.hub.console.world import World, baguette

PRODUCTS, MEMBERS = "/catalogue/importer/", "/clients/importer/"
EAN = "3017620422003"
BREADS = f"""Nom;Rayon;Prix;TVA;Code-barres;Donne des points
Baguette;Pains;1,35;5,5;{EAN};1
Éclair;Pâtisseries;3,20;5,5;;1
Sac;Divers;0,20;20;;0
"""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is let in is all in when the page comes, however busy this machine is."""
    monkeypatch.setattr(imports, "WAITED_S", 600.0)


def send(client: Client, to: str, text: str | bytes, *, name: str = "liste.csv", **more: str):
    """Send a file and follow to what is said of it."""
    content = text.encode() if isinstance(text, str) else text
    shop = {"shop": Shop.objects.get(name="Saint-Denis").pk} if to == MEMBERS else {}
    form = {"file": SimpleUploadedFile(name, content), "known": "update"} | shop | more
    return client.post(to, form, follow=True)


def read(client: Client, to: str, text: str | bytes, **more: str) -> str:
    return send(client, to, text, **more).content.decode()


def let(client: Client, act: str = "apply") -> str:
    """Decide about the newest import."""
    newest = Import.objects.order_by("-pk").first()
    assert newest is not None
    return client.post(f"/importer/{newest.pk}/", {"act": act}, follow=True).content.decode()


def balance(merchant: Merchant, owner: str, kind: str) -> int:
    found = Account.objects.filter(merchant=merchant, owner=owner, kind=kind, balance__gt=0)
    return sum(found.values_list("balance", flat=True))


def products(merchant: Merchant) -> set[tuple[str, str, int]]:
    rows = Product.objects.filter(merchant=merchant, gone=False)
    return set(rows.values_list("name", "category__name", "cents"))


@pytest.mark.row("D5")
def test_a_catalogue_is_shown_before_it_counts_and_tills_hear_of_it_then(
    world: World, isabelle: Client
) -> None:
    before = products(world.lucet)
    page = read(isabelle, PRODUCTS, BREADS)
    assert "Importer 3 lignes" in page
    assert "Ces rayons seront ajoutés : Divers, Pains, Pâtisseries" in page
    assert products(world.lucet) == before, "nothing counts before it was looked at"
    assert "L’import est terminé" in let(isabelle)
    added = {("Baguette", "Pains", 135), ("Éclair", "Pâtisseries", 320), ("Sac", "Divers", 20)}
    assert products(world.lucet) == before | added
    assert {item.name for item in heard(world, ProductIs)} >= {"Baguette", "Éclair", "Sac"}
    assert {item.name for item in heard(world, CategoryIs)} >= {"Pains", "Pâtisseries", "Divers"}
    assert rules_of(world.lucet.pk).not_earning == [Product.objects.get(name="Sac").pk]


@pytest.mark.row("D5")
def test_the_same_file_again_changes_nothing(world: World, isabelle: Client) -> None:
    read(isabelle, PRODUCTS, BREADS)
    let(isabelle)
    first, told = products(world.lucet), len(heard(world, ProductIs))
    assert "Ce fichier ne changera rien." in read(isabelle, PRODUCTS, BREADS)
    let(isabelle)
    assert products(world.lucet) == first
    assert len(heard(world, ProductIs)) == told


@pytest.mark.row("D5")
def test_what_is_known_is_changed_or_left_as_the_merchant_says(
    world: World, isabelle: Client
) -> None:
    breads = keep_category(world.lucet.pk, name="Pains")
    known = keep_product(world.lucet.pk, name="Pain", category=breads, cents=100, ean=EAN)
    page = read(isabelle, PRODUCTS, BREADS, known="keep")
    assert "laissé comme il est" in page
    let(isabelle)
    assert Product.objects.get(pk=known.pk).cents == 100
    page = read(isabelle, PRODUCTS, BREADS)
    assert "Nom, Prix, TVA" in page
    let(isabelle)
    assert Product.objects.get(pk=known.pk).name == "Baguette"
    assert Product.objects.filter(merchant=world.lucet, ean=EAN).count() == 1


@pytest.mark.row("D5")
def test_each_error_is_said_by_line_and_column_and_the_rest_can_go_without(
    world: World, isabelle: Client
) -> None:
    text = (
        "Nom,Rayon,Prix,Code-barres,Couleur\n"
        'Bon,Pains,"1,20",,\n'
        ",Pains,1.20,,\n"
        "Cher,Pains,beaucoup,,\n"
        "Faux,Pains,1,3017620422004,\n"
        "Bon,pains,2,,\n"
    )
    page = read(isabelle, PRODUCTS, text)
    assert "4 lignes sont à corriger" in page
    assert "Ces colonnes ne sont pas lues : Couleur" in page
    wrong = {row.n: row.wrong for row in ImportLine.objects.filter(act="wrong")}
    assert wrong == {
        3: [["Nom", "Donnez-lui un nom."]],
        4: [["Prix", "Un montant en euros, comme 12,50."]],
        5: [["Code-barres", "Un chiffre est faux : scannez-le, ou relisez-le."]],
        6: [["Rayon + Nom", "Déjà à la ligne 2."]],
    }
    assert "Importer 1 ligne, sans les autres" in page
    let(isabelle)
    assert products(world.lucet) >= {("Bon", "Pains", 120)}
    assert not Product.objects.filter(name__in=["Cher", "Faux"]).exists()


def test_a_file_that_is_dropped_never_counts(world: World, isabelle: Client) -> None:
    read(isabelle, PRODUCTS, BREADS)
    assert "rien n’a changé" in let(isabelle, "drop")
    assert not ImportLine.objects.exists()
    let(isabelle)
    assert not Product.objects.filter(name="Baguette").exists()


def test_a_long_file_is_finished_by_the_jobs_and_its_page_says_how_far_it_is(
    world: World, isabelle: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"Article {n};Pains;1,00\n" for n in range(450))
    read(isabelle, PRODUCTS, "Nom;Rayon;Prix\n" + lines)
    monkeypatch.setattr(imports, "WAITED_S", -1.0)
    page = let(isabelle)
    assert f"{work.AT_ONCE} lignes sur 450 sont enregistrées" in page
    assert 'hx-trigger="every 2s"' in page
    assert work.apply_due(rest=lambda _s: None) == 450 - work.AT_ONCE
    assert Product.objects.filter(name__startswith="Article ").count() == 450
    newest = Import.objects.get()
    assert (newest.stage, newest.counts) == (Stage.DONE, {"add": 450})


# ── members ─────────────────────────────────────────────────────────────────────────────────────

PEOPLE = """Nom;Prénom;E-mail;Téléphone;Code client;Date de naissance;Pro;Adhésion au programme de fidélité
Payet;Zoé;ZOE@exemple.re;;;02/03/1980;1;1
Hoarau;Léo;;692123456;CARTE-7;;;0
"""


@pytest.mark.row("M6")
@pytest.mark.row("C15")
def test_members_are_registered_by_an_entry_each_and_join_where_the_file_says_1(
    world: World, isabelle: Client
) -> None:
    page = read(isabelle, MEMBERS, PEOPLE)
    assert "Importer 2 lignes" in page
    assert not Customer.objects.filter(first_name="Zoé").exists()
    let(isabelle)
    zoe, leo = (Customer.objects.get(first_name=name) for name in ("Zoé", "Léo"))
    assert (zoe.email, zoe.birthday, zoe.pro, zoe.member) == ("zoe@exemple.re", "03-02", True, True)
    assert (leo.phone, leo.member, leo.cards.get().code) == ("0692123456", False, "CARTE-7")
    entries = JournalEntry.objects.filter(kind="joined", customer__in=[zoe.uuid, leo.uuid])
    assert entries.count() == 2
    assert {entry.shop_id for entry in entries} == {world.denis.pk}
    assert [balance(world.lucet, who.uuid, "welcome") for who in (zoe, leo)] == [1, 0]


@pytest.mark.row("M6")
def test_who_is_known_by_card_phone_or_e_mail_is_changed_and_not_made_twice(
    world: World, isabelle: Client
) -> None:
    known = records.create(
        world.denis,
        Record(first_name="Zo", email="zoe@exemple.re", phone="0692000000"),
        code="",
        member=False,
        person_id=None,
    )
    count = Customer.objects.count()
    page = read(isabelle, MEMBERS, PEOPLE)
    assert "Prénom, Nom, Anniversaire, Professionnel, Adhésion" in page
    let(isabelle)
    assert Customer.objects.count() == count + 1, "only Léo is new"
    now = Customer.objects.get(pk=known.pk)
    assert (now.first_name, now.last_name, now.phone) == ("Zoé", "Payet", "0692000000")
    assert now.member, "1 lets somebody join who was a customer already"
    before = JournalEntry.objects.count()
    assert "Ce fichier ne changera rien." in read(isabelle, MEMBERS, PEOPLE)
    let(isabelle)
    assert JournalEntry.objects.count() == before


@pytest.mark.row("M6")
@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("24/12;1987;Femme;97410", (1987, "f", "97410")),
        ("29/2;1988;Mme;1000", (1988, "f", "01000")),
        ("24/12;;Autre;sw1a 1aa", (None, "x", "SW1A1AA")),
        (";;M.;", (None, "m", "")),
        (";;;", (None, "", "")),
    ],
)
def test_year_of_birth_gender_and_postcode_are_read_as_people_write_them(
    world: World, isabelle: Client, said: str, known: tuple
) -> None:
    read(isabelle, MEMBERS, f"Prénom;Anniversaire;Année de naissance;Civilité;CP\nAna;{said}\n")
    let(isabelle)
    ana = Customer.objects.get(first_name="Ana")
    assert (ana.birth_year, ana.gender, ana.postcode) == known


@pytest.mark.row("M6")
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("24/12;1800;;", "Entre 1900 et"),
        ("24/12;jeune;;", "Un nombre entier."),
        (";1987;;", "L’année va avec le jour et le mois."),
        ("29/2;1987;;", "Cette année n’a pas de 29 février."),
        (";;beau;", "Femme, Homme ou Autre."),
        (";;;97 4!0", "Des chiffres, comme 97410."),
    ],
)
def test_what_is_no_year_gender_or_postcode_is_to_be_corrected(
    world: World, isabelle: Client, said: str, answer: str
) -> None:
    page = read(isabelle, MEMBERS, f"Prénom;Anniversaire;Année de naissance;Genre;CP\nAna;{said}\n")
    assert answer in page
    assert "Ce fichier ne changera rien." in page


@pytest.mark.row("M6")
def test_a_line_that_is_two_people_is_to_be_corrected(world: World, isabelle: Client) -> None:
    for name, phone in (("Ana", "0692111111"), ("Eve", "0692222222")):
        record = Record(first_name=name, phone=phone, email=f"{name.lower()}@exemple.re")
        records.create(world.denis, record, code="", member=True, person_id=None)
    page = read(isabelle, MEMBERS, "Prénom;Tél;E-mail\nAna;0692111111;eve@exemple.re\n")
    assert "C’est déjà celui de « Eve »" in page
    assert "Ce fichier ne changera rien." in page


@pytest.mark.row("M6")
def test_who_joined_between_the_look_and_the_deed_is_not_made_twice(
    world: World, isabelle: Client
) -> None:
    read(isabelle, MEMBERS, PEOPLE)
    record = Record(first_name="Zoé", email="zoe@exemple.re")
    records.create(world.denis, record, code="", member=True, person_id=None)
    let(isabelle)
    assert Customer.objects.filter(email="zoe@exemple.re").count() == 1


@pytest.mark.row("M6")
def test_what_was_exported_is_imported_without_a_change(world: World, isabelle: Client) -> None:
    record = Record(
        first_name="=Zoé", last_name="@Payet", phone="0692123456", birthday="12-24",
        birth_year=1987, gender="f", postcode="01000",
    )  # fmt: skip
    records.create(world.denis, record, code="", member=True, person_id=None)
    for form in ("csv", "xlsx"):
        file = b"".join(isabelle.get("/clients/", {"format": form}))
        page = read(isabelle, MEMBERS, file, name=f"clients.{form}")
        assert "Ce fichier ne changera rien." in page
        assert "à corriger" not in page


@pytest.mark.row("D5", "M6")
@pytest.mark.parametrize("to", [PRODUCTS, MEMBERS])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_pages_own_sample_is_imported(
    world: World, isabelle: Client, to: str, form: str
) -> None:
    sample = b"".join(isabelle.get(to, {"format": form}))
    page = read(isabelle, to, sample, name=f"modele.{form}")
    assert "Importer 3 lignes" in page
    assert "à corriger" not in page
    assert "L’import est terminé" in let(isabelle)


def test_a_sample_opens_in_a_spreadsheet(world: World, isabelle: Client) -> None:
    book = load_workbook(io.BytesIO(b"".join(isabelle.get(MEMBERS, {"format": "xlsx"}))))
    heads = [cell.value for cell in next(book.worksheets[0].iter_rows())]
    assert "Adhésion au programme de fidélité" in heads
    text = b"".join(isabelle.get(PRODUCTS, {"format": "csv"})).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text), delimiter=";"))[:3] == ["Nom", "Rayon", "Prix"]


def test_a_file_with_english_heads_is_read_too(world: World, isabelle: Client) -> None:
    page = read(isabelle, MEMBERS, "First name,Last name,Phone\nZoé,Payet,0692123456\n")
    assert "Importer 1 ligne" in page


# ── what no file may do ─────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_too_large_is_let_go_of_as_it_comes(
    world: World, isabelle: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100_000)
    page = read(isabelle, PRODUCTS, b"Nom;Rayon;Prix\n" + b"a;b;1\n" * 20_000)
    assert "20 Mo au plus" in page
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "Ce fichier est vide."),
        ("Nom;Rayon\nPain;Pains\n", "Il manque à la première ligne : « Prix »"),
        ("Nom;Rayon;Prix\n", "pas de ligne sous les titres"),
        (b"%PDF-1.7\n\x00\x01", "n’est ni un CSV ni un classeur"),
    ],
)
def test_a_file_that_can_t_be_read_says_why_and_leaves_nothing(
    world: World, isabelle: Client, content: str | bytes, words: str
) -> None:
    assert words in read(isabelle, PRODUCTS, content)
    assert not Import.objects.exists()


def test_lines_that_are_too_many_leave_nothing(
    world: World, isabelle: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_LINES", 600)
    lines = "".join(f"Article {n};Pains;1\n" for n in range(601))
    assert "50 000 lignes au plus" in read(isabelle, PRODUCTS, "Nom;Rayon;Prix\n" + lines)
    assert not Import.objects.exists()
    assert not ImportLine.objects.exists()


def test_an_order_of_points_is_not_what_an_import_changes(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(5000), customer=world.elodie)
    world.till.send()
    points = balance(world.lucet, world.elodie.uuid, "points")
    code = world.elodie.cards.get().code
    read(isabelle, MEMBERS, f"Prénom;Carte;Points\nÉlodie;{code};9999\n")
    let(isabelle)
    assert balance(world.lucet, world.elodie.uuid, "points") == points
