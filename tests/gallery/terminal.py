# SPDX-License-Identifier: Apache-2.0
"""Draw each screen of the terminal, beside the approved drawing where there is one."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image

from firmware.kiosk.display import Display
from firmware.kiosk.look import Look
from firmware.kiosk.screens import SCREENS
from firmware.kiosk.text import Language
from firmware.kiosk.ui import Screen
from firmware.till.outcome import Outcome

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "screens.md"
PICTURES = ROOT / "docs" / "screens" / "terminal"

LANDSCAPE = Look(emblem="wheat")
PORTRAIT = Look(width=720, height=1280, emblem="wheat")
SIZES = {"paysage": LANDSCAPE, "portrait": PORTRAIT}
COLOURS = {
    "clair": {},
    "sombre": {"dark": True},
    "contraste": {"sharp": True},
    "grand": {"large": True},
}

INTRODUCTION = (
    "Made by `./run gallery`; do not edit by hand. Where a drawing was approved it stands on the"
    " left. What the drawings show of later slices (tiers, points that expire) is left out until it"
    " exists. `./run gallery --out DIR` draws every state of every screen, in both sizes, both"
    " languages and all four ways to see them. The hub’s pages are in"
    " [screens-hub.md](screens-hub.md)."
)

TITLES = {
    "front": "L’attente",
    "recognised": "Un client regarde sa carte",
    "pin": "Le personnel ouvre la caisse",
    "at_till": "La vente",
    "line": "Une ligne, au montant",
    "products": "Une ligne, par article",
    "amount": "Un autre montant",
    "text": "Une réponse tapée",
    "choice": "Une réponse à choisir",
    "found": "Les clients trouvés",
    "asking": "Le droit demandé",
    "saved": "La vente enregistrée",
    "offers": "Une carte cadeau contre des points",
    "gift_saved": "La carte cadeau vendue",
    "sales": "Les transactions",
    "sale": "Une transaction",
    "refund": "Ce qu’un client rapporte",
    "refund_saved": "Le remboursement enregistré",
    "refused": "Ce qui n’a pas pu se faire",
    "printer": "L’imprimante attend quelqu’un",
    "out_of_order": "La caisse ne peut pas servir",
}
"""Screens in the order in which people meet them."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of docs/screens.md."""

    screen: str
    example: str
    size: str = "paysage"
    colour: str = "clair"
    drawn: str = ""
    """The approved drawing of the same thing."""

    @property
    def name(self) -> str:
        parts = [self.screen, self.example, self.size]
        return "-".join([*parts, self.colour] if self.colour != "clair" else parts)

    def png(self) -> bytes:
        screen = next(s for s in SCREENS.values() if s.name == self.screen)
        look = replace(SIZES[self.size], **COLOURS[self.colour])
        return draw(screen.examples[self.example], look)


