# SPDX-License-Identifier: Apache-2.0
"""Sales paid back from a page: the exact inverse, once, with a reason and who allowed it."""

import pytest
from django.http import HttpResponse
from django.test import Client

from hub.ledger.models import JournalEntry
from hub.merchants.models import Staff
from hub.merchants.registry import hire
from tests.hub.console.things import gift_card
from tests.hub.console.tilling import Page, code, gained
from tests.hub.console.world import World, baguette


@pytest.fixture
def nadia(world: World) -> Staff:
    """A manager, by her PIN."""
    return hire(world.lucet.pk, "Nadia", pin="9753", manager=True)


@pytest.fixture
def sale(world: World, bruno: Client) -> JournalEntry:
    """Élodie paid 20 € with a croissant for 60 points and a gift card of 5 €."""
    gained(world, 100)
    card = gift_card(world, "denis")
    till = Page(bruno).open().press("enter", q=code(world.elodie)).press("line", amount="20")
    till.press("use", reward=world.croissant.pk).press("gift", number=card.code, amount="5")
    till.press("save")
    return JournalEntry.objects.get(kind="sold", terminal=None)


def form(sale: JournalEntry, **typed: object) -> dict[str, object]:
    return {"left": 2000, "amount": "20", "why": "changed_mind", "pin": "9753", **typed}


def ask(client: Client, sale: JournalEntry, **typed: object) -> HttpResponse:
    url = f"/transactions/{sale.pk}/rembourser/"
    return client.post(url, form(sale, **typed), follow=True)


def refunds() -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(kind="refunded").order_by("pk"))


def words(answer: HttpResponse) -> str:
    page = Page(answer.client)
    return page._read(answer).text


@pytest.mark.row("B2", "F5", "F7")
def test_a_sale_is_paid_back_whole_with_a_managers_pin_and_everything_is_as_before(
    world: World, bruno: Client, nadia: Staff, sale: JournalEntry
) -> None:
    page = words(ask(bruno, sale))
    assert "Remboursement du ticket n° W0002" in page
    assert "Remis sur la carte cadeau 5,00 €" in page
    assert "Rendu au client 15,00 €" in page
    assert "Motif le client a changé d’avis" in page
    assert "Nouveau solde 100" in page
    (back,) = refunds()
    assert (back.receipt, back.person, back.shop) == ("W0003", world.bruno, world.denis)
    listed = bruno.get("/transactions/?kind=refunded").content.decode()
    assert "W0003" in listed
    detail = bruno.get(f"/transactions/{back.pk}/").content.decode()
    assert "Nadia" in detail


def test_a_shop_pays_nothing_back_unless_a_pin_allows_it(
    world: World, bruno: Client, nadia: Staff, sale: JournalEntry
) -> None:
    assert "Un responsable tape son PIN ici." in words(ask(bruno, sale, pin=""))
    for _ in range(5):
        # Marius serves, and allows nothing
        assert "Ce n’est pas le PIN d’un responsable." in words(ask(bruno, sale, pin="2468"))
    assert "Trop d’essais" in words(ask(bruno, sale, pin="9753"))
    assert not refunds()


def test_a_merchant_pays_back_in_their_own_name_and_parts_sum_to_the_whole(
    world: World, isabelle: Client, sale: JournalEntry
) -> None:
    ask(isabelle, sale, amount="7")
    page = words(ask(isabelle, sale, amount="13", left=1300, why="other", other="Livraison"))
    assert "Motif Livraison" in page
    assert [back.person for back in refunds()] == [world.isabelle] * 2
    assert "déjà remboursée" in words(ask(isabelle, sale, amount="1", left=100))
    assert len(refunds()) == 2
    assert sum(back.cents for back in refunds()) == -sale.cents


def test_a_double_click_pays_back_once_and_shows_the_refund_there_is(
    world: World, isabelle: Client, sale: JournalEntry
) -> None:
    first, second = ask(isabelle, sale, amount="7"), ask(isabelle, sale, amount="7")
    assert first.redirect_chain[-1] == second.redirect_chain[-1]
    assert len(refunds()) == 1


def test_what_was_paid_back_meanwhile_is_said_before_more_is(
    world: World, isabelle: Client, sale: JournalEntry
) -> None:
    ask(isabelle, sale, amount="7")
    page = words(ask(isabelle, sale, amount="7", left=1700))
    assert "Une partie a été remboursée entre-temps : il en reste 13,00 €." in page
    assert "Il en reste 13,00 €." in words(ask(isabelle, sale, amount="14", left=1300))
    assert len(refunds()) == 1


def test_a_page_from_before_another_refund_is_not_answered_with_that_one(
    world: World, isabelle: Client, sale: JournalEntry
) -> None:
    ask(isabelle, sale, amount="7")
    page = words(ask(isabelle, sale, amount="13"))
    assert "Une partie a été remboursée entre-temps : il en reste 13,00 €." in page
    assert len(refunds()) == 1


def test_what_a_terminal_sold_is_paid_back_at_that_terminal(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(500))
    world.till.send()
    sold = JournalEntry.objects.get(kind="sold")
    assert "se rembourse à la caisse qui la garde" in words(ask(isabelle, sold, amount="5"))


def test_a_shop_pays_back_no_other_shops_sale(
    world: World, bruno: Client, isabelle: Client, nadia: Staff
) -> None:
    till = Page(isabelle, f"/caisse/?shop={world.paul.pk}").open()
    till.press("line", amount="9").press("save")
    sold = JournalEntry.objects.get(kind="sold")
    assert bruno.get(f"/transactions/{sold.pk}/rembourser/").status_code == 404
    assert ask(bruno, sold, amount="9", left=900).status_code == 404
    assert not refunds()


def test_a_sale_undone_at_once_says_so_on_its_receipt(
    world: World, bruno: Client, nadia: Staff, sale: JournalEntry
) -> None:
    assert "Une annulation rend tout ce qui reste." in words(
        ask(bruno, sale, why="void", amount="3")
    )
    assert "Annulation du ticket n° W0002" in words(ask(bruno, sale, why="void"))
