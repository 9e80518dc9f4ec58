# SPDX-License-Identifier: Apache-2.0
"""What may be used at the till in a browser: what the customer has, less what terminals keep."""

import pytest

from hub.ledger import counter, recalls
from hub.programmes.publish import publish
from loyalty.account import Account, Holding, Kind
from loyalty.entry import ReleaseCause, Released
from tests.hub.console.tilling import Page, code, gained
from tests.hub.console.world import World, baguette, reward


def test_points_that_went_meanwhile_are_said_and_the_sale_is_not_lost(
    world: World, till: Page
) -> None:
    gained(world, 70)
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    till.press("use", reward=world.croissant.pk)
    to_pay = dict(till.hidden)
    other = Page(till.client).open()
    other.press("enter", q=code(world.elodie)).press("line", amount="1")
    other.press("use", reward=world.croissant.pk).press("save")
    till.hidden = to_pay
    till.press("save")
    assert "Il faut 60 points, il y a 11 points." in till.text
    assert "Rien n’est enregistré, rien n’est perdu." in till.text
    assert "10,00 €" in till.text
    till.press("plain").press("save")
    assert "Nouveau solde 21" in till.text


def test_what_a_terminal_keeps_can_not_be_used_here_and_is_counted_apart(
    world: World, till: Page
) -> None:
    world.till.sell(baguette(7000), customer=world.elodie)
    world.till.send()
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    assert "0 utilisables ici maintenant : une autre caisse garde le reste." in till.text
    assert "gardée par une autre caisse" in till.text
    till.press("use", reward=world.croissant.pk)
    assert "Une autre caisse garde 60 points" in till.text


def test_visits_that_a_terminal_keeps_are_called_visits(world: World, till: Page) -> None:
    tenth = reward(world.lucet, "gift", "Café", cost=1, gift_title="Café offert")
    tenth.options = {"per_visit": True}
    tenth.save()
    publish(world.lucet.pk)
    world.till.visit(world.elodie)
    world.till.send()
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    till.press("use", reward=tenth.pk)
    assert "Une autre caisse garde 1 visite : ce n’est pas utilisable" in till.text


def test_a_till_waits_for_other_tills_with_nothing_locked_and_no_longer_than_it_has_to(
    world: World, till: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.till.sell(baguette(7000), customer=world.elodie)
    world.till.send()
    waited = []

    def give_back(seconds: float) -> None:
        # posting refuses to begin inside another transaction
        waited.append(seconds)
        kept = recalls.kept(world.lucet.pk, [world.elodie.uuid])
        named = kept.values_list("account__kind", "account__owner", "account__key", "amount")
        held = tuple(Holding(Account(Kind(kind), *of), n) for kind, *of, n in named)
        world.till.write(Released(cause=ReleaseCause.RECALLED, holds=held))
        world.till.send()

    monkeypatch.setattr(counter, "sleep", give_back)
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    till.press("use", reward=world.croissant.pk)
    assert "Une autre caisse garde 60 points" in till.text
    assert "Une autre caisse garde" not in till.press("recall").text
    assert len(waited) == 1
    till.press("save")
    assert "Croissant offert (60 points)" in till.text


@pytest.mark.parametrize("lacks", [True, False])
def test_what_an_order_does_not_lack_is_not_waited_for(
    world: World, till: Page, monkeypatch: pytest.MonkeyPatch, lacks: bool
) -> None:
    gained(world, 70)
    world.till.visit(world.elodie)
    world.till.send()
    waited = []
    monkeypatch.setattr(counter, "sleep", waited.append)
    monkeypatch.setattr(counter, "monotonic", lambda: float(len(waited)))
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    if lacks:
        world.till_of_paul.sell(baguette(100), customer=world.elodie)
        world.till_of_paul.send()
    assert recalls.kept(world.lucet.pk, [world.elodie.uuid]).exists(), "her visit, at least"
    till.press("use", reward=world.croissant.pk).press("recall")
    assert waited == []
    till.press("save")
    assert "Croissant offert (60 points)" in till.text
