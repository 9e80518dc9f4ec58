# SPDX-License-Identifier: Apache-2.0
"""The shelf's pages: what could not be posted, in words, and what a person makes of it."""

from typing import Any

import pytest
from django.test import Client

from hub.ledger.audit import faults
from hub.ledger.models import Account, JournalEntry, Why
from loyalty.basket import GiftUse, Line
from loyalty.entry import GiftSold, Saw, Sold, Visited
from loyalty.programme import EarnRule
from tests.hub.console.world import ENTERING, World

BECAUSE = {"reason": "Le ticket est au comptoir"}


@pytest.fixture(autouse=True)
def sums_agree(world: World):
    yield
    assert faults(world.lucet.pk) == []


def sold(world: World, cents: int, *, receipt: str = "0042", **more: object) -> Sold:
    facts = {
        "receipt": receipt,
        "customer": world.elodie.uuid,
        "code": world.elodie.cards.get().code,
        "lines": (Line(label="Pain", unit_cents=cents),),
        "total_cents": cents,
        "due_cents": cents,
        "paid_cents": cents,
        "points": cents // 100,
        "carry_cents": cents % 100,
        "earn": EarnRule(),
        "saw": Saw(programme=1),
    }
    return Sold(**(facts | more))  # type: ignore[arg-type]


@pytest.fixture
def aside(world: World) -> JournalEntry:
    """A sale of 12,50 € to Élodie that says another number than it has."""
    world.till.lose_place(sold(world, 1250))
    world.till.send()
    return JournalEntry.objects.get(why=Why.PLACE)


@pytest.fixture
def torn(world: World) -> JournalEntry:
    """Bytes that are no entry."""
    world.till.keep(b'{"id": "5f\x00\xff<script>')
    world.till.send()
    return JournalEntry.objects.get(why=Why.UNREADABLE)


def points(world: World) -> int:
    mine = Account.objects.filter(merchant=world.lucet, kind="points", owner=world.elodie.uuid)
    return sum(mine.values_list("balance", flat=True))


def address(row: JournalEntry, page: str = "") -> str:
    return f"/a-voir/mises-de-cote/{row.pk}/{page}"


