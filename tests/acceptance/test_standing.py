# SPDX-License-Identifier: Apache-2.0
"""Who somebody is decides what the till offers: joined or not, pro, tier, birthday, welcome."""

from dataclasses import replace

import pytest

from loyalty.account import birthday_of, pending_of, points_of, visits_of, welcome_of
from loyalty.calendar import Window
from loyalty.entry import OptedIn, Sold
from loyalty.feed import BalanceIs, CustomerIs, ProgrammeIs, SaleSeen
from loyalty.programme import EarnRule, LoyaltyProgramme, Options, Reward
from loyalty.tier import Tier, TierPlan
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE

CARD = ELODIE.codes[0]
TIERS = (
    Tier(id="silver", name="Argent", threshold=100_00),
    Tier(id="gold", name="Or", threshold=500_00, factor_bp=20_000),
)


def free(name: str, **options) -> Reward:
    """A gift that costs nothing but what its options take."""
    cost = options.pop("cost", 0)
    return Reward(
        id=name.casefold(), kind="gift", title=name, gift_title=name, cost=cost,
        options=Options(**options),
    )  # fmt: skip


def rules(glass: Glass, *rewards: Reward, **more) -> None:
    """The hub publishes these."""
    programme = LoyaltyProgramme(version=9, earn=EarnRule(), rewards=rewards, **more)
    glass.bakery.hub_says(ProgrammeIs(programme))


def known(glass: Glass, **more) -> CustomerIs:
    """The hub says who Élodie is."""
    said = replace(ELODIE, **more)
    glass.bakery.hub_says(said)
    return said


def serve(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)


def save(glass: Glass) -> Sold:
    """Save the order, with what the hub grants for it."""
    glass.tap("Enregistrer")
    if glass.bakery.facts(Sold)[-1:] == [] or not glass.reads("C’est enregistré"):
        glass.bakery.grants()
        glass.wait(0.01)
    assert glass.reads("C’est enregistré")
    sold = glass.bakery.facts(Sold)[-1]
    assert isinstance(sold, Sold)
    return sold


@pytest.mark.row("C15")
def test_who_has_not_joined_sees_what_it_would_earn_and_joins_at_the_order(glass: Glass) -> None:
    known(glass, member=False)
    serve(glass)
    glass.line("1960")
    assert glass.reads("Pas encore au programme", "Cet achat donnerait 19 points.")
    assert glass.reads("gagnerait 19 points")
    assert not glass.can_touch("Croissant"), "rewards are for who has joined"
    assert save(glass).points == 0
    glass.tap("Client suivant")
    glass.scan(CARD)
    glass.line("1960")
    glass.tap("Rejoindre")
    assert glass.reads("gagne 19 points", "Croissant")
    (joined,) = glass.bakery.facts(OptedIn)
    assert joined.welcome == 0, "there was an order before"
    assert save(glass).points == 19


@pytest.mark.row("C15")
def test_who_joins_before_any_order_is_welcome(glass: Glass) -> None:
    rules(glass, free("Madeleine", welcome=True))
    known(glass, member=False)
    serve(glass)
    glass.line("500")
    glass.tap("Rejoindre", "Madeleine")
    sold = save(glass)
    assert [use.reward for use in sold.applied] == ["madeleine"]


@pytest.mark.row("C6")
def test_a_welcome_is_used_once_on_the_first_order(glass: Glass) -> None:
    rules(glass, free("Madeleine", welcome=True))
    glass.bakery.hub_says(BalanceIs(welcome_of("elodie"), 1))
    serve(glass)
    glass.line("500")
    glass.tap("Madeleine")
    assert [use.reward for use in save(glass).applied] == ["madeleine"]
    glass.tap("Client suivant")
    glass.scan(CARD)
    glass.line("500")
    assert not glass.can_touch("Madeleine")


@pytest.mark.row("C7")
def test_the_tenth_visit_brings_its_reward_by_itself(glass: Glass) -> None:
    rules(glass, free("Brioche", per_visit=True, cost=10))
    glass.bakery.hub_says(BalanceIs(visits_of("elodie"), 9))
    serve(glass)
    glass.line("500")
    assert glass.reads("Brioche", "0,00 €")
    assert [use.reward for use in save(glass).applied] == ["brioche"]
    assert glass.bakery.shown(visits_of("elodie")) == 0


