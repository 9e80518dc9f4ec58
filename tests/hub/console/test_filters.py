# SPDX-License-Identifier: Apache-2.0
"""Whatever stands in an address, a list answers: what makes no sense narrows nothing."""

import pytest
from django.test import Client

from hub.console import lists
from hub.console.filters import number_of
from tests.hub.console.world import World, baguette

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


def test_a_list_longer_than_anybody_turns_over_says_so_and_ends_there(
    world: World, isabelle: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 50)
    monkeypatch.setattr(lists, "FOUND", 50)
    for _ in range(60):
        world.till.sell(baguette())
    world.till.send()
    for narrowed, said in (
        ("", "sur 60 transactions"),
        ("&q=0", "sur plus de 50 transactions"),
    ):
        page = isabelle.get(f"/transactions/?page=9{narrowed}").content.decode()
        assert f"26 à 50 {said}" in page
        assert "Affinez pour voir la suite" in page


@pytest.mark.parametrize("typed", [None, "", "²", "٣", "-1", "1.0", " 1", "9" * 19, "9" * 5000])
def test_what_is_no_number_of_ours_is_none(typed: str | None) -> None:
    assert number_of(typed) is None
    assert number_of("9" * 18) == 10**18 - 1
