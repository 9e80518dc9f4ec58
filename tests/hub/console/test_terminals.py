# SPDX-License-Identifier: Apache-2.0
"""How the terminals are, in words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.merchants.enrolment import enrol
from tests.hub.console.world import World, heard


def test_a_terminal_that_is_well_says_what_it_has(world: World, isabelle: Client) -> None:
    page = isabelle.get("/terminaux/").content.decode()
    assert "à jour" in page
    assert "prête" in page
    assert "prêt" in page
    assert "0.1.0" in page
    assert "saint-denis-1" in page


def test_an_offline_terminal_says_when_it_was_seen(world: World, isabelle: Client) -> None:
    heard(world.till.terminal, online=False)
    now = timezone.localtime(timezone.now(), timezone.zoneinfo.ZoneInfo("Indian/Reunion"))
    page = isabelle.get("/terminaux/").content.decode()
    assert f"hors ligne, vue à {now:%H}:" in page


def test_one_seen_yesterday_or_before_names_the_day(world: World, isabelle: Client) -> None:
    seen = timezone.now() - timedelta(days=1)
    heard(world.till.terminal, online=False)
    world.till.terminal.last_contact = seen
    world.till.terminal.save()
    assert "hors ligne, vue hier à" in isabelle.get("/terminaux/").content.decode()


def test_one_that_was_never_heard_says_so(world: World, isabelle: Client) -> None:
    enrol(world.paul, "saint-paul-2")
    assert "jamais connectée" in isabelle.get("/terminaux/").content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"printer": "PaperOut"}, "plus de papier"),
        ({"printer": "paper_out"}, "plus de papier"),
        ({"printer": "CoverOpen"}, "capot ouvert"),
        ({"printer": "PrinterOffline"}, "l’imprimante ne répond pas"),
        ({"scanner": "Unplugged"}, "le lecteur est débranché"),
        ({"kiosk": False}, "la caisse ne répond plus"),
        ({"disk": 89}, "à jour"),
        ({"disk": 90}, "la carte mémoire est presque pleine"),
        ({"disk": 95}, "la carte mémoire est pleine, plus de ventes"),
        ({"waiting": 3}, "3 ventes en route"),
        ({"waiting": 1}, "1 vente en route"),
    ],
)
def test_each_state_has_its_words(
    world: World, isabelle: Client, state: dict[str, object], words: str
) -> None:
    heard(world.till.terminal, **state)
    assert words in isabelle.get("/terminaux/").content.decode()


def test_the_panel_counts_the_terminals_that_need_somebody(world: World, isabelle: Client) -> None:
    heard(world.till.terminal, printer="PaperOut")
    assert "<b>1<span" in isabelle.get("/clients/").content.decode()
