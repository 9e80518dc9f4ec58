# SPDX-License-Identifier: Apache-2.0
"""What a person decides about a till on its page: frozen, retired, adopted, waited for no more."""

from django.test import Client

from hub.ledger import restored
from hub.ledger.audit import faults
from hub.ledger.models import Account, Incident, Segment
from hub.merchants.models import Merchant, Terminal
from loyalty.basket import Line
from loyalty.entry import Saw, Sold
from loyalty.programme import EarnRule
from tests.hub.console.world import ENTERING, Counter, World

JOURNAL = "/terminaux/saint-denis-1/journal/"
RETIRE = "/terminaux/saint-denis-1/retirer/"
BECAUSE = {"reason": "Volée dans la nuit"}


def earn(world: World, points: int) -> None:
    """Élodie earns at the till, which holds it."""
    cents = points * 100
    world.till.write(
        Sold(
            receipt="1", customer=world.elodie.uuid, lines=(Line(label="Pain", unit_cents=cents),),
            total_cents=cents, due_cents=cents, paid_cents=cents, points=points, earn=EarnRule(),
            saw=Saw(programme=1),
        )
    )  # fmt: skip
    world.till.send()


def held(world: World) -> int:
    return Account.objects.get(kind="points", owner=world.elodie.uuid).held_total


def terminal() -> Terminal:
    return Terminal.objects.get(pk="saint-denis-1")


def read(client: Client, address: str = JOURNAL) -> str:
    return client.get(address).content.decode()


def copied(world: World) -> Counter:
    copy = world.till.copied(hw_id="another board")
    copy.send()
    return copy


def test_a_till_is_frozen_and_put_back_to_work_with_a_reason(
    world: World, isabelle: Client
) -> None:
    isabelle.post(JOURNAL, {"act": "freeze", "reason": ""})
    assert not terminal().frozen
    page = isabelle.post(JOURNAL, BECAUSE | {"act": "freeze"}, follow=True).content.decode()
    assert "elle gagne et ne dépense rien" in page
    assert "Gelée, Isabelle Lucet" in page
    assert BECAUSE["reason"] in page
    assert terminal().frozen
    page = isabelle.post(JOURNAL, BECAUSE | {"act": "thaw"}, follow=True).content.decode()
    assert "Remise en service, Isabelle Lucet" in page
    assert not terminal().frozen


def test_retiring_says_what_it_does_and_gives_back_what_it_held(
    world: World, isabelle: Client
) -> None:
    earn(world, 17)
    Terminal.objects.filter(pk="saint-denis-1").update(waiting=2)
    page = read(isabelle, RETIRE)
    assert "17 points" in page
    assert "2 écritures, d’après ses dernières nouvelles" in page
    assert held(world) == 17
    told = BECAUSE | {"give_up": "on"}
    page = isabelle.post(RETIRE, told, follow=True).content.decode()
    assert "est retirée." in page
    assert "Retirée, Isabelle Lucet" in page
    assert "Rien de ce qu’elle dit n’est plus entendu." in page
    assert held(world) == 0
    assert terminal().retired_at
    assert faults(world.lucet.pk) == []


def test_a_frozen_till_waits_for_a_decision_and_a_retired_one_for_nobody(
    world: World, isabelle: Client
) -> None:
    isabelle.post(JOURNAL, BECAUSE | {"act": "freeze"})
    assert "Saint-Denis est gelée" in read(isabelle, "/tableau/")
    page = read(isabelle, "/terminaux/")
    assert "gelée, elle ne dépense rien" in page
    assert "<b>1<span" in page, "one to be seen to"
    isabelle.post(RETIRE, BECAUSE)
    Terminal.objects.filter(pk="saint-denis-1").update(online=False)
    assert (
        "Saint-Denis" not in read(isabelle, "/tableau/").split("Caisses")[0].split("À traiter")[1]
    )
    page = read(isabelle, "/terminaux/")
    assert "retirée" in page
    assert "<b>1<span" not in page


def test_a_retired_till_is_decided_about_no_more(world: World, isabelle: Client) -> None:
    isabelle.post(RETIRE, BECAUSE)
    assert 'name="act"' not in read(isabelle)


def test_a_card_that_moved_to_another_machine_is_adopted(world: World, odile: Client) -> None:
    earn(world, 17)
    copied(world)
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    page = read(odile)
    assert "Elle vit dans la machine another" in page
    page = odile.post(JOURNAL, BECAUSE | {"act": "adopt:another board"}, follow=True)
    assert "Nouvelle machine, Odile Payet" in page.content.decode()
    assert terminal().hw_id == "another board"
    assert held(world) == 0
    assert "Elle vit dans la machine" not in read(odile)


def test_a_machine_that_never_spoke_can_not_be_adopted(world: World, isabelle: Client) -> None:
    earn(world, 17)
    isabelle.post(JOURNAL, BECAUSE | {"act": "adopt:invented"})
    assert terminal().hw_id == "test"


def test_each_start_says_what_may_still_be_spent_in_it(world: World, isabelle: Client) -> None:
    earn(world, 17)
    copied(world)
    page = read(isabelle)
    assert 'data-name="Peut dépenser">17 points' in page
    isabelle.post(RETIRE, BECAUSE)
    assert 'data-name="Peut dépenser">17 points' not in read(isabelle)


def test_what_a_card_has_lost_is_said(world: World, isabelle: Client) -> None:
    earn(world, 17)
    Segment.objects.filter(terminal="saint-denis-1").update(lost=3)
    assert "3 écritures n’existent plus sur la caisse" in read(isabelle)


def test_a_restored_hub_says_for_whom_it_waits_and_may_be_told_to_go_on(
    world: World, isabelle: Client
) -> None:
    earn(world, 17)
    restored.begin("command")
    incident = Incident.objects.get(kind="restored", merchant=world.lucet)
    address = f"/a-voir/{incident.pk}/"
    page = read(isabelle, address)
    assert "Caisses attendues" in page
    assert "17 points" in page
    isabelle.post(address, {"act": "resume", "reason": "La caisse a brûlé"})
    assert not Merchant.objects.get(pk=world.lucet.pk).suspended_at
    page = read(isabelle, address)
    assert "Reprise acceptée, Isabelle Lucet" in page
    assert "Reprendre sans elles" not in page
    assert Merchant.objects.get(pk=world.iles.pk).suspended_at, "another's affair"
