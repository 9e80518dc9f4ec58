# SPDX-License-Identifier: Apache-2.0
"""A small stretch of the year through everything real, and hubs that got it wrong."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.replay.compare import differences
from tests.replay.finished import MUTANTS, Played, mutant, play
from tests.replay.run import books

STORES, BASKETS = 4, 200


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("replay")
    yield play(folder, stores=STORES, baskets=BASKETS)
    shutil.rmtree(folder)


def test_a_stretch_of_the_year_ends_without_a_difference(played: Played) -> None:
    assert played.exit_code == 0, played.said
    assert not list(differences(books(played.choice), played.hub, played.states))


def test_the_comparison_had_something_to_compare(played: Played) -> None:
    truth = books(played.choice)
    assert sum(shop.sales for shop in truth.shops.values()) > BASKETS * 0.9
    assert truth.converted > 0
    carry = [household.carry for household in truth.households.values()]
    assert {rule for by_rule in carry for rule in by_rule} == {"3/250", "1/199"}


@pytest.mark.parametrize("wrong", MUTANTS.values(), ids=MUTANTS)
def test_what_a_hub_gets_wrong_is_seen(played: Played, tmp_path: Path, wrong: str) -> None:
    wronged = mutant(played.hub, tmp_path, wrong)
    assert list(differences(books(played.choice), wronged, played.states))


def test_a_store_that_lost_a_sale_is_seen(played: Played, tmp_path: Path) -> None:
    states = {}
    for store, state in played.states.items():
        states[store] = shutil.copytree(state, tmp_path / str(store))
        with closing(sqlite3.connect(states[store] / "comptoir.sqlite3")) as file:
            file.execute("DELETE FROM sale")
            file.execute("DELETE FROM entry WHERE kind = 'sold'")
            file.commit()
    assert list(differences(books(played.choice), played.hub, states))


@pytest.fixture
def archived(played: Played, tmp_path: Path) -> dict[int, Path]:
    """The stores after a month in which they sold little: the oldest entries have left them."""
    states = {}
    for store, state in played.states.items():
        states[store] = shutil.copytree(state, tmp_path / f"archived-{store}")
        with closing(sqlite3.connect(states[store] / "comptoir.sqlite3")) as file:
            file.execute(
                "UPDATE segment SET (gone, gone_head) ="
                " (SELECT n, hash FROM entry WHERE segment = seq AND n = segment.n / 2)"
            )
            file.execute(
                "DELETE FROM entry WHERE n <= (SELECT gone FROM segment WHERE seq = segment)"
            )
            file.commit()
    return states


def test_what_left_a_store_s_archive_is_at_the_hub(
    played: Played, archived: dict[int, Path]
) -> None:
    assert not list(differences(books(played.choice), played.hub, archived))


def test_a_hub_that_changed_what_a_store_has_no_more_is_seen(
    played: Played, archived: dict[int, Path], tmp_path: Path
) -> None:
    wronged = mutant(played.hub, tmp_path, MUTANTS["a hub that changes a byte"])
    assert [d for d in differences(books(played.choice), wronged, archived) if "archive" in d]
