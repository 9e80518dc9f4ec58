# SPDX-License-Identifier: Apache-2.0
"""What a program does is in the merchant's log under its name, once, in the act's transaction."""

import pytest

from hub.api import once
from hub.ledger.models import JournalEntry
from hub.merchants.deeds import Deed, Did
from tests.hub.api.conftest import Program
from tests.hub.api.test_walls import Place, furnished, sale


@pytest.fixture
def place(shop) -> Place:
    return furnished(shop)


def noted() -> list[tuple[str, str]]:
    """What programs did and to what, the first first."""
    rows = Deed.objects.exclude(token=None).order_by("pk")
    return [(row.did, row.about.split(":")[0]) for row in rows]


@pytest.mark.row("A10")
def test_every_act_of_a_program_leaves_one_line_under_its_name(
    program: Program, place: Place
) -> None:
    made = program.post("/customers", {"shop": place.shop.pk, "first_name": "Zoé", "member": True})
    sold = program.post("/sales", sale(place, customer=place.customer))
    paid = {"shop": place.shop.pk, "receipt": "2", "code": place.gift, "cents": 500}
    spent = program.post("/gift-cards/transact", paid)
    back = program.post(f"/sales/{sold.body['id']}/refunds", {"receipt": "3", "reason": "cassé"})
    where = f"/appointments/{place.appointment}"
    moved = program.post(f"{where}/move", {"starts_at": "2026-12-08T10:30:00Z"}, key=None)
    off = program.post(f"{where}/cancel", key=None)
    statuses = [one.status for one in (made, sold, spent, back, moved, off)]
    assert statuses == [201, 201, 201, 201, 200, 200]
    assert noted() == [
        (Did.CUSTOMER_ADDED, "customer"),
        (Did.SOLD, "sale"),
        (Did.SOLD, "sale"),
        (Did.REFUNDED, "sale"),
        (Did.BOOKING_MOVED, "appointment"),
        (Did.BOOKING_CANCELLED, "appointment"),
    ]
    line = Deed.objects.filter(did=Did.REFUNDED).get()
    assert (line.merchant, line.person, line.token.merchant) == (
        place.shop.merchant,
        None,
        place.shop.merchant,
    )


def test_the_same_request_again_leaves_no_second_line(program: Program, place: Place) -> None:
    for _again in range(2):
        assert program.post("/sales", sale(place), key="k1").status == 201
    assert noted() == [(Did.SOLD, "sale")]


def test_what_is_refused_leaves_no_line(program: Program, place: Place) -> None:
    nobody = program.post("/sales", sale(place, customer="nobody"))
    lacking = program.post("/sales", sale(place, uses=[{"reward": "nothing"}]))
    assert program.post(f"/appointments/{place.appointment}/cancel", key=None).status == 200
    late = program.post(f"/appointments/{place.appointment}/cancel", key=None)
    assert all(one.status >= 400 for one in (nobody, lacking, late))
    assert noted() == [(Did.BOOKING_CANCELLED, "appointment")]


def test_an_act_that_breaks_off_takes_its_line_with_it(
    program: Program, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(once, "_answer", broken)
    monkeypatch.setattr(once.Asked, "save", broken)
    with pytest.raises(ConnectionError):
        program.post("/sales", sale(place))
    assert noted() == []
    assert not JournalEntry.objects.filter(kind="sold").exists()
