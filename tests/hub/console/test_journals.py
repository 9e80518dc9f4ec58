# SPDX-License-Identifier: Apache-2.0
"""A terminal's boots in words: what happened to its card, and what that did."""

import pytest
from django.test import Client

from hub.ledger.boots import Story, boots
from hub.ledger.post import post
from loyalty.basket import Line
from loyalty.entry import Saw, Sold, Visited
from loyalty.programme import EarnRule
from loyalty.wire import Batch, Nack
from tests.hub.console.world import World, baguette

ADDRESS = "/terminaux/saint-denis-1/journal/"


@pytest.fixture
def selling(world: World) -> World:
    """The till has sold; its card may now be put back, copied or replaced."""
    for _ in range(3):
        world.till.sell(baguette(), customer=world.elodie)
    world.till.send()
    return world


def story(world: World) -> Story:
    return boots(world.till.terminal)[0].story


def read(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def test_a_till_that_just_started_has_its_first_journal(world: World, isabelle: Client) -> None:
    assert story(world) is Story.FIRST
    assert "Premier journal" in read(isabelle)


def test_a_reboot_goes_on_where_it_was(selling: World, isabelle: Client) -> None:
    selling.till.reboot()
    selling.till.send()
    assert story(selling) is Story.FOLLOWS
    page = read(isabelle)
    assert "Suite normale" in page
    assert page.count("en cours") == 1
    assert "2 démarrages" in page


def test_a_page_of_boots_costs_the_same_whatever_came_before(
    selling: World, django_assert_max_num_queries
) -> None:
    for _ in range(12):
        selling.till.reboot()
        selling.till.send()
    some = list(selling.till.terminal.segments.order_by("-pk")[:3])
    with django_assert_max_num_queries(4):
        assert [boot.story for boot in boots(selling.till.terminal, some)] == [Story.FOLLOWS] * 3


def test_a_card_that_was_put_back_says_what_it_forgot(selling: World, isabelle: Client) -> None:
    selling.till.reboot(forgets=2)
    selling.till.send()
    assert story(selling) is Story.BEHIND
    page = read(isabelle)
    assert "Carte remise dans un état ancien" in page
    assert "2 écritures oubliées par la caisse sont gardées au hub." in page


def test_a_file_that_was_replaced_while_running_is_told_by_its_boot(
    selling: World, isabelle: Client
) -> None:
    selling.till.reboot(forgets=2, same_boot=True)
    selling.till.send()
    assert story(selling) is Story.SWAPPED
    assert "Fichier remplacé en marche" in read(isabelle)


def test_a_card_that_was_copied_shows_two_machines(selling: World, isabelle: Client) -> None:
    copy = selling.till.copied(hw_id="another board")
    selling.till.reboot()
    selling.till.send()
    copy.send()
    assert [boot.story for boot in boots(selling.till.terminal)][:2] == [Story.CLONED] * 2
    page = read(isabelle)
    assert "Carte copiée" in page
    assert 'data-name="Machine">A<' in page
    assert 'data-name="Machine">B<' in page


def test_a_card_that_was_put_back_between_two_starts(selling: World, isabelle: Client) -> None:
    copy = selling.till.copied(hw_id="test")
    selling.till.reboot()
    selling.till.send()
    copy.send()
    assert story(selling) is Story.TWICE
    assert "Deux suites du même journal" in read(isabelle)


def test_what_is_still_to_come_is_no_reproach(selling: World, isabelle: Client) -> None:
    selling.till.sell(baguette(), customer=selling.elodie)
    selling.till.lose_unsent()
    selling.till.reboot()
    assert isinstance(selling.till.send(), Nack), "what came before is sent first"
    selling.till.send(lost=True)
    assert story(selling) is Story.AHEAD
    page = read(isabelle)
    assert "1 écriture d’avant n’est pas au hub." in page
    assert '<span class="dot open">' in page


def test_a_journal_from_another_hub_is_named_so(world: World, isabelle: Client) -> None:
    world.till.reboot()
    world.till.lose_unsent()
    world.till.reboot()
    world.till.send(lost=True)
    assert story(world) is Story.UNKNOWN
    assert "Suit un journal que ce hub n’a pas" in read(isabelle)


def test_a_beginning_that_can_not_be_read_is_said(world: World, isabelle: Client) -> None:
    batch = Batch(terminal=world.till.terminal.pk, gen=1, segment="torn", lo=1)
    post(world.till.terminal.pk, batch, [b"torn"])
    assert story(world) is Story.UNREADABLE
    page = read(isabelle)
    assert "Début illisible" in page
    assert "Voir ce qui est mis de côté" in page


def test_two_programs_on_one_file_are_told_by_the_other_branch(
    selling: World, isabelle: Client
) -> None:
    selling.till.fork(Visited(customer=selling.elodie.uuid, code=""))
    page = read(isabelle)
    assert "Une autre suite de 1 écriture" in page
    assert '<span class="dot brick">' in page


def test_a_till_that_goes_on_from_the_other_branch_is_told(
    selling: World, isabelle: Client
) -> None:
    selling.till.fork(Visited(customer=selling.elodie.uuid, code=""), goes_on=True)
    selling.till.reboot()
    selling.till.send()
    assert story(selling) is Story.BRANCHED
    assert "Continue l’autre suite du journal" in read(isabelle)


def test_it_says_what_the_till_may_spend_without_asking(world: World, isabelle: Client) -> None:
    assert "rien" in read(isabelle)
    world.till.write(
        Sold(
            receipt="1", customer=world.elodie.uuid, lines=(Line(label="Pain", unit_cents=1700),),
            total_cents=1700, due_cents=1700, paid_cents=1700, points=17, earn=EarnRule(),
            saw=Saw(programme=1),
        )
    )  # fmt: skip
    world.till.send()
    assert "17 points" in read(isabelle)
