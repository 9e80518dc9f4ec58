# SPDX-License-Identifier: Apache-2.0
"""The replica: what the hub said last, found quickly, one write for each kind of item."""

from dataclasses import replace

import pytest

from firmware.store import cards, replica
from loyalty import card
from loyalty.account import Account, Kind, gift_of, points_of
from loyalty.feed import (
    ITEMS,
    BalanceIs,
    CardNumbers,
    CategoryIs,
    CustomerIs,
    ProductIs,
    ProgrammeIs,
    SaleSeen,
    ShopIs,
    StaffIs,
)
from loyalty.programme import EarnRule, LoyaltyProgramme
from tests.firmware.store.shelf import Shelf, giving_up

SHOP = ShopIs(
    merchant="Maison Lucet",
    shop="s1",
    name="Saint-Denis",
    zone="Indian/Reunion",
    card_prefix="2000417",
)


def customer(number: int, first_name: str = "Ana", initial: str = "P") -> CustomerIs:
    return CustomerIs(
        id=f"c{number}",
        first_name=first_name,
        initial=initial,
        codes=(card.issue("2000417", number), f"TAG-{number}"),
        hashes=(f"phone-{number}", f"mail-{number}"),
    )


def names(shelf: Shelf, typed: str) -> list[str]:
    return [found.first_name for found in replica.customers_by_name(shelf.db, typed)]


def test_a_terminal_that_never_heard_the_hub_knows_nothing(shelf: Shelf) -> None:
    assert replica.shop(shelf.db) is None
    assert replica.programme(shelf.db) is None
    assert replica.staff(shelf.db) == ()
    assert cards.take_card_number(shelf.db) is None


def test_shop_programme_and_staff_are_as_last_said(shelf: Shelf) -> None:
    rules = LoyaltyProgramme(version=2, earn=EarnRule(points=1, per_cents=3000))
    shelf.hear(
        SHOP,
        ProgrammeIs(LoyaltyProgramme(version=1, earn=EarnRule())),
        ProgrammeIs(rules),
        StaffIs(id="b", name="Isabelle", pin="x"),
        StaffIs(id="a", name="Aline", pin="y"),
        StaffIs(id="z", name="Zoé", pin="z"),
    )
    assert replica.shop(shelf.db) == SHOP
    assert replica.programme(shelf.db) == rules
    shelf.hear(StaffIs(id="z", name="Zoé"))
    assert [person.name for person in replica.staff(shelf.db)] == ["Aline", "Isabelle"]


def test_the_catalogue_is_in_the_merchants_order(shelf: Shelf) -> None:
    shelf.hear(
        CategoryIs(id="p", name="Pâtisserie", rank=2),
        CategoryIs(id="b", name="Boulangerie", rank=1),
        CategoryIs(id="x", name="Fermée", rank=0),
        CategoryIs(id="x", name="Fermée", rank=0, gone=True),
        ProductIs(id="1", category="b", name="Pain", cents=135, ean="3760000000017", rank=2),
        ProductIs(id="2", category="b", name="Brioche", cents=450, rank=1),
        ProductIs(id="3", category="b", name="Ancien", cents=1, ean="999"),
        ProductIs(id="3", category="b", name="Ancien", cents=1, ean="999", gone=True),
    )
    assert [c.name for c in replica.categories(shelf.db)] == ["Boulangerie", "Pâtisserie"]
    assert [p.name for p in replica.products(shelf.db, "b")] == ["Brioche", "Pain"]
    bread = replica.product_by_ean(shelf.db, "3760000000017")
    assert bread
    assert (bread.id, bread.cents) == ("1", 135)
    assert replica.product(shelf.db, "1") == bread
    assert replica.product(shelf.db, "3") is None
    assert replica.product_by_ean(shelf.db, "999") is None
    assert replica.product_by_ean(shelf.db, "") is None, "a product without a barcode has none"


def test_a_customer_is_found_by_every_code_and_contact(shelf: Shelf) -> None:
    shelf.hear(customer(1))
    for code in customer(1).codes:
        found = replica.customer_by_code(shelf.db, code)
        assert found
        assert found.id == "c1"
    assert [c.id for c in replica.customers_by_hash(shelf.db, "mail-1")] == ["c1"]
    assert replica.customers_by_id(shelf.db, ["nobody", "c1"])[0].id == "c1"


def test_a_changed_customer_loses_old_codes_and_a_gone_one_everything(shelf: Shelf) -> None:
    shelf.hear(customer(1))
    shelf.hear(CustomerIs(id="c1", first_name="Anaïs", initial="P", codes=("NEW",)))
    assert replica.customer_by_code(shelf.db, "TAG-1") is None
    assert replica.customers_by_hash(shelf.db, "mail-1") == ()
    assert names(shelf, "ana") == ["Anaïs"]
    shelf.hear(CustomerIs(id="c1", first_name="", initial="", codes=(), gone=True))
    assert replica.customer(shelf.db, "c1") is None
    assert replica.customer_by_code(shelf.db, "NEW") is None
    assert names(shelf, "ana") == []


def test_what_rules_ask_of_a_customer_is_as_last_said(shelf: Shelf) -> None:
    shelf.hear(replace(customer(1), member=False, pro=True, tier="silver"))
    known = replica.customer(shelf.db, "c1")
    assert known
    assert (known.member, known.pro, known.tier) == (False, True, "silver")


