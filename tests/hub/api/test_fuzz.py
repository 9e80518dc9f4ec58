# SPDX-License-Identifier: Apache-2.0
"""What nobody thought of is asked of every operation, and answered as its description says.

Schemathesis makes the requests from the description, right ones and wrong ones, the same at each
run. A part of the right ones is pointed at things that are there, or nothing deep would be met.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from hub.ledger import audit, selling
from hub.merchants import feed, tokens
from hub.wsgi import application
from loyalty.basket import Line, Order
from tests.hub.api.conftest import Program
from tests.hub.api.test_access import CALLS
from tests.hub.api.test_walls import Place, furnished

EXAMPLES: Final = 60 if os.environ.get("COMPTOIR_LONG") else 4
"""Of each operation, once right and once wrong."""
HERE: Final = {"customer": "customer", "appointment": "appointment", "sale": "sale"}
"""Names in addresses, and what of a place they mean."""


schemathesis.openapi.format(
    "date-time",
    st.integers(0, 100 * 365 * 86_400).map(
        lambda second: (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).isoformat()
    ),
)


@cache
def description() -> schemathesis.schemas.BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/1/openapi.json", application)


@pytest.fixture(autouse=True)
def open_connection() -> Iterator[None]:
    """Keep the connection of the test from request to request, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def place(shop, monkeypatch) -> Place:
    monkeypatch.setattr(tokens, "ASKED_A_MINUTE", 10**9)
    monkeypatch.setattr(tokens, "MISSED_A_MINUTE", 10**9)
    there = furnished(shop)
    # not by a request: Django's client closes the connection that `open_connection` keeps
    order = Order(lines=(Line(label="Pain", unit_cents=2500),))
    with feed.writing(shop.merchant_id) as out:
        sold = selling.sell(out, shop, order, receipt="0", at=timezone.now(), by="")
    return replace(there, sale=sold.id)


def pointed(case: Case, place: Place) -> None:
    """Let it name things that are there."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = getattr(place, HERE[name])
    body: Any = case.body
    if not isinstance(body, dict):
        return
    known = {"shop": place.shop.pk, "customer": place.customer, "service": place.service}
    known |= {"code": place.gift}
    for name in body.keys() & known.keys():
        body[name] = known[name]
    for gift in body.get("gifts") or ():
        gift["code"] = place.gift


def travels(value: object) -> bool:
    """Whether a parameter with this value is in an address at all."""
    return value is not None and value != []


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]} {call[1]}")
def test_every_request_is_answered_as_described(
    place: Place, program: Program, call: tuple[str, str, object]
) -> None:
    method, path, _ = call
    named = {"/customers/x": "{customer}", "/appointments/x": "{appointment}", "/sales/x": "{sale}"}
    for asked, name in named.items():
        path = path.replace(asked, asked[:-1] + name)
    operation = description()[f"/api/1{path}"][method.upper()]

    keys = count()

    def asks(case: Case, here: bool) -> None:
        if here:
            pointed(case, place)
        # of the case itself, so that what was wrong only there counts as right from now on
        ours = {"Authorization": f"Bearer {program.secret}"}
        case.headers.update(ours)
        if "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = str(next(keys))
        case.query = {name: value for name, value in case.query.items() if travels(value)}
        case.call_and_validate(headers=ours)

    quietly = settings(
        max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    right, wrong = (operation.as_strategy(mode) for mode in GenerationMode)
    quietly(given(case=right, here=st.booleans())(asks))()
    quietly(given(case=wrong, here=st.just(False))(asks))()
    assert audit.faults(place.shop.merchant_id) == []