def read(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def test_it_says_what_it_is_where_from_and_what_is_at_stake(
    world: World, isabelle: Client, aside: JournalEntry, torn: JournalEntry
) -> None:
    page = read(isabelle, "/a-voir/mises-de-cote/")
    for words in ("Vente 0042", "numéro d’ordre incohérent", "Saint-Denis", "12,50", "+12 points"):
        assert words in page
    assert "Écriture illisible" in page
    assert "inconnu" in page
    assert "2 écritures" in page


def test_a_long_shelf_asks_the_database_no_more_than_a_short_one(
    world: World, isabelle: Client, django_assert_max_num_queries: Any
) -> None:
    for receipt in range(20):
        world.till.lose_place(sold(world, 1250, receipt=f"{receipt:04d}"))
    world.till.send()
    with django_assert_max_num_queries(25):
        assert "20 écritures" in read(isabelle, "/a-voir/mises-de-cote/")


def test_an_empty_shelf_is_said_kindly(world: World, isabelle: Client) -> None:
    page = read(isabelle, "/a-voir/mises-de-cote/")
    assert "Rien n’est mis de côté" in page
    assert "Tout ce que les caisses ont envoyé est enregistré." in page


def test_it_is_filtered_by_reason_and_state(
    world: World, isabelle: Client, aside: JournalEntry, torn: JournalEntry
) -> None:
    isabelle.post(address(torn), BECAUSE | {"act": "refuse"})
    for query, shown in (
        ("", {"0042"}),
        ("state=ruled", {"illisible</a>"}),
        ("state=all", {"0042", "illisible</a>"}),
        ("why=unreadable", set()),
        ("why=place", {"0042"}),
        ("why=nonsense", {"0042"}),
    ):
        page = read(isabelle, f"/a-voir/mises-de-cote/?{query}")
        assert {words for words in ("0042", "illisible</a>") if words in page} == shown, query


def test_posted_it_is_shown_with_who_and_why(
    world: World, isabelle: Client, aside: JournalEntry
) -> None:
    assert "Enregistrer telle quelle" in read(isabelle, address(aside))
    isabelle.post(address(aside), BECAUSE | {"act": "post"})
    assert points(world) == 12
    page = read(isabelle, address(aside))
    assert "Enregistrée telle quelle, Isabelle Lucet" in page
    assert BECAUSE["reason"] in page
    assert "Enregistrer telle quelle" not in page
    became = JournalEntry.objects.get(kind="sold", outcome="posted")
    assert f"/transactions/{became.pk}/" in page
    assert "Isabelle Lucet" in read(isabelle, f"/transactions/{became.pk}/")


def test_a_decision_needs_a_reason(world: World, isabelle: Client, aside: JournalEntry) -> None:
    page = isabelle.post(address(aside), {"act": "post", "reason": ""}).content.decode()
    assert "Dites pourquoi, en quelques mots." in page
    assert points(world) == 0


def test_who_decides_second_is_told(world: World, isabelle: Client, aside: JournalEntry) -> None:
    isabelle.post(address(aside), BECAUSE | {"act": "refuse"})
    for page, given in (("", {"act": "post"}), ("corriger/", {"due": "12,50"})):
        answer = isabelle.post(address(aside, page), BECAUSE | given, follow=True)
        assert "Quelqu’un a décidé entre-temps" in answer.content.decode()
    assert points(world) == 0


def test_an_operator_decides_too_and_is_named(
    world: World, odile: Client, aside: JournalEntry
) -> None:
    page = read(odile, "/commerces/mises-de-cote/")
    assert "Maison Lucet" in page
    assert "Vente 0042" in page
    there = address(aside)
    odile.post("/commerces/maison-lucet/entrer/", ENTERING | {"next": there})
    odile.post(there, BECAUSE | {"act": "post"})
    assert "Odile Payet" in read(odile, there)
    assert points(world) == 12


# ── what can't be posted as it is ───────────────────────────────────────────────────────────────


def test_what_can_not_be_read_offers_no_posting(
    world: World, isabelle: Client, torn: JournalEntry
) -> None:
    page = read(isabelle, address(torn))
    assert "Elle ne se lit pas." in page
    assert "Enregistrer telle quelle" not in page
    answer = isabelle.post(address(torn), BECAUSE | {"act": "post"}, follow=True)
    assert "Elle ne se lit pas." in answer.content.decode()


def test_the_original_bytes_are_shown_harmlessly_and_given_whole(
    world: World, isabelle: Client, torn: JournalEntry
) -> None:
    page = read(isabelle, address(torn))
    assert "&lt;script&gt;" in page
    assert "\\xff" in page
    answer = isabelle.get(address(torn, "octets/"))
    assert answer.content == bytes(torn.raw)
    assert answer["Content-Disposition"].startswith("attachment")


def test_what_is_counted_already_can_only_be_refused(world: World, isabelle: Client) -> None:
    sale = sold(world, 900)
    world.till.write(sale)
    world.till.send()
    twin = bytes(JournalEntry.objects.get(kind="sold").raw).replace(b'"n":3', b'"n":4')
    world.till.keep(twin)
    world.till.send()
    page = read(isabelle, address(JournalEntry.objects.get(why=Why.ALTERED)))
    assert "Elle est déjà comptée" in page
    assert "Enregistrer telle quelle" not in page
    assert "Corriger" not in page


def test_the_branch_of_a_fork_is_posted_at_once(world: World, isabelle: Client) -> None:
    for cents in (100, 200):
        world.till.write(sold(world, cents))
    world.till.send()
    world.till.fork(sold(world, 300, receipt="0077"), sold(world, 400, receipt="0078"))
    row = JournalEntry.objects.filter(why=Why.FORK).earliest("n")
    page = read(isabelle, address(row))
    assert "une suite de 2 écritures" in page
    answer = isabelle.post(address(row), BECAUSE | {"act": "branch"}, follow=True)
    assert "2 écritures sont enregistrées." in answer.content.decode()
    assert points(world) == 1 + 2 + 3 + 4


# ── correcting ──────────────────────────────────────────────────────────────────────────────────


def test_the_form_begins_with_what_the_terminal_wrote(
    world: World, isabelle: Client, aside: JournalEntry
) -> None:
    page = read(isabelle, address(aside, "corriger/"))
    assert f'value="{world.elodie.cards.get().code}"' in page
    assert 'value="12,50"' in page
    assert 'value="12"' in page


def test_a_corrected_sale_counts_as_its_receipt_says(
    world: World, isabelle: Client, aside: JournalEntry
) -> None:
    given = BECAUSE | {"card": world.elodie.cards.get().code, "due": "15,20", "points": "15"}
    answer = isabelle.post(address(aside, "corriger/"), given, follow=True)
    assert "L’écriture corrigée est enregistrée." in answer.content.decode()
    assert points(world) == 15
    became = JournalEntry.objects.get(kind="sold", outcome="posted")
    assert (became.cents, became.receipt) == (1520, "0042")
    assert "Enregistrée, corrigée" in read(isabelle, address(aside))


def test_an_unreadable_sale_is_typed_from_its_receipt(
    world: World, isabelle: Client, torn: JournalEntry
) -> None:
    given = BECAUSE | {"card": world.elodie.cards.get().code, "due": "8", "points": "8"}
    isabelle.post(address(torn, "corriger/"), given)
    assert points(world) == 8


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"card": "999"}, "Aucun client n’a cette carte"),
        ({"card": "", "points": "5"}, "Sans carte, il n’y a personne à qui les compter."),
        ({"due": ""}, "Quel montant le ticket dit-il ?"),
        ({"due": "beaucoup"}, "Un montant en euros, comme 12,50."),
        ({"points": "-1"}, "supérieure ou égale à 0"),
        ({"reason": ""}, "Dites pourquoi, en quelques mots."),
        ({"used_points": "50", "points": "0"}, "Elle prend plus que ce qui est libre"),
    ],
)
def test_what_can_not_be_right_is_said_beside_its_field(
    world: World, isabelle: Client, aside: JournalEntry, given: dict[str, str], said: str
) -> None:
    right = BECAUSE | {"card": world.elodie.cards.get().code, "due": "15,20", "points": "15"}
    page = isabelle.post(address(aside, "corriger/"), right | given).content.decode()
    assert said in page
    assert points(world) == 0