PAIRS = (
    Shot("front", "waiting", drawn="t1-attente-paysage"),
    Shot("front", "waiting", "portrait", drawn="t1-attente-portrait"),
    Shot("front", "offline", drawn="t1-attente-paysage-horsligne"),
    Shot("recognised", "points", drawn="t2-client-paysage"),
    Shot("recognised", "points", colour="sombre", drawn="t2-client-paysage-sombre"),
    Shot("recognised", "points", "portrait", drawn="t2-client-portrait"),
    Shot("at_till", "order", drawn="t3-caisse-paysage"),
    Shot("at_till", "order", "portrait", drawn="t3-caisse-portrait"),
    Shot("at_till", "order", "portrait", "sombre", drawn="t3-caisse-portrait-sombre"),
    Shot("line", "typed", drawn="t4-montant-paysage"),
    Shot("line", "typed", "portrait", drawn="t4-montant-portrait"),
    Shot("refused", "not-here-now", drawn="t5-horsligne-paysage"),
    Shot("refused", "not-here-now", "portrait", drawn="t5-horsligne-portrait"),
    Shot("saved", "earned", drawn="t6-enregistre-paysage"),
    Shot("saved", "earned", "portrait", drawn="t6-enregistre-portrait"),
    Shot("printer", "paper", drawn="t7-papier-paysage"),
    Shot("printer", "paper", "portrait", drawn="t7-papier-portrait"),
)
OTHERS = (
    Shot("recognised", "qr"),
    Shot("pin", "typing"),
    Shot("pin", "pause", "portrait"),
    Shot("at_till", "nobody"),
    Shot("at_till", "nobody", "portrait"),
    Shot("at_till", "offline"),
    Shot("at_till", "offline", "portrait"),
    Shot("recognised", "offline"),
    Shot("recognised", "photos"),
    Shot("at_till", "photos"),
    Shot("at_till", "scrolled"),
    Shot("at_till", "order", colour="contraste"),
    Shot("at_till", "order", colour="grand"),
    Shot("products", "category"),
    Shot("products", "category", "portrait"),
    Shot("amount", "gift-pays"),
    Shot("text", "name"),
    Shot("text", "phone"),
    Shot("text", "email", "portrait"),
    Shot("choice", "gift-kind"),
    Shot("choice", "send-on"),
    Shot("found", "some"),
    Shot("found", "nobody"),
    Shot("asking", "points"),
    Shot("saved", "waiting"),
    Shot("saved", "qr"),
    Shot("offers", "some"),
    Shot("offers", "some", "portrait"),
    Shot("offers", "offline"),
    Shot("choice", "exchange"),
    Shot("choice", "gift-exchange"),
    Shot("gift_saved", "virtual"),
    Shot("gift_saved", "for-points"),
    Shot("gift_saved", "for-points", "portrait"),
    Shot("sales", "all"),
    Shot("sales", "all", "portrait"),
    Shot("sale", "sale"),
    Shot("pin", "not-manager"),
    Shot("refused", "sale-elsewhere-offline"),
    Shot("refused", "unknown-card"),
    Shot("refused", "customer-bad-code"),
    Shot("printer", "cover"),
    Shot("printer", "away"),
    Shot("out_of_order", "not-ready"),
    Shot("out_of_order", "bug"),
    Shot("refund", "some"),
    Shot("refund", "some", "portrait"),
    Shot("refund", "again"),
    Shot("refund_saved", "owed"),
    Shot("refund_saved", "void", "portrait"),
    Shot("out_of_order", "leaving"),
)


def draw(outcome: Outcome, look: Look) -> bytes:
    """One screen as a PNG, as few bytes as it can be seen with."""
    display = Display(look)
    display.show(outcome)
    return smaller(display.png())


def smaller(png: bytes) -> bytes:
    """The same picture in 64 colours: flat fills and letters lose nothing by it."""
    written = BytesIO()
    whole = Image.open(BytesIO(png)).convert("RGB")
    whole.quantize(64, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def write_docs() -> int:
    """Draw the pictures of docs/screens.md and write it; answers how many."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for shot in PAIRS + OTHERS:
        (PICTURES / f"{shot.name}.png").write_bytes(shot.png())
    PAGE.write_text(page())
    return len(PAIRS + OTHERS)


def write_all(out: Path) -> int:
    """Draw everything that can be seen; answers how many."""
    count = 0
    for screen, (example, outcome), look, name in _everything():
        folder = out / screen.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{example}-{name}.png").write_bytes(draw(outcome, look))
        count += 1
    return count


def _everything() -> Iterator[tuple[Screen, tuple[str, Outcome], Look, str]]:
    for screen in SCREENS.values():
        for example, size, language, colour in product(
            screen.examples.items(), SIZES, Language, COLOURS
        ):
            look = replace(SIZES[size], language=language, **COLOURS[colour])
            yield screen, example, look, f"{size}-{language}-{colour}"


def page() -> str:
    """Render docs/screens.md."""
    parts = [
        "# The terminal’s screens",
        INTRODUCTION,
    ]
    screens = {screen.name: screen for screen in SCREENS.values()}
    for name, title in TITLES.items():
        module = inspect.getmodule(screens[name].show)
        parts.append(f"## {title}")
        parts.append(f"`{name}`: {inspect.getdoc(module)}")
        pairs = [shot for shot in PAIRS if shot.screen == name]
        if pairs:
            rows = [f"| {_picture(f'drawn-{s.drawn}')} | {_picture(s.name)} |" for s in pairs]
            parts.append("\n".join(["| drawn | built |", "|---|---|", *rows]))
        others = [shot for shot in OTHERS if shot.screen == name]
        if others:
            parts.append("\n".join(_rows_of_two([_picture(shot.name) for shot in others])))
    return "\n\n".join(parts) + "\n"


def _picture(name: str) -> str:
    return f"![{name}](screens/terminal/{name}.png)"


def _rows_of_two(cells: list[str]) -> list[str]:
    padded = cells + [""] * (len(cells) % 2)
    rows = [f"| {a} | {b} |" for a, b in zip(padded[::2], padded[1::2], strict=True)]
    return ["| | |", "|---|---|", *rows]
