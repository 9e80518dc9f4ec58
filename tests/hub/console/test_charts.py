# SPDX-License-Identifier: Apache-2.0
"""Bars stand where they should, whatever was sold."""

from hypothesis import given
from hypothesis import strategies as st

from hub.console import charts

SALES = st.dictionaries(st.integers(0, 23), st.integers(0, 10_000_000), max_size=24)


@given(SALES, SALES)
def test_no_bar_leaves_its_box(sold: dict[int, int], usual: dict[int, int]) -> None:
    chart = charts.sales_by_hour(sold, usual, hour_now=12)
    for bar in chart.bars:
        assert bar.x >= charts.AXIS_PX
        assert bar.x + bar.width <= chart.width
        assert 0 <= bar.y <= chart.base
        assert round(bar.y + bar.height, 1) == chart.base


def test_a_bar_is_as_high_as_its_sales() -> None:
    chart = charts.sales_by_hour({8: 30_000, 9: 60_000}, {}, hour_now=9)
    low, high = chart.bars
    assert round(high.height / low.height, 2) == 2
    assert high.highest
    assert high.under_way
    assert not low.under_way


def test_the_grid_has_round_figures_that_reach_the_highest_bar() -> None:
    chart = charts.sales_by_hour({8: 80_300}, {9: 76_000}, hour_now=9)
    assert [level.label for level in chart.levels] == ["0", "300", "600", "900"]


def test_a_day_without_sales_has_hours_and_no_bar() -> None:
    chart = charts.sales_by_hour({}, {}, hour_now=9)
    assert not chart.bars
    assert [hour.label for hour in chart.ticks][:2] == [
        "7\N{NO-BREAK SPACE}h",
        "8\N{NO-BREAK SPACE}h",
    ]


def test_a_narrow_chart_names_fewer_hours() -> None:
    wide, narrow = (charts.sales_by_hour({}, {}, hour_now=9, width=width) for width in (750, 350))
    assert len(wide.ticks) == 13
    assert len(narrow.ticks) == 5
    assert (wide.fit, narrow.fit) == ("wide", "narrow")


@given(st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 23)), st.integers(0, 500)))
def test_every_visit_has_a_tint_between_one_and_five(counts: dict[tuple[int, int], int]) -> None:
    days = [(day, str(day)) for day in range(7)]
    for cell in charts.visits_by_weekday(counts, days).cells:
        assert (cell.tint == 0) == (cell.count == 0)
        assert 0 <= cell.tint <= 5


def test_the_busiest_hour_is_the_darkest() -> None:
    chart = charts.visits_by_weekday({(0, 8): 10, (0, 9): 58}, [(0, "lun.")])
    assert max(chart.cells, key=lambda cell: cell.tint).count == 58
