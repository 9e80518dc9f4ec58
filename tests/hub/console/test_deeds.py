# SPDX-License-Identifier: Apache-2.0
"""Every act on the web leaves one line in the log, and no act leaves none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from hub.ledger.bonus import adjust_points
from hub.merchants import kept, stays
from hub.merchants.deeds import Deed, Did, Stay
from hub.merchants.doing import doing, note
from hub.merchants.models import Person, Role
from tests.hub.console.deeds import DEEDS, SILENT
from tests.hub.console.shown import shown
from tests.hub.console.test_costs import queries
from tests.hub.console.test_walls import ADDRESSES, Address
from tests.hub.console.things import things_of
from tests.hub.console.world import ENTERING, World

LOG = "/journal/"
EVERYWHERE = "/commerces/journal/"


# ── nothing is forgotten ────────────────────────────────────────────────────────────────────────


def test_every_address_that_takes_a_form_is_here() -> None:
    posting = {address.name for address in ADDRESSES if address.method == "post"}
    assert posting == DEEDS.keys() | SILENT.keys()
    assert not DEEDS.keys() & SILENT.keys()


@pytest.mark.row("A10")
def test_every_act_on_the_web_leaves_one_line(
    world: World, as_: Callable[[Person], Client]
) -> None:
    things = things_of(world)
    wrong = []
    for address in ADDRESSES:
        if address.method == "post" and address.name in DEEDS:
            before = transaction.savepoint()
            noted = _done(address, things.get(address.of, (None,))[0], world, as_)
            if noted != [DEEDS[address.name].did]:
                wrong.append(f"{address.name}: {noted}")
            transaction.savepoint_rollback(before)
    assert not wrong


def _done(address: Address, pk: object, world: World, as_: Callable[[Person], Client]) -> list[str]:
    """Do there what the table says; gives what was noted of it."""
    deed = DEEDS[address.name]
    pk = deed.pk(world) if deed.pk else pk
    client = as_(getattr(world, deed.by))
    found = deed.before(world, client) if deed.before else None
    client = found if isinstance(found, Client) else client
    url = address.url(pk) + (f"?{deed.query}={world.elodie.pk}" if deed.query else "")
    more = found if isinstance(found, dict) else {}
    typed = {name: one() if callable(one) else one for name, one in deed.typed.items()}
    page = client.get(url)
    fields = shown(page.content.decode()) if page.status_code == 200 else {}
    last = Deed.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    client.post(url, {**fields, **more, **typed})
    return list(Deed.objects.filter(pk__gt=last).order_by("pk").values_list("did", flat=True))


def test_what_is_refused_leaves_no_line(world: World, isabelle: Client) -> None:
    before = Deed.objects.count()
    url = f"/rapports/points/ajouter/?customer={world.elodie.pk}"
    isabelle.post(url, {"points": "-500", "note": "trop"})
    isabelle.post("/equipe/ajouter/", {"name": ""})
    assert Deed.objects.count() == before


def test_an_act_that_breaks_off_takes_its_line_with_it(world: World) -> None:
    def break_off() -> None:
        with doing(Did.POINTS_ADJUSTED, by=world.isabelle, about=world.elodie):
            adjust_points(world.elodie, 5, note="", shop=world.denis, person_id=None)
            raise ConnectionError

    world.lucet.refresh_from_db()
    before = world.lucet.feed_position
    with pytest.raises(ConnectionError):
        break_off()
    world.lucet.refresh_from_db()
    assert world.lucet.feed_position == before
    assert not Deed.objects.filter(did=Did.POINTS_ADJUSTED).exists()


def test_a_line_is_never_changed_nor_taken_out(world: World) -> None:
    line = note(Did.SIGNED_IN, by=world.isabelle, about=world.isabelle)
    for act in (
        line.save,
        line.delete,
        Deed.objects.all().delete,
        lambda: Deed.objects.update(reason="x"),
    ):
        with pytest.raises(TypeError):
            act()


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE merchants_deed SET reason = 'x'",
        "DELETE FROM merchants_deed",
        "TRUNCATE merchants_deed CASCADE"
        if connection.vendor == "postgresql"
        else "INSERT OR REPLACE INTO merchants_deed (id, did, about, reason, at)"
        " SELECT id, 'account.out', about, reason, at FROM merchants_deed",
    ],
)
def test_the_database_itself_keeps_every_line(world: World, act: str) -> None:
    note(Did.SIGNED_IN, by=world.isabelle, about=world.isabelle)
    before = list(Deed.objects.order_by("pk").values_list("pk", "did", "reason"))
    connection.check_constraints()  # what the line refers to is settled: PostgreSQL truncates
    with (
        pytest.raises(IntegrityError, match="deeds are only added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act)
    assert list(Deed.objects.order_by("pk").values_list("pk", "did", "reason")) == before


def test_without_its_triggers_the_database_keeps_nothing(world: World) -> None:
    note(Did.SIGNED_IN, by=world.isabelle, about=world.isabelle)
    connection.check_constraints()  # what the line refers to is settled: PostgreSQL alters
    kept.lift(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE merchants_deed SET reason = 'x'")
    assert Deed.objects.filter(reason="x").exists()
    kept.keep(connection)


def test_no_name_is_in_the_log_but_by_its_number(world: World, isabelle: Client) -> None:
    isabelle.post("/clients/ajouter/", {"first_name": "Zoé", "shop": world.denis.pk})
    line = Deed.objects.get(did=Did.CUSTOMER_ADDED)
    assert line.about.startswith("customer:")
    assert not line.reason


# ── the page ────────────────────────────────────────────────────────────────────────────────────


def read(client: Client, url: str = LOG, **asked: object) -> str:
    return client.get(url, asked).content.decode()


@pytest.mark.row("A10")
def test_the_merchant_reads_who_did_what_to_whom(
    world: World, isabelle: Client, bruno: Client
) -> None:
    bruno.post(
        f"/rapports/points/ajouter/?customer={world.elodie.pk}", {"points": "5", "note": "Merci"}
    )
    page = read(isabelle)
    assert "Points ajoutés ou retirés à la main" in page
    assert "Bruno Hoarau" in page
    assert f'href="/clients/{world.elodie.pk}/">Élodie' in page
    assert bruno.get(LOG).status_code == 403


def test_a_file_that_was_taken_is_named(world: World, isabelle: Client, odile: Client) -> None:
    isabelle.get("/clients/?format=csv")
    isabelle.get(f"/clients/{world.elodie.pk}/donnees/")
    page = read(isabelle, kind="file")
    assert page.count("Données emportées dans un fichier") == 2
    assert "Liste des clients" in page
    assert "Maison Lucet" in read(odile, EVERYWHERE)


def test_a_merchant_reads_nothing_of_another(
    world: World, isabelle: Client, charlotte: Client
) -> None:
    note(Did.HIRED, by=world.charlotte)
    assert "Personne ajoutée" in read(charlotte)
    assert "Personne ajoutée" not in read(isabelle)


def test_the_log_is_narrowed_by_person_kind_and_days(world: World, isabelle: Client) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    note(Did.HIRED, by=world.bruno, at=long_ago)
    note(Did.PUBLISHED, by=world.isabelle)
    assert "Version publiée" not in read(isabelle, q="hoarau")
    assert "Personne ajoutée" in read(isabelle, q="hoarau")
    assert "Version publiée" in read(isabelle, kind="programme")
    assert "Personne ajoutée" not in read(isabelle, kind="programme")
    day = long_ago.date()
    narrowed = {"from": day - timedelta(days=2), "to": day + timedelta(days=2)}
    assert "Personne ajoutée" in read(isabelle, **narrowed)
    assert "Version publiée" not in read(isabelle, **narrowed)
    assert "Aucune action trouvée" in read(isabelle, q="xyzzy")


def test_older_lines_are_asked_for_by_the_last_one_shown(world: World, isabelle: Client) -> None:
    moment = timezone.now() + timedelta(minutes=1)
    for n in range(60):
        # pairs of the same moment: neither is shown twice, nor left out
        note(
            Did.HIRED, by=world.isabelle, about=f"staff:n{n}", at=moment + timedelta(seconds=n // 2)
        )
    found: list[int] = []
    url = f"{LOG}?kind=shop"
    for _page in range(3):
        answer = isabelle.get(url)
        stretch = answer.context["stretch"]
        found += [line.deed.pk for line in stretch.lines]
        url = f"{LOG}?kind=shop&before={stretch.older}"
    assert len(found) == len(set(found)) == 60
    assert stretch.older is None
    assert "Les plus récentes" in answer.content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "٣"])
def test_a_number_that_makes_no_sense_begins_with_the_newest(
    world: World, isabelle: Client, before: str
) -> None:
    assert isabelle.get(LOG, {"before": before}).context["stretch"].begins


def test_many_lines_ask_no_more_than_few(world: World, isabelle: Client, odile: Client) -> None:
    def some(n: int) -> None:
        for _i in range(n):
            note(Did.CUSTOMER_CHANGED, by=world.isabelle, about=world.elodie)
            note(Did.SHOP_CHANGED, by=world.bruno, about=world.denis)

    for client, url in ((isabelle, LOG), (odile, EVERYWHERE)):
        some(2)
        queries(client, url)
        few = queries(client, url)
        some(10)
        assert queries(client, url) <= few


# ── an operator's stay ──────────────────────────────────────────────────────────────────────────


def test_without_a_reason_nobody_goes_in(world: World, odile: Client) -> None:
    answer = odile.post("/commerces/maison-lucet/entrer/", {"reason": " "})
    assert "Dites pourquoi, en quelques mots." in answer.content.decode()
    assert odile.get("/clients/").url == "/commerces/"
    assert not Stay.objects.exists()


@pytest.mark.row("A10")
def test_a_stay_is_on_every_page_of_the_operator_and_on_the_merchants_first(
    world: World, odile: Client, isabelle: Client
) -> None:
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    for url in ("/tableau/", "/clients/", "/commerces/", "/profil/", "/aide/"):
        page = read(odile, url)
        assert "Vous êtes dans l’espace de Maison Lucet, encore 60 min" in page, url
        assert ENTERING["reason"] in page
    page = read(isabelle, "/tableau/")
    assert "Odile Payet, qui exploite ce hub, est dans votre espace jusqu’à" in page
    assert ENTERING["reason"] in page
    odile.post("/commerces/quitter/")
    assert "Vous êtes dans l’espace" not in read(odile, "/commerces/")
    assert "Odile Payet, qui exploite ce hub, était dans votre espace" in read(
        isabelle, "/tableau/"
    )
    page = read(isabelle, kind="operator")
    assert page.index("a quitté l’espace") < page.index("est entré dans l’espace")
    assert ENTERING["reason"] in page


def test_a_stay_ends_with_its_hour(world: World, odile: Client, isabelle: Client) -> None:
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    Stay.objects.update(until=timezone.now() - timedelta(minutes=5))
    answer = odile.get("/clients/?q=x")
    assert answer.url == "/commerces/maison-lucet/entrer/?next=%2Fclients%2F%3Fq%3Dx"
    assert "Votre heure est passée" in read(odile, answer.url)
    assert odile.post("/a-voir/1/", {"reason": "x"}).url == "/commerces/"
    assert (stays.close_lapsed(), stays.close_lapsed()) == (1, 0)
    assert "L’heure de l’exploitant est passée" in read(isabelle, kind="operator")
    again = odile.post("/commerces/maison-lucet/entrer/", ENTERING | {"next": "/clients/?q=x"})
    assert again.url == "/clients/?q=x"
    assert odile.get("/clients/").status_code == 200


def test_going_into_another_space_leaves_the_first(world: World, odile: Client) -> None:
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    odile.post("/commerces/librairie-des-iles/entrer/", ENTERING)
    dids = list(Deed.objects.filter(did__startswith="operator.").values_list("did", flat=True))
    assert sorted(dids) == ["operator.entered", "operator.entered", "operator.left"]
    assert "Chloé" in read(odile, "/clients/")


def test_a_stay_is_of_one_operator_alone(world: World, odile: Client) -> None:
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    omar = Person.objects.open_account("omar@hub.example", "x", name="Omar", role=Role.OPERATOR)
    stay = Stay.objects.get()
    assert stays.current(stay.pk, omar) is None
    stays.leave(stay.pk, omar)
    assert stays.current(stay.pk, world.odile)


def test_signing_out_ends_a_stay(world: World, odile: Client) -> None:
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    odile.post("/deconnexion/")
    assert Stay.objects.get().left_at
    assert Deed.objects.filter(did=Did.LEFT).count() == 1
