# SPDX-License-Identifier: Apache-2.0
"""Tiers: from figures of a period, never from a balance."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.tier import (
    Downgrade,
    Period,
    Progress,
    Tier,
    TierPlan,
    by_segment,
    evaluated,
    progress,
    reached,
    would_lose,
)

BRONZE = Tier(id="bronze", name="Bronze", threshold=100_000)
SILVER = Tier(id="silver", name="Argent", threshold=500_000, factor_bp=12_000)
GOLD = Tier(id="gold", name="Or", threshold=1_000_000, factor_bp=15_000)
TIERS = (BRONZE, SILVER, GOLD)
AT_ONCE, STEP, NEVER = (TierPlan(downgrade=way) for way in ("at_once", "step", "never"))


@pytest.mark.parametrize(
    ("cents", "tier"),
    [(0, None), (99_999, None), (100_000, BRONZE), (999_999, SILVER), (5_000_000, GOLD)],
)
def test_a_threshold_is_reached_by_its_very_figure(cents: int, tier: Tier | None) -> None:
    assert reached(TIERS, cents) == tier


@pytest.mark.parametrize(
    ("plan", "kept"),
    [(AT_ONCE, ""), (STEP, "silver"), (NEVER, "gold")],
    ids=["at once", "step", "never"],
)
def test_a_tier_is_lost_as_the_plan_says(plan: TierPlan, kept: str) -> None:
    assert evaluated(plan, TIERS, had="gold", earned=None) == kept


@given(st.sampled_from(["", "bronze", "silver", "gold", "gone"]), st.integers(0, 2_000_000))
def test_a_tier_that_is_reached_is_given_whatever_the_plan(had: str, figure: int) -> None:
    earned = reached(TIERS, figure)
    ids = ["", "bronze", "silver", "gold"]
    for plan in (AT_ONCE, STEP, NEVER):
        got = evaluated(plan, TIERS, had=had, earned=earned)
        assert ids.index(got) >= ids.index(earned.id if earned else "")


def test_a_step_down_stops_at_what_is_reached() -> None:
    assert evaluated(STEP, TIERS, had="gold", earned=SILVER) == "silver"
    assert evaluated(STEP, TIERS, had="bronze", earned=None) == ""


def test_progress_shows_the_way_to_the_next_tier() -> None:
    assert progress(TIERS, tier="", figure=0) == Progress(
        tier=None, next=BRONZE, missing=100_000, share_bp=0
    )
    assert progress(TIERS, tier="bronze", figure=300_000) == Progress(
        tier=BRONZE, next=SILVER, missing=200_000, share_bp=5_000
    )
    assert progress(TIERS, tier="gold", figure=10**9).next is None


def test_a_tier_that_was_kept_shows_no_bar_below_its_beginning() -> None:
    assert progress(TIERS, tier="silver", figure=0).share_bp == 0


def test_a_warning_names_the_tier_that_would_be_lost() -> None:
    assert would_lose(AT_ONCE, TIERS, tier="silver", figure_then=499_999) == SILVER
    assert would_lose(AT_ONCE, TIERS, tier="silver", figure_then=500_000) is None
    assert would_lose(NEVER, TIERS, tier="silver", figure_then=0) is None


@pytest.mark.parametrize(
    ("period", "today", "since"),
    [
        (Period.ALL, date(2026, 11, 29), None),
        (Period.YEAR, date(2026, 11, 29), date(2026, 1, 1)),
        (Period.ROLLING, date(2026, 11, 29), date(2025, 11, 29)),
        (Period.ROLLING, date(2028, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_period_says_what_counts(period: Period, today: date, since: date | None) -> None:
    assert TierPlan(period=period).since(today) == since


def test_a_segment_gives_its_tier_without_any_figure() -> None:
    friends = Tier(id="amis", name="Amis", segment="friends")
    family = Tier(id="famille", name="Famille", segment="family")
    assert by_segment((friends, family), {"friends", "family"}) == family
    assert by_segment((friends, family), {"others"}) is None


def test_every_way_down_is_tested() -> None:
    assert {AT_ONCE.downgrade, STEP.downgrade, NEVER.downgrade} == set(Downgrade)
