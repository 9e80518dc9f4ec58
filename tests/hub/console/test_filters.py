# SPDX-License-Identifier: Apache-2.0
"""Whatever stands in an address, a list answers: what makes no sense narrows nothing."""

import pytest
from django.test import Client

from tests.hub.console.world import World

LISTS = (
    "/transactions/",
    "/clients/",
    "/cartes-cadeaux/",
    "/rapports/points/",
    "/rapports/clients/",
    "/rendez-vous/liste/",
    "/a-voir/equation/",
)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "1-1-1", "hier"])
@pytest.mark.parametrize("listing", LISTS)
def test_a_day_that_no_clock_shows_narrows_nothing(
    world: World, isabelle: Client, listing: str, day: str
) -> None:
    """Who types a year figure by figure asks for the first of January of the year 1."""
    answer = isabelle.get(listing, {"from": day, "to": day, "until": day})
    assert answer.status_code == 200
