# SPDX-License-Identifier: Apache-2.0
"""The panel shows what the tree says, feels what is touched, and repaints no more than it must."""

import struct
from dataclasses import replace
from io import BytesIO

import pygame
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageStat

from firmware.kiosk.display import Display, easier
from firmware.kiosk.examples import PHOTOS
from firmware.kiosk.look import Look
from firmware.kiosk.marks import Likeness, Sign
from firmware.kiosk.text import Language
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Pointing
from firmware.till import tap
from firmware.till.outcome import AtTill, PinAsked, Recognised
from tests.firmware.kiosk.conftest import EXAMPLES, EXAMPLES_OF, LANDSCAPE, PORTRAIT

Pixel = tuple[int, int, int]


def shown(name: str, look: Look = LANDSCAPE) -> Display:
    display = Display(look)
    display.show(EXAMPLES[name])
    return display


def picture(display: Display) -> Image.Image:
    return Image.open(BytesIO(display.png())).convert("RGB")


def tone(display: Display, of: Tone) -> Pixel:
    return display.look.theme[of]


def place(display: Display, label: str) -> list[int]:
    """Where something of that label is."""
    return next(w["rect"] for w in display.widgets() if w["label"] == label)


def middle(display: Display, label: str) -> tuple[float, float]:
    """Where a finger goes for it."""
    x, y, width, height = place(display, label)
    return x + width / 2, y + height / 2


# ── pixels ──────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_has_the_size_of_the_panel() -> None:
    for look in (LANDSCAPE, PORTRAIT):
        png = shown("front-waiting", look).png()
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", png[16:24]) == (look.width, look.height)


def test_the_sign_is_yellow_on_its_edge_and_the_front_is_the_shops() -> None:
    wide, tall = shown("front-waiting"), shown("front-waiting", PORTRAIT)
    assert picture(wide).getpixel((790, 240)) == tone(wide, Tone.NOW)
    assert picture(wide).getpixel((5, 240)) == tone(wide, Tone.FRONT)
    assert picture(tall).getpixel((360, 1270)) == tone(tall, Tone.NOW)
    assert picture(tall).getpixel((5, 600)) == tone(tall, Tone.FRONT)
    left = shown("front-waiting", replace(LANDSCAPE, pointing=Pointing.LEFT))
    assert picture(left).getpixel((5, 240)) == tone(left, Tone.NOW)


def test_saved_is_painted_in_the_shops_own_colour() -> None:
    display = shown("saved-earned", replace(LANDSCAPE, colour="#4A90D9"))
    assert picture(display).getpixel((5, 5)) == (0x28, 0x70, 0xB6)


def test_a_colour_that_was_changed_is_worn_from_the_next_front_on() -> None:
    """Whoever is served meanwhile sees no other colours; what they switched goes as always."""
    display = shown("front-waiting")
    display.switch(tap.SwitchContrast())
    display.show(replace(EXAMPLES["front-waiting"], colour="#4A90D9"))
    display.restore()
    assert display.look == replace(LANDSCAPE, colour="#4A90D9")
    assert picture(display).getpixel((5, 240)) == (0x28, 0x70, 0xB6)
    display.show(EXAMPLES["saved-earned"])
    assert picture(display).getpixel((5, 5)) == (0x28, 0x70, 0xB6)


def test_corners_are_round_and_smooth() -> None:
    display = shown("at_till-order")
    rect = next(t.rect for t in display.arranged.targets if t.label == "Enregistrer")
    seen = picture(display)
    corner = seen.crop((rect.x, rect.y, rect.x + 15, rect.y + 15))
    assert corner.getpixel((0, 0)) == tone(display, Tone.PAPER)
    assert corner.getpixel((14, 14)) == tone(display, Tone.SHOP)
    assert len(corner.getcolors()) > 10, "shades between the two"


def test_the_emblem_is_the_merchants_initial_or_its_sign() -> None:
    letter, wheat = shown("front-waiting"), shown("front-waiting", Look(emblem="wheat"))
    assert picture(letter).tobytes() != picture(wheat).tobytes()
    for display in (letter, wheat):
        assert tone(display, Tone.EMBLEM) in {c for _, c in picture(display).getcolors(100_000)}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("recognised-qr", "2900000044154"),
        ("saved-qr", "Ticket n° 0412 du 21/11/2026 14:32"),
        ("printer-qr", "Solde : 184 points"),
    ],
)
def test_a_phone_reads_the_codes(name: str, says: str) -> None:
    for look in (LANDSCAPE, PORTRAIT, replace(LANDSCAPE, dark=True)):
        (code,) = zxingcpp.read_barcodes(picture(shown(name, look)))
        assert code.format == zxingcpp.BarcodeFormat.QRCode
        assert says in code.text


