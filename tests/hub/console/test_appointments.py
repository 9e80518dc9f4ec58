# SPDX-License-Identifier: Apache-2.0
"""Services and classes, and appointments for them on the clock of each shop."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from hub.ledger.appointments import Appointment
from hub.ledger.booking import NoSuchTime, moment_of, week_of
from hub.merchants.models import FeedItem
from hub.programmes.models import Product
from loyalty.feed import ProductIs
from loyalty.wire import decode_item
from tests.hub.console.world import World, appointment, baguette, service

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
WEEK = "/rendez-vous/"
MAKE = "/rendez-vous/prendre/"
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
"""Nights in which Paris turns its clocks; La Réunion never does."""


def asked(world: World, **more: object) -> dict[str, object]:
    given = {"shop": world.denis.pk, "day": "2026-12-01", "clock": "14:30", "minutes": ""}
    return given | {"product": service(world.lucet).pk} | more


@pytest.mark.row("D6")
def test_a_service_is_a_product_with_a_duration_and_the_tills_hear_of_it(
    world: World, isabelle: Client
) -> None:
    given = {
        "kind": "class", "name": "Cours de pain", "cents": "35", "minutes": "120",
        "earns": "on", "booking_points": "50",
    }  # fmt: skip
    page = isabelle.post("/rendez-vous/prestations/ajouter/", given, follow=True)
    assert "Le cours « Cours de pain » est enregistré." in page.content.decode()
    made = Product.objects.get(name="Cours de pain")
    assert (made.kind, made.minutes, made.booking_points) == ("class", 120, 50)
    items = FeedItem.objects.filter(merchant=world.lucet).values_list("body", flat=True)
    told = [decode_item(bytes(body)) for body in items]
    assert [i.minutes for i in told if isinstance(i, ProductIs)] == [120]
    assert "Cours de pain" in isabelle.get("/rendez-vous/prestations/").content.decode()


def test_a_service_without_what_it_needs_says_what(world: World, isabelle: Client) -> None:
    page = isabelle.post("/rendez-vous/prestations/ajouter/", {"earns": "on"}).content.decode()
    for said in ("Donnez-lui un nom.", "Combien de minutes ?", "Combien de points ?"):
        assert said in page
    assert not Product.objects.filter(merchant=world.lucet).exists()


@pytest.mark.parametrize(("typed", "kept"), [("240", 240), ("241", 180), ("179", 180)])
def test_points_come_three_to_four_hours_after_the_end(
    world: World, isabelle: Client, typed: str, kept: int
) -> None:
    isabelle.post("/rendez-vous/prestations/", {"credit_after_min": typed})
    world.lucet.refresh_from_db()
    assert world.lucet.credit_after_min == kept


@pytest.mark.row("D6")
def test_an_appointment_is_made_moved_and_cancelled(world: World, isabelle: Client) -> None:
    found = isabelle.get(MAKE, {"q": "marchand"}).content.decode()
    service(world.lucet)
    found = isabelle.get(MAKE, {"q": "marchand"}).content.decode()
    assert f"customer={world.elodie.pk}" in found
    answer = isabelle.post(f"{MAKE}?customer={world.elodie.pk}", asked(world))
    made = Appointment.objects.get()
    assert made.starts_at == datetime(2026, 12, 1, 14, 30, tzinfo=REUNION)
    assert (made.minutes, made.points, made.state) == (45, 20, "booked")
    moved = {"act": "move", "day": "2026-12-02", "clock": "09:00", "minutes": "60"}
    isabelle.post(answer.url, moved)
    made.refresh_from_db()
    assert (made.starts_at, made.state) == (
        datetime(2026, 12, 2, 9, 0, tzinfo=REUNION),
        "moved",
    )
    isabelle.post(answer.url, {"act": "cancel"})
    page = isabelle.get(answer.url).content.decode()
    assert page.count("Isabelle Lucet</small>") == 3
    assert "Annulé" in page
    late = isabelle.post(answer.url, {"act": "miss"}, follow=True).content.decode()
    assert "déjà terminé" in late


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_day_of_no_calendar_is_refused_beside_its_field(
    world: World, isabelle: Client, day: str
) -> None:
    url = f"{MAKE}?customer={world.elodie.pk}"
    answer = isabelle.post(url, asked(world, day=day, clock="23:59"))
    assert "Une date, comme 24/12/2026." in answer.content.decode()
    assert not Appointment.objects.exists()


@pytest.mark.row("D6")
def test_who_did_not_come_is_marked_missed(world: World, isabelle: Client) -> None:
    one = appointment(world.denis, world.elodie, starts_at=timezone.now() - timedelta(hours=1))
    url = f"/rendez-vous/{one.pk}/"
    assert "Le client n’est pas venu" in isabelle.get(url).content.decode()
    isabelle.post(url, {"act": "miss"})
    one.refresh_from_db()
    assert one.state == "missed"


def test_two_at_once_are_shown_and_not_forbidden(world: World, isabelle: Client) -> None:
    soin, cours = service(world.lucet), service(world.lucet, "Cours", kind="class")
    at = datetime(2026, 12, 1, 10, 0, tzinfo=REUNION)
    theo = world.till.join("Théo", "Maillot", serial=900)
    one = appointment(world.denis, world.elodie, starts_at=at, product=soin)
    half = at + timedelta(minutes=30)
    appointment(world.denis, theo, starts_at=half, product=soin)
    page = isabelle.get(f"{WEEK}?shop={world.denis.pk}&day=2026-12-01").content.decode()
    assert page.count("en même temps") == 2
    assert "Théo Maillot" in isabelle.get(f"/rendez-vous/{one.pk}/").content.decode()
    # a class is for many, and what follows without a pause meets nobody
    later = at + timedelta(days=1)
    for who in (world.elodie, theo):
        appointment(world.denis, who, starts_at=later, product=cours)
    appointment(world.denis, theo, starts_at=later + timedelta(minutes=45), product=soin)
    page = isabelle.get(f"{WEEK}?shop={world.denis.pk}&day=2026-12-01").content.decode()
    assert page.count("en même temps") == 2


def test_a_shop_shows_its_week_on_its_own_clock(world: World, isabelle: Client) -> None:
    world.paul.zone = "Europe/Paris"
    world.paul.save()
    at = datetime(2026, 12, 7, 22, 30, tzinfo=UTC)  # Monday in Paris, Tuesday in La Réunion
    appointment(world.paul, world.elodie, starts_at=at)
    page = isabelle.get(f"{WEEK}?shop={world.paul.pk}&day=2026-12-10").content.decode()
    monday, tuesday = page.split("<section")[1:3]
    assert "23:30–00:15" in monday
    assert "Élodie" not in tuesday
    row = isabelle.get("/rendez-vous/liste/").content.decode()
    assert "7 déc., 23:30" in row


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (PARIS, AUTUMN, 169),
        (PARIS, SPRING, 167),
        (REUNION, AUTUMN, 168),
        (REUNION, SPRING, 168),
    ],
)
def test_a_week_is_as_long_as_its_clocks_say(zone: ZoneInfo, day: date, hours: int) -> None:
    days, since, until = week_of(day, zone)
    assert days[0].weekday() == 0
    assert day in days
    assert until.astimezone(UTC) - since.astimezone(UTC) == timedelta(hours=hours)


def test_the_night_that_has_an_hour_twice_means_the_first() -> None:
    at = moment_of(AUTUMN, time(2, 30), PARIS)
    assert at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment_of(AUTUMN, time(2, 30), REUNION) == datetime(2026, 10, 24, 22, 30, tzinfo=UTC)


def test_the_night_that_lacks_an_hour_has_no_such_time(world: World, isabelle: Client) -> None:
    with pytest.raises(NoSuchTime):
        moment_of(SPRING, time(2, 30), PARIS)
    assert moment_of(SPRING, time(2, 30), REUNION)
    world.denis.zone = "Europe/Paris"
    world.denis.save()
    url = f"{MAKE}?customer={world.elodie.pk}"
    said = isabelle.post(url, asked(world, day="2027-03-28", clock="02:30")).content.decode()
    assert "Cette heure n’existe pas" in said
    assert not Appointment.objects.exists()


def test_an_appointment_over_such_a_night_takes_its_minutes(world: World) -> None:
    world.denis.zone = "Europe/Paris"
    world.denis.save()
    one = appointment(
        world.denis, world.elodie, starts_at=moment_of(SPRING, time(1, 30), PARIS),
    )  # fmt: skip
    assert one.ends_at.astimezone(PARIS).time() == time(3, 15)
    other = appointment(
        world.denis, world.elodie, starts_at=moment_of(AUTUMN, time(1, 30), PARIS),
    )  # fmt: skip
    assert other.ends_at.astimezone(PARIS).time() == time(2, 15)


def test_what_was_promised_stays_promised(world: World) -> None:
    soin = service(world.lucet)
    one = appointment(world.denis, world.elodie, product=soin)
    Product.objects.filter(pk=soin.pk).update(booking_points=1)
    one.refresh_from_db()
    assert one.points == 20
    silent = service(world.lucet, "Conseil", earns=False)
    assert appointment(world.denis, world.elodie, product=silent).points == 0


def test_a_shop_sees_and_makes_its_own_appointments_only(world: World, bruno: Client) -> None:
    other = appointment(world.paul, world.elodie)
    assert bruno.get(f"/rendez-vous/{other.pk}/").status_code == 404
    refused = asked(world, shop=world.paul.pk)
    bruno.post(f"{MAKE}?customer={world.elodie.pk}", refused)
    assert Appointment.objects.filter(shop=world.denis).count() == 0
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("day", ["", "hier", "0001-01-01", "9999-12-31", "2026-13-40"])
def test_a_week_that_makes_no_sense_is_this_one(world: World, isabelle: Client, day: str) -> None:
    assert isabelle.get(WEEK, {"day": day}).status_code == 200


def test_a_long_list_is_searched_and_had_as_a_file(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(), customer=world.elodie)
    one = appointment(world.denis, world.elodie)
    answer = isabelle.get("/rendez-vous/liste/", {"q": "marchand", "format": "csv"})
    assert (
        "Élodie Marchand;Soin;Saint-Denis;prévu;20" in b"".join(answer.streaming_content).decode()
    )
    assert one.product.name not in isabelle.get("/rendez-vous/liste/?kind=missed").content.decode()
