# SPDX-License-Identifier: Apache-2.0
"""What the peers give the table keeps its shape; measuring them is no test."""

import json

import pytest

from tests.bench.peers import pretix, thingsboard
from tests.bench.peers.place import Figures
from tests.bench.peers.thingsboard import Loss
from tests.bench.peers.till_clients import Pace

THINGSBOARD = thingsboard.figures(
    thingsboard.Measured(
        version="3.8.5",
        steady_per_s=3330.4,
        stored_per_s=4077.0,
        drained_per_s=22_911.2,
        back_after_s=5.31,
        memory_mb=81.06,
        floods=(Loss(acknowledged=1000, lost=600), Loss(acknowledged=5000, lost=1000)),
        calm=Loss(acknowledged=2000, lost=89),
    )
)
PRETIX = pretix.figures(
    pretix.Measured(
        version="2026.8.0",
        one=Pace(per_s=31.26, p50_ms=30.1, p99_ms=61.7),
        four=Pace(per_s=52.4, p50_ms=70.2, p99_ms=210.9),
        web_mb=480.2,
        other_mb=211.4,
    )
)


@pytest.mark.parametrize("figures", [THINGSBOARD, PRETIX])
def test_figures_are_words_and_numbers_that_json_keeps(figures: Figures) -> None:
    assert all(type(value) in (str, int, float) for value in figures.values())
    assert json.loads(json.dumps(figures)) == figures


@pytest.mark.parametrize("figures", [THINGSBOARD, PRETIX])
def test_figures_say_whose_they_are(figures: Figures) -> None:
    assert list(figures)[:2] == ["peer", "version"]


def test_losses_are_summed_and_the_worst_is_named() -> None:
    assert THINGSBOARD["lost_of_acknowledged"] == 1600
    assert THINGSBOARD["acknowledged_before_kills"] == 6000
    assert THINGSBOARD["lost_of_acknowledged_worst_percent"] == 60.0


def test_a_gateway_that_acknowledged_nothing_lost_nothing() -> None:
    assert Loss(acknowledged=0, lost=0).percent == 0.0