def test_the_same_screen_is_the_same_picture() -> None:
    assert shown("at_till-order").png() == shown("at_till-order").png()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pin-empty", "pin-typing"),
        ("at_till-order", "at_till-scrolled"),
        ("line-empty", "line-typed"),
        ("front-waiting", "front-offline"),
        ("text-name", "text-capitals"),
        ("recognised-points", "saved-earned"),
    ],
)
def test_what_is_repainted_is_no_different_from_a_new_frame(before: str, after: str) -> None:
    display = shown(before)
    display.show(EXAMPLES[after])
    assert display.png() == shown(after).png()


def test_what_does_not_change_is_not_repainted() -> None:
    display = shown("pin-empty")
    first = display.frame
    display.show(PinAsked(typed=0))
    assert display.frame == first
    display.show(PinAsked(typed=1))
    assert display.frame == first + 1


# ── photos ──────────────────────────────────────────────────────────────────────────────────────


def likenesses(display: Display) -> list[Likeness]:
    return [mark for mark in display.arranged.marks if isinstance(mark, Likeness)]


@pytest.mark.parametrize("look", [LANDSCAPE, PORTRAIT, replace(LANDSCAPE, dark=True)])
def test_a_photo_lies_in_its_tile_with_round_corners(look: Look) -> None:
    display = shown("at_till-photos", look)
    coffee, tart = likenesses(display)
    for mark, (_, content) in zip((coffee, tart), PHOTOS[1:], strict=True):
        x, y, width, height = mark.rect
        photo = Image.open(BytesIO(content)).convert("RGB").resize((width, height))
        seen = picture(display).crop((x, y, x + width, y + height))
        assert seen.getpixel((0, 0)) == tone(display, Tone.NOW)
        middle_part = (width // 4, height // 4, 3 * width // 4, 3 * height // 4)
        unlike = ImageChops.difference(seen.crop(middle_part), photo.crop(middle_part))
        assert max(ImageStat.Stat(unlike).mean) < 12


def test_what_is_in_the_order_is_ticked_and_what_has_no_photo_keeps_its_sign() -> None:
    shown_icons = {
        mark.name for mark in shown("at_till-photos").arranged.marks if isinstance(mark, Sign)
    }
    assert {"tick", "euro", "discount", "gift"} <= shown_icons


@pytest.mark.parametrize("content", [b"\xff\xd8 torn", PHOTOS[1][1][:400], b""])
def test_a_photo_that_can_t_be_read_is_the_sign_of_its_type(content: bytes) -> None:
    order = EXAMPLES["at_till-photos"]
    assert isinstance(order, AtTill)
    display = Display(LANDSCAPE)
    display.show(replace(order, photos=tuple((reward, content) for reward, _ in PHOTOS)))
    plain = shown("at_till-order")
    x, y, width, height = place(display, "Café offert, 60 points")
    box = (x, y, x + width, y + height)
    inks = picture(display).crop(box).getcolors(10_000)
    assert tone(display, Tone.ON_NOW) in {colour for _, colour in inks or ()}
    assert display.widgets() == plain.widgets()


# ── touches ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("of", EXAMPLES_OF)
def test_every_touch_is_felt_in_its_middle_and_at_its_edges(of: str) -> None:
    for name in EXAMPLES_OF[of]:
        for look in (LANDSCAPE, PORTRAIT):
            display = shown(name, look)
            for target in display.arranged.targets:
                x, y, width, height = target.rect
                expected = target.tap if target.enabled else None
                assert display.hit(x + width / 2, y + height / 2) == expected
                assert display.hit(x, y) == expected
                assert display.hit(x + width - 1, y + height - 1) == expected


def test_between_touches_nothing_is_felt() -> None:
    display = shown("front-waiting")
    assert display.hit(300, 150) is None
    assert display.hit(-5, 2000) is None


def test_a_finger_is_seen_until_it_leaves() -> None:
    display = shown("pin-empty")
    rest = display.png()
    assert display.press(*middle(display, "5")) == tap.Key("5")
    pressed = display.png()
    assert pressed != rest
    display.show(PinAsked(typed=1))
    assert display.png() != shown("pin-typing").png()
    display.release()
    fresh = Display(LANDSCAPE)
    fresh.show(PinAsked(typed=1))
    assert display.png() == fresh.png()


def test_what_is_not_there_to_touch_is_not_pressed() -> None:
    display = shown("pin-pause")
    before = display.png()
    assert display.press(*middle(display, "5")) is None
    assert display.png() == before


# ── what people switch ──────────────────────────────────────────────────────────────────────────


@pytest.mark.row("T8")
def test_a_touch_switches_the_language_and_back() -> None:
    display = shown("front-waiting")
    assert display.hit(*middle(display, "English")) == tap.SwitchLanguage()
    display.switch(tap.SwitchLanguage())
    assert "Get my card" in [w["label"] for w in display.widgets()]
    assert display.look.language is Language.ENGLISH
    display.switch(tap.SwitchLanguage())
    assert display.png() == shown("front-waiting").png()


@pytest.mark.row("T8")
def test_one_touch_after_the_other_gives_contrast_large_text_and_neither() -> None:
    display = shown("front-waiting")
    ways = []
    for label in ("Contraste fort", "Grands caractères", "Affichage normal"):
        assert display.hit(*middle(display, label)) == tap.SwitchContrast()
        display.switch(tap.SwitchContrast())
        ways.append((display.look.sharp, display.look.large))
    assert ways == [(True, False), (True, True), (False, False)]
    assert easier(Look(large=True)) == Look(sharp=True)


def test_the_next_customer_finds_the_settings_of_the_shop() -> None:
    display = shown("front-waiting")
    display.switch(tap.SwitchLanguage())
    display.switch(tap.SwitchContrast())
    display.restore()
    assert display.look == LANDSCAPE
    assert display.png() == shown("front-waiting").png()


def test_a_page_is_turned_and_another_screen_begins_at_its_first() -> None:
    display = shown("at_till-long")
    first = display.png()
    display.switch(tap.TurnPage())
    assert display.png() != first
    display.show(EXAMPLES["pin-empty"])
    display.show(EXAMPLES["at_till-long"])
    assert display.png() == first


def test_an_unplugged_scanner_is_told_and_forgotten() -> None:
    display = shown("front-waiting")
    display.scanner_away(away=True)
    assert "Lecteur débranché" in [w["label"] for w in display.widgets()]
    display.scanner_away(away=False)
    assert display.png() == shown("front-waiting").png()


# ── for programs ────────────────────────────────────────────────────────────────────────────────


def test_a_program_reads_touches_and_words() -> None:
    display = shown("saved-earned")
    widgets = {str(w["label"]): w for w in display.widgets()}
    assert widgets["C’est enregistré"]["kind"] == "text"
    assert widgets["Client suivant"]["kind"] == "button"
    assert widgets["Client suivant"]["enabled"] is True
    assert widgets["Client suivant"]["rect"] == [474, 396, 302, 68]
    assert display.outcome_name == "Saved"


def test_before_the_first_outcome_the_panel_is_empty() -> None:
    display = Display(LANDSCAPE)
    assert display.widgets() == []
    assert display.hit(100, 100) is None
    assert display.outcome_name == ""
    display.switch(tap.SwitchLanguage())
    assert list(display.touches()) == []


@pytest.mark.filterwarnings("ignore:no fast renderer")
def test_a_real_window_shows_the_same_and_gives_its_touches() -> None:
    display = Display(LANDSCAPE, window=True)
    display.show(EXAMPLES["front-waiting"])
    screen = pygame.display.get_surface()
    assert screen is not None
    assert screen.get_at((790, 240))[:3] == tone(display, Tone.NOW)
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(100, 430), button=1))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, pos=(100, 430), button=1))
    assert [t for t in display.touches() if t != (0, 0)] == [(100, 430), None]
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    with pytest.raises(SystemExit):
        list(display.touches())
    pygame.display.quit()


def test_a_name_in_any_script_is_drawn() -> None:
    display = Display(LANDSCAPE)
    for name in ("Łukasz", "Nguyễn", "Ελένη", "李", "e\N{COMBINING ACUTE ACCENT}", ""):
        display.show(
            Recognised(first_name=name, points=1, rewards=(), visits=(), code="2900000044154")
        )
        assert not display.arranged.overflows
