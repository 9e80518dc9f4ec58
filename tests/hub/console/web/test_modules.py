# SPDX-License-Identifier: Apache-2.0
"""A module that the operator closes or the merchant switches off, in a browser (SPEC A7, A8)."""

import pytest
from playwright.sync_api import expect

from tests.hub.console.web.conftest import Reads
from tests.hub.console.world import World


@pytest.mark.row("A7")
def test_what_the_operator_closes_is_gone_from_the_merchants_pages(
    reads: Reads, world: World
) -> None:
    operator, merchant = reads(world.odile), reads(world.isabelle)
    merchant.go("/modules/")
    gifts = merchant.tab.get_by_role("checkbox", name=merchant.said("Cartes cadeaux"))
    expect(gifts).to_be_checked()
    operator.go("/commerces/")
    operator.follow("Maison Lucet")
    operator.tab.get_by_role("checkbox", name=operator.said("Cartes cadeaux")).uncheck()
    operator.press("Enregistrer")
    operator.tab.get_by_role("status").wait_for()
    merchant.go("/modules/")
    expect(gifts).to_have_count(0)
    expect(merchant.panel).not_to_contain_text(merchant.said("Cartes cadeaux"))
    answer = merchant.tab.goto(f"{merchant.hub}/cartes-cadeaux/")
    assert answer
    assert answer.status == 404


@pytest.mark.row("A8")
def test_what_the_merchant_switches_off_is_gone_and_comes_back(reads: Reads, world: World) -> None:
    me = reads(world.isabelle)
    for there in (False, True):
        me.go("/modules/")
        me.tab.get_by_role("checkbox", name=me.said("Statuts")).set_checked(there)
        me.press("Enregistrer")
        me.wait("Les modules sont enregistrés ; les caisses les apprennent.")
        expect(me.panel.get_by_role("link", name=me.said("Statuts"))).to_have_count(int(there))
