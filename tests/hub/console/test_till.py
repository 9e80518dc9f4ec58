# SPDX-License-Identifier: Apache-2.0
"""The till in a browser: the same acts as at the terminal, by the same rules, within its shop."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from hub.ledger import counter
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.orders import OpenOrder
from hub.merchants import feed
from hub.merchants.registry import change_shop
from hub.programmes.publish import publish
from loyalty.account import Holding, points_of
from loyalty.entry import ReleaseCause, Released
from loyalty.feed import Recalled
from loyalty.wire import decode_item
from tests.hub.console.things import gift_card
from tests.hub.console.tilling import Page, bread, code, gained, sales
from tests.hub.console.world import World, baguette, reward

# ── from the scan to the receipt ────────────────────────────────────────────────────────────────


@pytest.mark.row("B2", "F1")
def test_a_scan_an_amount_and_an_article_are_sold_by_the_shops_own_account(
    world: World, till: Page
) -> None:
    bread(world)
    till.press("enter", q=code(world.elodie))
    assert "Élodie M." in till.text
    assert "Marchand" not in till.text
    till.press("line", amount="12,50", quantity="2")
    till.press("enter", q="3270190000013").press("enter", q="3270190000013")
    assert "2 × 1,35 €" in till.text
    assert "27,70 €" in till.text
    assert "gagne 27 points" in till.text
    till.press("save")
    assert "C’est enregistré" in till.text
    assert "n° W0001" in till.text
    assert "Servi par Bruno Hoarau" in till.text
    assert "Nouveau solde 27" in till.text
    assert "DUPLICATA" not in till.text
    (sale,) = sales()
    assert (sale.shop, sale.person, sale.cents, sale.customer) == (
        world.denis, world.bruno, 2770, world.elodie.uuid,
    )  # fmt: skip
    listed = till.open("/transactions/").text
    assert "W0001" in listed
    assert "27,70 €" in listed
    assert not OpenOrder.objects.exists()


@pytest.mark.row("F3")
def test_the_shops_sales_of_terminal_and_web_are_one_list_that_prints_each_again(
    world: World, till: Page
) -> None:
    world.till.sell(baguette(), customer=world.elodie)
    world.till.send()
    till.press("line", amount="3").press("save")
    listed = till.open("/transactions/?q=W0001").text
    assert "3,00 €" in listed
    assert "1,20 €" not in listed
    for sale, total in ((JournalEntry.objects.get(cents=120), "1,20"), (sales()[0], "3,00")):
        page = till.open(f"/transactions/{sale.pk}/ticket/").text
        assert f"Total {total} €" in page
        assert "DUPLICATA" in page


def test_a_double_click_makes_one_sale_and_shows_its_receipt_twice(
    world: World, till: Page
) -> None:
    till.press("line", amount="5")
    first, second = till.post("save"), till.post("save")
    assert first.redirect_chain[-1] == second.redirect_chain[-1]
    assert len(sales()) == 1


def test_a_double_click_adds_a_line_once_and_two_scans_of_an_article_count_two(
    world: World, till: Page
) -> None:
    bread(world)
    before = dict(till.hidden)
    till.press("line", amount="5")
    here = till.url
    till.url, till.hidden = "/caisse/", before
    till.press("line", amount="5")
    assert till.url == here
    assert "Total" in till.text
    assert "5,00 €" in till.text
    assert "10,00 €" not in till.text
    till.press("enter", q="3270190000013").press("enter", q="3270190000013")
    assert "7,70 €" in till.text


def test_a_price_that_changed_since_it_was_told_is_shown_before_it_is_asked(
    world: World, till: Page
) -> None:
    till.press("line", amount="5")
    till.hidden["to_pay"] = "400"
    till.press("save")
    assert "a changé entre-temps" in till.text
    assert not sales()
    till.press("save")
    assert len(sales()) == 1


def test_what_was_begun_is_there_when_somebody_comes_back(world: World, till: Page) -> None:
    till.press("enter", q=code(world.elodie)).press("line", amount="8")
    assert "Élodie M." in till.open("/caisse/").text
    assert "8,00 €" in till.text
    order = OpenOrder.objects.get()
    till.open(f"/caisse/{order.pk}/")
    till.press("drop")
    assert not OpenOrder.objects.exists()
    assert "Ventes en cours" not in till.text


def test_a_line_goes_out_and_an_old_page_takes_out_no_other(world: World, till: Page) -> None:
    till.press("line", amount="1").press("line", amount="2")
    old = dict(till.hidden)
    till.press("unline", place=0)
    assert "2,00 €" in till.text
    assert "3,00 €" not in till.text
    till.hidden = old
    till.press("unline", place=0, again=1)
    assert "a changé entre-temps" in till.text
    assert "2,00 €" in till.text


def test_an_amount_that_is_none_is_said_and_nothing_typed_is_lost(world: World, till: Page) -> None:
    till.press("line", amount="douze", quantity="3")
    assert "Un montant en euros, comme 12,50." in till.text
    assert not OpenOrder.objects.get().started


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 30, "9" * 5000])
def test_a_number_that_is_none_sells_takes_out_and_serves_nothing(
    world: World, till: Page, number: str
) -> None:
    till.press("line", amount="5")
    assert till.post("pick", customer=number).status_code == 404
    assert "5,00 €" in till.press("unline", place=number).text
    for told in ({"turn": number}, {"to_pay": number}):
        assert "a changé entre-temps" in till.press("save", **told).text
    assert not sales()


# ── the one entry bar ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["elodie", "MARCHAND", "0692 12 34 56", "elodie@client.example"])
@pytest.mark.row("E1")
def test_a_customer_is_found_by_name_phone_or_e_mail(world: World, till: Page, typed: str) -> None:
    Customer.objects.filter(pk=world.elodie.pk).update(
        search="elodie marchand elodie@client.example 0692123456"
    )
    till.press("enter", q=typed)
    assert "Élodie M." in till.text
    till.press("pick", customer=world.elodie.pk)
    assert "0 point" in till.text
    assert OpenOrder.objects.get().customer == world.elodie.uuid


def test_whoever_comes_from_another_shop_is_found_and_named_as_a_terminal_names_them(
    world: World, till: Page
) -> None:
    theo = world.till_of_paul.join("Théo", "Maillot", serial=900)
    till.press("enter", q="maillot")
    assert "Théo M." in till.text
    assert "Maillot" not in till.text
    assert f"/clients/{theo.pk}/" not in till.client.get(till.url + "?q=theo").content.decode()


@pytest.mark.row("F4")
def test_a_scan_counts_a_visit_and_the_next_one_within_the_delay_does_not(
    world: World, till: Page
) -> None:
    till.press("enter", q=code(world.elodie)).press("nobody")
    till.press("enter", q=code(world.elodie))
    assert len(sales("visited")) == 1


def test_a_lost_card_and_a_wrong_digit_say_so(world: World, till: Page) -> None:
    world.elodie.cards.update(blocked_at=timezone.now())
    assert "déclarée perdue" in till.press("enter", q=code(world.elodie)).text
    wrong = code(world.elodie)[:-1] + str((int(code(world.elodie)[-1]) + 1) % 10)
    assert "Un chiffre n’est pas le bon" in till.press("enter", q=wrong).text


@pytest.mark.row("E6")
def test_a_blank_card_becomes_a_new_customers_who_is_then_served(world: World, till: Page) -> None:
    till.press("line", amount="4").press("enter", q="2000417009991")
    assert "La carte …9991 n’est à personne." in till.text
    page = till.client.get(till.url + "?q=2000417009991").content.decode()
    add = re.search(r'href="(/clients/ajouter/[^"]+)"', page)
    assert add
    url = add[1].replace("&amp;", "&")
    assert "2000417009991" in till.client.get(url).content.decode()
    named = {"first_name": "Zoé", "code": "2000417009991", "member": "on"}
    answer = till.client.post(url, named)
    assert answer.url == till.url
    assert "Zoé" in till.open().text
    assert "4,00 €" in till.text


def test_an_order_that_is_begun_is_not_given_to_somebody_else(world: World, till: Page) -> None:
    theo = world.till.join("Théo", "Maillot", serial=900)
    till.press("enter", q=code(world.elodie)).press("line", amount="4")
    till.press("enter", q=code(theo))
    assert "Une vente est en cours pour quelqu’un d’autre" in till.text
    assert "Élodie M." in till.text


def test_who_is_registered_beside_somebody_elses_order_is_not_served_and_it_says_so(
    world: World, till: Page
) -> None:
    till.press("enter", q=code(world.elodie)).press("line", amount="4")
    url = f"/clients/ajouter/?order={till.hidden['order']}"
    named = {"first_name": "Zoé", "code": "2000417009991", "member": "on"}
    back = till.client.post(url, named, follow=True).content.decode()
    assert "Zoé est inscrit" in back
    assert "Une vente est en cours pour quelqu’un d’autre" in back
    assert OpenOrder.objects.get().customer == world.elodie.uuid


# ── rewards and points ──────────────────────────────────────────────────────────────────────────


@pytest.mark.row("B2", "G1")
def test_rewards_are_used_or_say_what_is_missing(world: World, till: Page) -> None:
    gained(world, 70)
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    assert "70 points" in till.text
    assert "encore 130 points" in till.text
    till.press("use", reward=world.croissant.pk)
    assert "dans la vente" in till.text
    till.press("save")
    assert "Nouveau solde 20" in till.text


@pytest.mark.row("B2", "G4")
def test_points_and_purse_pay_as_much_as_is_typed(world: World, till: Page) -> None:
    paying = reward(world.lucet, "points", "Avantage fidélité", cost=0)
    publish(world.lucet.pk)
    gained(world, 300)
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    till.press("use", reward=paying.pk, amount="400")
    assert "Ici, 300 points au plus." in till.text
    till.press("use", reward=paying.pk, amount="250")
    assert "7,50 €" in till.text
    till.press("use", reward=world.cashback.pk, amount="0,50")
    assert "7,00 €" in till.text
    till.press("save")
    assert "Avantage fidélité (250 points) −2,50 €" in till.text
    assert "Payé 7,00 €" in till.text


def test_who_has_not_joined_earns_from_the_moment_they_do(world: World, till: Page) -> None:
    Customer.objects.filter(pk=world.elodie.pk).update(member=False)
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    assert "gagnerait 10 points" in till.text
    till.press("join")
    assert "gagne 10 points" in till.text
    till.press("save")
    assert "Points gagnés +10" in till.text


def test_who_joins_at_the_counter_is_given_what_they_have_come_to_once_as_by_the_next_scan(
    world: World, till: Page
) -> None:
    once = reward(world.lucet, "gift", "Café", cost=1, gift_title="Café offert")
    once.options = {"per_visit": True, "per_customer": 1}
    once.save()
    publish(world.lucet.pk)
    Customer.objects.filter(pk=world.elodie.pk).update(member=False)
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    assert "dans la vente" not in till.text
    assert "dans la vente" in till.press("join").text


# ── gift cards ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("B2", "H3")
def test_a_gift_card_pays_a_part_or_as_much_as_it_may(world: World, till: Page) -> None:
    card = gift_card(world, "paul")
    assert "Elle paie une commande" in till.press("enter", q=card.code).text
    till.press("line", amount="25").press("gift", number=card.code, amount="10")
    assert "15,00 €" in till.text
    till.press("enter", q=card.code)
    assert f"Carte cadeau …{card.last4}" in till.text
    till.press("save")
    assert "Payé 0,00 €" in till.text
    till.open("/caisse/").press("line", amount="25").press("enter", q=card.code)
    assert "10,00 €" in till.text


def test_ten_numbers_that_are_none_end_the_minute(world: World, till: Page) -> None:
    card = gift_card(world, "denis")
    till.press("line", amount="25")
    for n in range(10):
        till.press("gift", number=f"ABCD EFGH JKM{n} PQRS")
        assert "Carte cadeau inconnue ou inutilisable." in till.text
    assert "attendez une minute" in till.press("gift", number=card.code).text


# ── whose till ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("B2")
def test_a_shop_sells_in_its_own_shop_and_a_merchant_in_the_one_they_choose(
    world: World, till: Page, isabelle: Client
) -> None:
    hers = Page(isabelle).open()
    assert "Dans quelle boutique vendez-vous ?" in hers.text
    hers.url = f"/caisse/?shop={world.paul.pk}"
    hers.open().press("line", amount="9")
    assert "9,00 €" in hers.text
    assert till.client.get(hers.url).status_code == 404
    assert till.client.post(hers.url, {**hers.hidden, "act": "save"}).status_code == 404
    till.url = f"/caisse/?shop={world.paul.pk}"
    till.press("line", amount="2").press("save")
    hers.press("save")
    assert [sale.shop for sale in sales()] == [world.denis, world.paul]
    assert [sale.receipt for sale in sales()] == ["W0001", "W0001"]


def test_a_page_can_not_begin_an_order_under_the_id_of_another_shops(
    world: World, till: Page, isabelle: Client
) -> None:
    hers = Page(isabelle, f"/caisse/?shop={world.paul.pk}").open().press("line", amount="9")
    till.hidden["order"] = hers.hidden["order"]
    till.press("line", amount="2")
    assert till.hidden["order"] != hers.hidden["order"]
    assert OpenOrder.objects.get(shop=world.paul).order.total_cents == 900


def test_nothing_is_begun_or_sold_in_a_shop_that_was_closed(world: World, isabelle: Client) -> None:
    hers = Page(isabelle, f"/caisse/?shop={world.paul.pk}").open().press("line", amount="9")
    change_shop(world.paul, closed_at=timezone.now())
    assert hers.post("save").status_code == 404
    again = Page(isabelle, f"/caisse/?shop={world.paul.pk}").open()
    assert "Dans quelle boutique vendez-vous ?" in again.text
    assert "Saint-Paul" not in again.text
    assert "Dans quelle boutique vendez-vous ?" in again.press("line", amount="9").text
    assert OpenOrder.objects.count() == 1
    assert not sales()


@pytest.mark.row("B2", "T5")
def test_what_a_terminal_keeps_is_asked_back_as_one_till_asks_for_anothers(
    world: World, till: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter, "PATIENCE_S", 0.0)
    world.till.sell(baguette(7000), customer=world.elodie)
    world.till.send()
    till.press("enter", q=code(world.elodie)).press("line", amount="10")
    till.press("use", reward=world.croissant.pk).press("recall")
    newest = feed.stretch(world.till.terminal, feed.position(world.lucet.pk) - 2)
    asked = [decode_item(line) for line in newest.lines]
    points = points_of(world.elodie.uuid)
    assert Recalled(points) in asked
    held = (Holding(points, 70),)
    world.till.write(Released(cause=ReleaseCause.RECALLED, holds=held))
    world.till.send()
    till.open().press("save")
    assert "Croissant offert (60 points)" in till.text
