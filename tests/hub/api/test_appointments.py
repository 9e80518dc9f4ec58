# SPDX-License-Identifier: Apache-2.0
"""An agenda makes, moves and cancels appointments, and their points come by themselves."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.ledger.acts import NewCustomer, register_customers
from hub.ledger.appointments import Appointment
from hub.ledger.crediting import credit_due
from hub.programmes.publish import keep_category, keep_product

MONDAY = "2026-12-07T14:30:00+04:00"
OVER = datetime(2026, 12, 7, 10, 30, tzinfo=UTC) + timedelta(minutes=45, hours=3)
"""When its points are due."""


@pytest.fixture
def service(merchant):
    """A treatment of 45 minutes that earns 20 points."""
    category = keep_category(merchant.pk, name="Soins")
    offer = {"kind": "service", "cents": 6000, "minutes": 45, "earns": True, "booking_points": 20}
    return keep_product(merchant.pk, category=category, name="Soin", **offer)


@pytest.fixture
def wanted(shop, service) -> dict[str, object]:
    """What an agenda asks for."""
    (elodie,) = register_customers(shop, [NewCustomer(first_name="Élodie")])
    return {
        "shop": shop.pk,
        "customer": elodie.uuid,
        "service": service.pk,
        "starts_at": MONDAY,
    }


def points(program, wanted) -> int:
    return program.get(f"/customers/{wanted['customer']}/balance").body["points"]


@pytest.mark.row("C17", "D6")
def test_an_appointment_made_by_a_program_is_credited_after_its_end(program, wanted, service):
    assert [one["id"] for one in program.get("/services").body] == [service.pk]
    made = program.post("/appointments", wanted)
    assert made.status == 201
    assert made.body["minutes"] == 45
    assert (made.body["state"], made.body["points"]) == ("booked", 20)
    credit_due(now=OVER - timedelta(minutes=1))
    assert points(program, wanted) == 0
    credit_due(now=OVER)
    assert points(program, wanted) == 20
    assert program.get(f"/appointments/{made.body['id']}").body["state"] == "done"


def test_one_that_is_moved_is_credited_after_its_new_end(program, wanted):
    made = program.post("/appointments", wanted).body["id"]
    moved = program.post(
        f"/appointments/{made}/move", {"starts_at": "2026-12-08T10:30:00Z", "minutes": 60}, key=None
    )
    assert (moved.status, moved.body["state"]) == (200, "moved")
    assert (moved.body["starts_at"], moved.body["minutes"]) == ("2026-12-08T10:30:00Z", 60)
    credit_due(now=OVER + timedelta(hours=20))
    assert points(program, wanted) == 0
    credit_due(now=OVER + timedelta(hours=25))
    assert points(program, wanted) == 20


@pytest.mark.parametrize(("act", "state"), [("cancel", "cancelled"), ("miss", "missed")])
def test_one_to_which_nobody_comes_earns_nothing(program, wanted, act, state):
    made = program.post("/appointments", wanted).body["id"]
    told = program.post(f"/appointments/{made}/{act}", key=None)
    assert (told.status, told.body["state"]) == (200, state)
    credit_due(now=OVER)
    assert points(program, wanted) == 0
    for again in ("cancel", "miss", "move"):
        body = {"starts_at": MONDAY} if again == "move" else {}
        told = program.post(f"/appointments/{made}/{again}", body, key=None)
        assert (told.status, told.reason) == (409, "settled")


def test_an_appointment_is_made_once_under_one_key(program, wanted):
    first, again = (program.post("/appointments", wanted, key="a-1") for _ in range(2))
    assert first.body == again.body
    assert Appointment.objects.count() == 1


def test_the_list_is_told_from_when_to_when(program, wanted):
    for day in range(1, 6):
        program.post("/appointments", wanted | {"starts_at": f"2026-12-0{day}T10:00:00Z"})
    page = program.get("/appointments", **{"from": "2026-12-02T10:00:00Z"}, limit=2).body
    assert [one["starts_at"][8:10] for one in page["items"]] == ["02", "03"]
    rest = program.get("/appointments", after=page["next"], until="2026-12-05T10:00:00Z").body
    assert [one["starts_at"][8:10] for one in rest["items"]] == ["04"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"shop": "nowhere"}, "unknown_shop"),
        ({"customer": "nobody"}, "unknown_customer"),
        ({"service": "nothing"}, "unknown_service"),
    ],
)
def test_what_is_not_there_is_named(program, wanted, wrong, reason):
    told = program.post("/appointments", wanted | wrong)
    assert (told.status, told.reason) == (404, reason)


def test_an_article_is_no_service(program, wanted, merchant):
    category = keep_category(merchant.pk, name="Pains")
    bread = keep_product(merchant.pk, category=category, name="Pain", cents=120)
    assert program.post("/appointments", wanted | {"service": bread.pk}).reason == "unknown_service"


@pytest.mark.parametrize(
    "moment", ["2026-12-07", "2026-12-07T14:30:00", "1999-01-01T00:00:00Z", "now", 1796650200]
)
def test_a_moment_is_written_in_one_way(program, wanted, moment):
    told = program.post("/appointments", wanted | {"starts_at": moment})
    assert told.status == 422
    assert [one["field"] for one in told.body["errors"]] == ["body.starts_at"]