def test_a_code_given_to_two_belongs_to_whom_the_hub_names_last(shelf: Shelf) -> None:
    shelf.hear(CustomerIs(id="a", first_name="A", initial="", codes=("X",)))
    shelf.hear(CustomerIs(id="b", first_name="B", initial="", codes=("X",)))
    found = replica.customer_by_code(shelf.db, "X")
    assert found
    assert found.id == "b"


def test_several_people_may_share_a_phone(shelf: Shelf) -> None:
    for i in ("a", "b"):
        shelf.hear(CustomerIs(id=i, first_name=i, initial="", codes=(), hashes=("home",)))
    assert {c.id for c in replica.customers_by_hash(shelf.db, "home")} == {"a", "b"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("élo", ["Élodie"]),
        ("ELODIE", ["Élodie"]),
        ("elodie m", ["Élodie"]),
        ("elodie  M", ["Élodie"]),
        ("elodie p", []),
        ("no", ["Noémie", "NOEL"]),
        ("noe", ["NOEL", "Noémie"]),
        ("œu", ["Œudora"]),
        ("oeu", ["Œudora"]),
        ("%", []),
        ("", []),
        ("   ", []),
    ],
)
def test_a_first_name_is_found_whatever_the_accents(
    shelf: Shelf, typed: str, found: list[str]
) -> None:
    for i, (first_name, initial) in enumerate(
        [("Élodie", "M"), ("Noémie", "B"), ("NOEL", "A"), ("Œudora", "Z")]
    ):
        shelf.hear(customer(i, first_name, initial))
    assert sorted(names(shelf, typed)) == sorted(found)


def test_a_search_by_name_is_bounded(shelf: Shelf) -> None:
    shelf.hear(*(customer(i) for i in range(50)))
    assert len(names(shelf, "ana")) == replica.MOST_FOUND


@pytest.mark.parametrize(
    "look_up",
    [
        "SELECT customer FROM code_now WHERE code = ?",
        "SELECT customer FROM contact_now WHERE hash = ? LIMIT 20",
        "SELECT first_name, initial FROM customer_now WHERE id = ?",
        "SELECT code FROM code_now WHERE customer = ? ORDER BY code",
        "SELECT id FROM customer_now WHERE words >= ? AND words < 'x' ORDER BY words, id LIMIT 20",
        "SELECT kind, key, amount FROM balance_now WHERE owner = ?",
        "SELECT kind, key, amount FROM pending WHERE owner = ?",
        "SELECT id FROM recent_now WHERE customer = ? ORDER BY wall_ms DESC, id DESC LIMIT 3",
        "SELECT id FROM product_now WHERE ean = ? AND ean <> '' ORDER BY rank, id LIMIT 1",
    ],
)
def test_no_look_up_reads_the_whole_table(shelf: Shelf, look_up: str) -> None:
    plan = [row[3] for row in shelf.db.rows(f"EXPLAIN QUERY PLAN {look_up}", "x")]
    assert not [step for step in plan if step.startswith("SCAN")], plan


def test_balances_are_per_account_and_owner(shelf: Shelf) -> None:
    carry = Account(Kind.CARRY, "c1", "1/100")
    shelf.hear(BalanceIs(points_of("c1"), 7), BalanceIs(carry, 50), BalanceIs(gift_of("f"), 0))
    assert replica.balances(shelf.db, "c1") == {points_of("c1"): 7, carry: 50}
    assert replica.gift_known(shelf.db, "f"), "an empty gift card is a known one"
    assert not replica.gift_known(shelf.db, "c1")


def test_the_last_three_sales_of_each_customer_are_kept(shelf: Shelf) -> None:
    for wall_ms in (5, 1, 4, 2, 3):
        for who in ("a", "b"):
            seen = SaleSeen(id=f"{who}{wall_ms}", customer=who, wall_ms=wall_ms, points=wall_ms)
            shelf.hear(seen, seen)
    assert [sale.points for sale in replica.recent_sales(shelf.db, "a")] == [5, 4, 3]
    assert shelf.db.row("SELECT count(*) FROM recent") == (6,)


def test_card_numbers_come_from_the_blocks_given_and_never_twice(shelf: Shelf) -> None:
    shelf.hear(SHOP, CardNumbers(first=10, last=11), CardNumbers(first=500, last=500))
    shelf.hear(CustomerIs(id="x", first_name="X", initial="", codes=(card.issue("2000417", 11),)))
    taken = [cards.take_card_number(shelf.db) for _ in range(3)]
    assert taken == [card.issue("2000417", 10), card.issue("2000417", 500), None]
    shelf.hear(CardNumbers(first=10, last=11))
    assert cards.take_card_number(shelf.db) is None, "a block said again is not a new one"


def test_a_number_taken_in_a_sale_that_failed_is_free_again(shelf: Shelf) -> None:
    shelf.hear(SHOP, CardNumbers(first=10, last=11))
    with giving_up(shelf.db.atomic):
        cards.take_card_number(shelf.db)
    assert cards.take_card_number(shelf.db) == card.issue("2000417", 10)


def test_every_kind_of_item_is_applied() -> None:
    import ast
    from pathlib import Path

    tree = ast.parse(Path(replica.__file__).read_text())
    cases = {
        node.cls.id
        for node in ast.walk(tree)
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name)
    }
    assert {kind.__name__ for kind in ITEMS.values()} <= cases
