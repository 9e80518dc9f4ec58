# SPDX-License-Identifier: Apache-2.0
"""The merchant's words about the programme: written with light marks, read by everybody."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hub.console.prose import LONGEST, Block, blocks, clean
from hub.merchants.registry import change_merchant, open_merchant
from hub.programmes.models import Explanation
from tests.hub.console.world import World

EDIT = "/programmes/page/"
PUBLIC = "/p/maison-lucet/fidelite/"
WORDS = "# Bienvenue\r\nDeux lignes\r\nd’un paragraphe.\r\n\r\n- un point\r\n- un autre\r\n"


@pytest.mark.row("C16")
def test_what_the_merchant_writes_everybody_reads(world: World, isabelle: Client) -> None:
    assert isabelle.post(EDIT, {"text": WORDS}).status_code == 302
    page = Client().get(PUBLIC).content.decode()
    assert "<h2>Bienvenue</h2>" in page
    assert "<p>Deux lignes<br>d’un paragraphe.</p>" in page
    assert "<ul><li>un point</li><li>un autre</li></ul>" in page
    assert "Page du programme" in isabelle.get("/programmes/").content.decode()


@pytest.mark.row("C16")
def test_the_page_says_what_the_tills_apply(world: World) -> None:
    page = Client().get(PUBLIC).content.decode()
    assert "Maison Lucet" in page
    assert "1 point pour chaque 1,00" in page
    assert "Remise de 10 %" in page
    assert "200 points" in page
    assert "Marque-page" not in page


def test_a_look_at_it_saves_nothing(world: World, isabelle: Client) -> None:
    page = isabelle.post(EDIT, {"text": WORDS, "act": "preview"}).content.decode()
    assert "<h2>Bienvenue</h2>" in page
    assert not Explanation.objects.exists()


def test_a_merchant_with_nothing_to_say_has_no_page(world: World) -> None:
    open_merchant("neuf", "Neuf")
    assert Client().get("/p/neuf/fidelite/").status_code == 404
    assert Client().get("/p/personne/fidelite/").status_code == 404


def test_no_html_is_ever_obeyed(world: World, isabelle: Client) -> None:
    isabelle.post(EDIT, {"text": "<script>alert(1)</script>\n# <b>gras</b>"})
    page = Client().get(PUBLIC).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;gras" in page


@pytest.mark.parametrize(
    ("colour", "front", "act"),
    [
        ("#1D4A3C", ("#1D4A3C", "#FFFFFF"), "#1D4A3C"),
        ("#FFD143", ("#FFD143", "#15231E"), "#876A00"),
        ("#000000", ("#000000", "#FFFFFF"), "#000000"),
    ],
)
def test_the_page_wears_the_merchants_colour_and_is_read_on_it(
    world: World, colour: str, front: tuple[str, str], act: str
) -> None:
    change_merchant("maison-lucet", colour=colour)
    sheet = Client().get("/p/maison-lucet/couleurs.css").content.decode()
    painted, words = front
    assert f"--front:light-dark({painted}," in sheet
    assert f"--on-front:light-dark({words},#0E1814)" in sheet
    assert f"--shop:light-dark({act}," in sheet
    assert "couleurs.css" in Client().get(PUBLIC).content.decode()


def test_a_page_too_long_is_refused_in_words(world: World, isabelle: Client) -> None:
    page = isabelle.post(EDIT, {"text": "a" * (LONGEST + 1)}).content.decode()
    assert "Rien n’est enregistré" in page


def test_marks_make_headings_lists_and_paragraphs() -> None:
    assert blocks(clean("# A\n# B\n\n* x\n• y\nz")) == (
        Block(kind="heading", lines=("A",)),
        Block(kind="heading", lines=("B",)),
        Block(kind="list", lines=("x", "y")),
        Block(kind="paragraph", lines=("z",)),
    )


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not {c for c in once if c != "\n"} & {chr(n) for n in (*range(32), *range(127, 160))}
