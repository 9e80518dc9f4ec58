# SPDX-License-Identifier: Apache-2.0
"""What a touch asks of the store, in statements: a clock on a busy machine tells nothing."""

import re

import apsw

from firmware.drivers.base import Reading
from firmware.store import own
from firmware.till import tap
from firmware.till.flow import Event
from firmware.till.outcome import AtTill, Saved
from loyalty.account import points_of
from loyalty.feed import BalanceIs
from tests.firmware.till.conftest import ELODIE, Bakery

SALE, REWARD, SHOWN = 39, 42, 15
CARD = ELODIE.codes[0]


def statements(bakery: Bakery, event: Event) -> list[str]:
    """What the store carries out for an event, its screen included."""
    seen: list[str] = []

    def note(_cursor: apsw.Cursor, sql: str, _values: object) -> bool:
        seen.append(sql)
        return True

    bakery.db._connection.exec_trace = note
    bakery.do(event)
    bakery.db._connection.exec_trace = None
    return seen


def test_a_sale_is_saved_and_shown_in_few_statements(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.online()
    bakery.scan(CARD)
    bakery.line(1960)
    bakery.line(300)
    assert len(statements(bakery, tap.Save())) <= SALE
    assert isinstance(bakery.outcome, Saved)


def test_rights_add_few_statements_to_a_sale(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.online()
    with bakery.db.atomic():
        own.change_right(bakery.db, points_of("elodie"), 200, place=None)
    bakery.hub_says(BalanceIs(points_of("elodie"), 500))
    bakery.scan(CARD)
    bakery.line(1960)
    bakery.do(tap.Take("croissant"))
    assert len(statements(bakery, tap.Save())) <= REWARD
    assert isinstance(bakery.outcome, Saved)


def test_the_counter_is_shown_in_few_statements(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1960)
    assert len(statements(bakery, tap.Scroll(1))) <= SHOWN
    assert isinstance(bakery.outcome, AtTill)


def test_a_statement_is_planned_once_whatever_it_is_asked_with(bakery: Bakery) -> None:
    """A partial index would have SQLite plan each look-up of a person anew: a third of a sale."""
    assert bakery.db._connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, -1) == 1


def test_no_look_up_of_a_sale_reads_a_whole_table(bakery: Bakery) -> None:
    """With 100,000 customers each of those would take as long as the whole sale."""
    bakery.unlock()
    bakery.online()
    asked = statements(bakery, Reading(code=CARD, source="mock:"))
    bakery.line(1960)
    asked += statements(bakery, Reading(code="3017620422003", source="mock:"))
    bakery.do(tap.Back())
    asked += statements(bakery, tap.Save())
    many = {sql for sql in asked if re.search("customer|code|product", sql)}
    assert any("product" in sql for sql in many)
    for sql in many:
        for _, _, _, step in bakery.db.rows(f"EXPLAIN QUERY PLAN {sql}", *[None] * marks(sql)):
            assert not re.fullmatch(r"SEARCH \w+ USING PRIMARY KEY \(side=\?\).*", step), sql
            assert not re.match(r"SCAN (customer|code|balance|contact|recent|product)\b", step), sql


def marks(sql: str) -> int:
    """How many values a statement is asked with."""
    numbered = [int(n) for n in re.findall(r"\?(\d)", sql)]
    return max(numbered, default=sql.count("?"))


def test_a_sale_compiles_no_statement_that_another_sale_had_compiled(bakery: Bakery) -> None:
    """Those of a whole sale, scan and keys included, stay in the cache from one to the next."""
    bakery.unlock()
    for _ in range(2):
        sell(bakery)
    before = bakery.db._connection.cache_stats()["misses"]
    sell(bakery)
    assert bakery.db._connection.cache_stats()["misses"] == before


def sell(bakery: Bakery) -> None:
    """To a customer, two lines, and on to the next."""
    bakery.scan(CARD)
    bakery.line(1960)
    bakery.line(300)
    bakery.do(tap.Save())
    bakery.do(tap.Finish())