@pytest.mark.row("C8")
@pytest.mark.row("E9")
def test_a_reward_for_professionals_is_shown_to_them_alone(glass: Glass) -> None:
    rules(glass, free("Carton", pro=True))
    serve(glass)
    assert not glass.reads("Carton")
    glass.tap("Retirer le client")
    known(glass, pro=True)
    glass.scan(CARD)
    glass.line("500")
    glass.tap("Carton")
    assert [use.reward for use in save(glass).applied] == ["carton"]


@pytest.mark.row("C22")
def test_a_birthday_reward_is_there_while_the_hub_says_so(glass: Glass) -> None:
    rules(glass, free("Gâteau", birthday=True), birthday_days=7)
    serve(glass)
    glass.line("500")
    assert not glass.can_touch("Gâteau")
    glass.bakery.hub_says(BalanceIs(birthday_of("elodie", 2026), 1))
    glass.wait(0.01)
    glass.tap("Gâteau")
    assert [use.reward for use in save(glass).applied] == ["gâteau"]
    assert glass.bakery.shown(birthday_of("elodie", 2026)) == 0


@pytest.mark.row("C18")
def test_points_that_wait_are_told_with_their_day_and_can_t_be_used(glass: Glass) -> None:
    rules(glass, free("Croissant", cost=19), pending_days=7)
    glass.bakery.hub_says(BalanceIs(points_of("elodie"), 0))
    serve(glass)
    glass.line("1960")
    sold = save(glass)
    assert sold.matures
    assert glass.reads("Points dès le", "+19")
    glass.tap("Client suivant")
    glass.scan(CARD)
    glass.line("500")
    assert not glass.can_touch("Croissant")
    assert glass.bakery.shown(pending_of("elodie", sold.matures)) == 19
    glass.tap("Abandonner", "Abandonner")
    glass.tap("Verrouiller")
    glass.scan(CARD)
    assert glass.reads("19 points en attente")


@pytest.mark.row("C21")
def test_points_are_doubled_inside_the_hours_and_some_articles_earn_nothing(glass: Glass) -> None:
    rules(glass, windows=(Window(factor_bp=20_000, from_minute=0, until_minute=24 * 60),))
    serve(glass)
    glass.line("1960")
    assert glass.reads("gagne 38 points")
    assert save(glass).points == 38


@pytest.mark.row("J7")
@pytest.mark.row("J11")
def test_a_tier_is_named_multiplies_and_opens_its_rewards(glass: Glass) -> None:
    rules(glass, free("Loge", tiers=("gold",)), tiers=TIERS, tiering=TierPlan())
    known(glass, tier="silver", figure=260_00)
    glass.scan(CARD)
    assert glass.reads("Argent · Or dans 240,00 €")
    glass.tap("Terminé")
    serve(glass)
    assert glass.reads("· Argent")
    glass.line("1960")
    assert glass.reads("gagne 19 points")
    assert not glass.can_touch("Loge")
    glass.tap("Abandonner", "Abandonner")
    known(glass, tier="gold", figure=600_00)
    glass.scan(CARD)
    glass.line("1960")
    assert glass.reads("· Or", "gagne 38 points")
    glass.tap("Loge")
    sold = save(glass)
    assert (sold.points, sold.saw.tier) == (38, "gold")


@pytest.mark.row("J7")
def test_with_no_tier_yet_the_first_threshold_is_named(glass: Glass) -> None:
    rules(glass, tiers=TIERS, tiering=TierPlan())
    glass.scan(CARD)
    assert glass.reads("Argent dans 100,00 €")


def test_who_ordered_elsewhere_and_joins_here_gets_no_welcome(glass: Glass) -> None:
    known(glass, member=False)
    glass.bakery.hub_says(SaleSeen(id="s", customer="elodie", wall_ms=1, points=0))
    serve(glass)
    glass.line("500")
    glass.tap("Rejoindre")
    assert [facts.welcome for facts in glass.bakery.facts(OptedIn)] == [0]