def test_another_merchants_card_is_nobodys(
    world: World, isabelle: Client, aside: JournalEntry
) -> None:
    given = BECAUSE | {"card": world.chloe.cards.get().code, "due": "1"}
    page = isabelle.post(address(aside, "corriger/"), given).content.decode()
    assert "Aucun client n’a cette carte" in page


def test_a_gift_card_asks_for_its_amount_alone(world: World, isabelle: Client) -> None:
    facts = GiftSold(
        receipt="G1", fingerprint="f" * 32, last4="04Q2", cents=5000, virtual=False, sealed=""
    )
    world.till.lose_place(facts)
    world.till.send()
    row = JournalEntry.objects.get(why=Why.PLACE)
    page = read(isabelle, address(row, "corriger/"))
    assert "Montant chargé" in page
    assert "Points gagnés" not in page
    isabelle.post(address(row, "corriger/"), BECAUSE | {"due": "40"})
    assert world.lucet.gift_cards.get().cents == 4000


def test_what_a_gift_card_paid_can_be_corrected(world: World, isabelle: Client) -> None:
    world.till.sell_gift_card(3000, fingerprint="f" * 32, last4="04Q2")
    world.till.lose_place(
        sold(world, 1250, gifts=(GiftUse("f" * 32, 1250),), paid_cents=0), at=None
    )
    world.till.send()
    row = JournalEntry.objects.get(why=Why.PLACE)
    page = read(isabelle, address(row, "corriger/"))
    assert "Pris sur la carte cadeau …04Q2" in page
    given = {"card": world.elodie.cards.get().code, "due": "12,50", "points": "12"}
    page = isabelle.post(
        address(row, "corriger/"), BECAUSE | given | {"gift_0": "20"}
    ).content.decode()
    assert "Les cartes cadeaux paieraient plus que le montant dû." in page


def test_a_visit_asks_for_its_customer_alone(world: World, isabelle: Client) -> None:
    world.till.lose_place(Visited(customer=world.elodie.uuid, code=""))
    world.till.send()
    row = JournalEntry.objects.get(why=Why.PLACE)
    page = read(isabelle, address(row, "corriger/"))
    assert "Montant dû" not in page
    isabelle.post(address(row, "corriger/"), BECAUSE | {"card": world.elodie.cards.get().code})
    assert Account.objects.get(kind="visits", owner=world.elodie.uuid).balance == 1
