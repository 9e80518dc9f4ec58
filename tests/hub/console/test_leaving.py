# SPDX-License-Identifier: Apache-2.0
"""A till is taken out of service on its page; retiring one says what that gives up."""

from django.test import Client

from hub.merchants.models import Terminal
from loyalty.entry import SignedOff
from tests.hub.console.world import World, baguette, heard

JOURNAL = "/terminaux/saint-denis-1/journal/"
RETIRE = "/terminaux/saint-denis-1/retirer/"
BECAUSE = {"reason": "Le bail s’arrête"}


def terminal() -> Terminal:
    return Terminal.objects.get(pk="saint-denis-1")


def decide(client: Client, act: str) -> str:
    return client.post(JOURNAL, BECAUSE | {"act": act}, follow=True).content.decode()


def test_a_living_till_is_taken_out_and_the_page_says_how_far_it_is(
    world: World, isabelle: Client
) -> None:
    world.till.sell(baguette())
    world.till.send()
    heard(terminal(), online=False)
    assert "Elle ne l’a pas encore entendu" in decide(isabelle, "leave")
    heard(terminal(), online=True)
    assert "Laissez-la allumée" in isabelle.get(JOURNAL).content.decode()
    world.till.write(SignedOff(gen=1))
    world.till.send()
    page = isabelle.get(JOURNAL).content.decode()
    assert "Elle a tout rendu et tout envoyé" in page
    assert "Décider" not in page
    assert "sortie de service" in isabelle.get("/terminaux/").content.decode()


def test_it_may_be_kept_until_it_has_signed_off(world: World, isabelle: Client) -> None:
    decide(isabelle, "leave")
    assert terminal().leaving
    assert "La caisse reste en service" in decide(isabelle, "stay")
    assert not terminal().leaving
    world.till.sell(baguette())
    world.till.write(SignedOff(gen=1))
    world.till.send()
    decide(isabelle, "leave")
    assert not terminal().leaving, "it has left already"


def test_fault_37_retiring_gives_up_what_was_not_sent_only_when_somebody_says_so(
    world: World, isabelle: Client
) -> None:
    heard(terminal(), waiting=3)
    assert "Retirer y renonce" in isabelle.get(RETIRE).content.decode()
    refused = isabelle.post(RETIRE, BECAUSE).content.decode()
    assert "Cochez pour y renoncer" in refused
    assert terminal().retired_at is None
    isabelle.post(RETIRE, BECAUSE | {"give_up": "on"})
    assert terminal().retired_at


def test_a_till_that_left_in_good_order_is_not_retired_after_all(
    world: World, isabelle: Client
) -> None:
    world.till.sell(baguette())
    world.till.write(SignedOff(gen=1))
    world.till.send()
    isabelle.post(RETIRE, BECAUSE)
    assert terminal().retired_gen == 0
