# SPDX-License-Identifier: Apache-2.0
"""A page or a file asks the database as often for many rows as for few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.hub.console.world import World, appointment, baguette

LISTS = (
    "/transactions/",
    "/transactions/?format=csv",
    "/clients/",
    "/clients/1/",
    "/rapports/points/",
    "/rapports/points/?format=csv",
    "/rapports/clients/",
    "/rendez-vous/",
    "/rendez-vous/liste/",
    "/cartes-cadeaux/",
    "/tableau/",
    "/campagnes/segments/",
)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
        assert answer.status_code == 200
        _ = b"".join(answer)
    return len(asked)


def some(world: World, n: int, *, serial: int) -> None:
    """So many customers with a sale and an appointment, and as many sales to Élodie."""
    now = timezone.now()
    for i in range(n):
        who = world.till.join("Zoé", f"Nom {serial + i}", serial=serial + i)
        for customer in (who, world.elodie):
            world.till.sell(baguette(6000), customer=customer, at=now - timedelta(minutes=i))
    world.till.send()
    for i in range(n):
        appointment(world.denis, world.elodie, starts_at=now + timedelta(minutes=i))


@pytest.mark.parametrize("url", LISTS)
def test_many_rows_ask_no_more_than_few(world: World, isabelle: Client, url: str) -> None:
    url = url.replace("/1/", f"/{world.elodie.pk}/")
    some(world, 2, serial=500)
    queries(isabelle, "/tableau/")  # whoever has just signed in is looked up once more
    few = queries(isabelle, url)
    some(world, 4, serial=600)
    assert queries(isabelle, url) <= few
