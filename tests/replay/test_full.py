# SPDX-License-Identifier: Apache-2.0
"""A stretch of the year under every rule, and notebooks that got one wrong."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.replay import full, full_oracle
from tests.replay import full_rules as rules
from tests.replay.shopping import Choice

STORES, BASKETS = 2, 100


@pytest.fixture(scope="module")
def choice() -> Choice:
    return full.choose(stores=STORES, baskets=BASKETS, seed=1)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The hub's books at the end of a replay that found no difference."""
    folder = tmp_path_factory.mktemp("full")
    asked = ["--rules", "full", "--stores", str(STORES), "--baskets", str(BASKETS)]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.replay", *asked, "--data", str(folder)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    yield folder / "hub" / "hub.sqlite3"
    shutil.rmtree(folder)


def test_every_rule_had_something_to_do(choice: Choice) -> None:
    used = full.books(choice).used
    asked = ("discount", "cafe", "mug", "points", "stamps", "purse", "card")
    happened = ("matured", "expired", "back", "half back", "tier 0", "tier 1")
    assert [what for what in (*asked, *happened) if not used[what]] == []


def test_the_hub_has_what_the_notebook_has(choice: Choice, hub: Path) -> None:
    assert list(full.differences(full.books(choice), hub)) == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("PENDING_DAYS", 1),
        ("EXPIRY_MONTHS", (1, 1)),
        ("PURSE_BP", 201),
        ("NOT_EARNING", ""),
        ("DOUBLE_WEEKDAY", 2),
        ("TIERS", (("silver", 300_00, 10_000), ("gold", 900_00, 10_000))),
        ("MUG_EACH", 3),
        ("MUG_STOCK", 8),
        ("STAMPS_SHELF", "MEAT"),
        ("POINT_CENTS", 1),
        ("CAFE_POINTS", 41),
    ],
)
def test_another_rule_would_be_seen(
    choice: Choice, hub: Path, monkeypatch: pytest.MonkeyPatch, name: str, wrong: object
) -> None:
    monkeypatch.setattr(rules, name, wrong)
    assert list(full.differences(full.books(choice), hub))


@pytest.mark.parametrize("name", ["_back", "_carry", "day"])
def test_a_notebook_that_leaves_something_out_is_seen(
    choice: Choice, hub: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(full_oracle.Books, name, lambda *_: None)
    assert list(full.differences(full.books(choice), hub))
