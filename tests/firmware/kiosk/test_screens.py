# SPDX-License-Identifier: Apache-2.0
"""Screens ask and answer what people there need, and nothing else."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from firmware.kiosk.examples import BADGES, BAGUETTES, ECLAIRS, ELODIE, NOW, PARIS_BREST
from firmware.kiosk.look import Look
from firmware.kiosk.screens import tree
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Box, Leave, Pointing, Qr, walk
from firmware.till import tap
from firmware.till.outcome import (
    Amount,
    AmountAsked,
    AtTill,
    Choice,
    ChoiceAsked,
    Field,
    FoundSome,
    Front,
    GiftPaid,
    LineAsked,
    PinAsked,
    ProductsShown,
    Question,
    Recognised,
    RewardRow,
    TextAsked,
)
from loyalty.badge import BadgeState
from loyalty.conditions import Lack, Need
from tests.firmware.kiosk.read import ENGLISH, FRENCH, PORTRAIT, boxes, main_act, taps, words

# ── the front ───────────────────────────────────────────────────────────────────────────────────

FRONT = Front(
    merchant="Maison Lucet",
    shop="Saint-Denis",
    now=NOW,
    points=1,
    per_cents=100,
    first_cost=80,
    first_title="Croissant offert",
)


def test_the_front_is_made_of_the_rules_when_the_merchant_says_nothing() -> None:
    assert "1 € payé, 1 point. Dès 80 points : Croissant offert." in words(FRONT)
    tens = replace(FRONT, points=5, per_cents=1000, first_cost=None)
    assert "10 € payé, 5 points." in words(tens)


def test_the_merchants_line_is_french_and_others_read_the_rules() -> None:
    own = replace(FRONT, pitch="Chez nous, le pain est bon.")
    assert "Chez nous, le pain est bon." in words(own)
    assert "€1 paid, 1 point. From 80 points: Croissant offert." in words(own, ENGLISH)


def test_offline_the_front_says_that_points_count_as_well() -> None:
    shown = words(replace(FRONT, offline=True))
    assert "Hors ligne" in shown
    assert any("Sans réseau, vos points comptent aussi." in text for text in shown)


def test_from_the_front_one_joins_unlocks_and_switches() -> None:
    assert taps(FRONT) == [
        tap.Join(),
        tap.SwitchLanguage(),
        tap.SwitchContrast(),
        tap.Unlock(),
    ]


@pytest.mark.parametrize("pointing", Pointing)
def test_the_sign_points_to_the_scanner(pointing: Pointing) -> None:
    ctx = Look(pointing=pointing).ctx()
    names = [getattr(widget, "name", "") for widget in walk(tree(FRONT, ctx))]
    assert f"arrow_{pointing}" in names


# ── the customer's own screen ───────────────────────────────────────────────────────────────────

OWN = Recognised(
    first_name="Élodie",
    points=245,
    rewards=(RewardRow("Croissant offert", 80, 0), RewardRow("Paris-Brest", 280, 35)),
    visits=((date(2026, 11, 19), 12),),
    seconds_left=12,
    code="2900000044154",
)


def test_a_customer_sees_points_rewards_and_visits_and_no_money_paid() -> None:
    shown = words(OWN)
    assert {"Bonjour Élodie", "245", "points", "Prêt", "encore 35 points"} <= set(shown)
    assert {"Visites : 19 nov.", "+12", "12 s"} <= set(shown)
    assert not any("€" in text for text in shown)
    assert [w for w in walk(tree(OWN, FRENCH)) if isinstance(w, Leave)] == [Leave(12)]


def test_the_card_is_a_code_for_the_phone() -> None:
    code = next(w for w in walk(tree(replace(OWN, qr=True), FRENCH)) if isinstance(w, Qr))
    assert code.content == "2900000044154"
    assert "2 900000 044154" in words(replace(OWN, qr=True))
    assert taps(OWN) == [tap.ShowQr(), tap.Finish()]


# ── staff unlock ────────────────────────────────────────────────────────────────────────────────


def test_the_digits_of_a_pin_are_counted_and_never_shown() -> None:
    rings = [
        w for w in walk(tree(PinAsked(typed=3), FRENCH)) if isinstance(w, Box) and w.width == 32
    ]
    assert [ring.fill for ring in rings] == [Tone.INK, Tone.INK, Tone.INK, None]


def test_a_pause_takes_the_digits_away_but_not_the_way_back() -> None:
    assert taps(PinAsked(typed=0, pause_s=27)) == [tap.Back()]
    assert "La caisse reprend dans 27 secondes." in words(PinAsked(typed=0, pause_s=27))
    digits = {t.text for t in taps(PinAsked(typed=0)) if isinstance(t, tap.Key)}
    assert digits == set("0123456789")


# ── the till ────────────────────────────────────────────────────────────────────────────────────

ORDER = AtTill(
    staff="Nadia",
    customer=ELODIE,
    lines=(BAGUETTES, PARIS_BREST, ECLAIRS),
    rewards=(("croissant", "Croissant offert", 80, 0),),
    total_cents=1960,
    due_cents=1960,
    to_pay_cents=1960,
    earns=19,
    badges=BADGES,
)
NOBODY = AtTill(staff="Nadia", customer=None, lines=())


def test_with_nobody_the_till_invites_to_scan_search_or_join() -> None:
    assert {tap.Search(), tap.Join(), tap.ShowSales(), tap.Lock()} <= set(taps(NOBODY))
    assert "Scannez la carte" in words(NOBODY)


def test_the_main_act_is_the_order_first_and_saving_it_then() -> None:
    assert main_act(NOBODY) == tap.AddLine()
    assert main_act(ORDER) == tap.Save()
    assert main_act(ORDER, PORTRAIT) == tap.Save()


def test_each_line_reward_and_gift_card_has_its_way_out() -> None:
    paid = replace(ORDER, lines=(PARIS_BREST,), gifts=(GiftPaid("7Q2X", 1000, "cafe"),))
    assert {tap.RemoveLine(0), tap.Drop("croissant"), tap.DropGift("cafe")} <= set(taps(paid))


def test_badges_light_up_and_say_what_is_missing() -> None:
    badges = {b.label: b for b in boxes(ORDER) if b.kind == "badge"}
    by_state = Counter(b.fill for b in badges.values())
    assert by_state == {Tone.NOW: 3, Tone.SHOP: 1, None: 2}
    assert "Remise de 10 %, encore 35 points" in badges
    assert badges["Café offert, 60 points"].tap == tap.Take("Café offert")
    assert badges["Croissant offert, dans la vente"].tap == tap.Drop("Croissant offert")
    assert not badges["Paris-Brest 6 parts, encore 115 points"].enabled


def test_a_second_discount_says_that_one_is_enough() -> None:
    blocked = replace(BADGES[4], state=BadgeState.NOT_YET, lacks=(Lack(need=Need.ALONE),))
    empty = replace(BADGES[3], state=BadgeState.NOT_YET, lacks=(Lack(need=Need.PURSE),))
    shown = words(replace(ORDER, badges=(blocked, empty)))
    assert {"une seule remise", "cagnotte vide"} <= set(shown)


def test_more_badges_than_fit_are_turned() -> None:
    many = replace(ORDER, badges=BADGES + BADGES)
    seen: Counter[str] = Counter()
    for page in range(3):
        ctx = Look().ctx(page=page)
        assert tap.TurnPage() in taps(many, ctx)
        seen += Counter(b.label for b in boxes(many, ctx) if b.kind == "badge")
    assert set(seen.values()) == {2}, "each badge is there as often as the customer has it"


LINES = (BAGUETTES, PARIS_BREST, ECLAIRS) * 3


@pytest.mark.parametrize("first", [0, 3, 8])
def test_scrolling_reaches_every_line_from_wherever_the_till_is(first: int) -> None:
    """The till may say that it stands at the last line: what is shown is still a full page."""
    order = replace(ORDER, lines=LINES, rewards=(), first_line=first)
    seen: set[int] = set()
    for way in ("up", "down"):
        for _ in range(4):
            seen |= {t.index for t in taps(order) if isinstance(t, tap.RemoveLine)}
            arrows = [b for b in boxes(order) if isinstance(b.tap, tap.Scroll)]
            there = [b.tap.rows for b in arrows if b.label.startswith("+") is (way == "down")]
            order = replace(order, first_line=order.first_line + sum(there))
    assert seen == set(range(9))


def test_what_is_left_to_pay_is_named_so() -> None:
    assert "Total" in words(ORDER)
    less = words(replace(ORDER, to_pay_cents=960))
    assert "À payer" in less
    assert "9,60 €" in less


def test_staff_see_first_name_and_initial_and_the_end_of_the_card() -> None:
    assert {"Élodie M.", "carte …4415", "245"} <= set(words(ORDER))


# ── questions ───────────────────────────────────────────────────────────────────────────────────


def test_categories_that_do_not_fit_are_reached_and_left_again() -> None:
    categories = tuple(Choice(str(i), f"C{i}") for i in range(8))
    asked = LineAsked(customer=None, cents=0, categories=categories)
    seen: set[str] = set()
    first = 0
    for _ in range(3):
        shown = replace(asked, first_category=first)
        seen |= {t.id for t in taps(shown) if isinstance(t, tap.PickCategory)}
        (on,) = [t.rows for t in taps(shown) if isinstance(t, tap.Scroll)]
        first += on
    assert seen == {str(i) for i in range(8)}
    assert first == 0, "round again"


def test_products_that_do_not_fit_are_reached_and_left_again() -> None:
    products = tuple(Choice(str(i), f"P{i}", 100) for i in range(30))
    shown = ProductsShown(customer=None, categories=(), chosen="", products=products)
    seen: set[str] = set()
    for _ in range(3):
        seen |= {t.id for t in taps(shown) if isinstance(t, tap.PickProduct)}
        (on,) = [t.rows for t in taps(shown) if isinstance(t, tap.Scroll)]
        shown = replace(shown, first=shown.first + on)
    assert seen == {str(i) for i in range(30)}
    assert shown.first == 0


def test_the_most_is_offered_where_there_is_a_most() -> None:
    purse = AmountAsked(purpose=Amount.PURSE, cents=0, most_cents=340, about="Cagnotte")
    assert tap.TakeMost() in taps(purse)
    sold = AmountAsked(purpose=Amount.GIFT_SOLD, cents=0, most_cents=9_999_999)
    assert tap.TakeMost() not in taps(sold)


@pytest.mark.parametrize("field", Field)
def test_every_question_has_its_title_in_both_languages(field: Field) -> None:
    asked = TextAsked(field=field, text="")
    french, english = words(asked)[0], words(asked, ENGLISH)[0]
    assert french
    assert french != english or french == "E-mail"


def test_a_keyboard_writes_french() -> None:
    def typed(asked: TextAsked) -> set[str]:
        return {t.text for t in taps(asked) if isinstance(t, tap.Key)}

    name = TextAsked(field=Field.FIRST_NAME, text="")
    keys = typed(name) | typed(replace(name, capitals=True)) | typed(replace(name, symbols=True))
    needed = "abcdefghijklmnopqrstuvwxyzéèêëàâçîïôöûüùœ"
    assert set(needed + needed.upper() + " ’-.'&0123456789") - keys <= set("ËÂÎÏÔÖÛÜÙŒ")
    both = replace(name, capitals=True, symbols=True)
    assert set("ËÂÎÏÔÖÛÜÙŒ") <= typed(both)


def test_an_address_is_typed_in_small_letters_with_its_signs_at_hand() -> None:
    asked = TextAsked(field=Field.EMAIL, text="", capitals=True)
    keys = {t.text for t in taps(asked) if isinstance(t, tap.Key)}
    assert {"@", ".", "-", "_", ".fr", ".com", "a"} <= keys
    assert " " not in keys


def test_a_phone_number_is_dialled_and_read_in_pairs() -> None:
    asked = TextAsked(field=Field.PHONE, text="069212", optional=True)
    assert "06 92 12" in words(asked)
    keys = {t.text for t in taps(asked) if isinstance(t, tap.Key)}
    assert keys == set("0123456789+")


def test_what_is_optional_may_be_skipped() -> None:
    assert "Passer" in words(TextAsked(field=Field.LAST_NAME, text="", optional=True))
    assert "Passer" not in words(TextAsked(field=Field.LAST_NAME, text="M", optional=True))


def test_days_are_told_as_today_tomorrow_and_by_name() -> None:
    days = tuple(Choice(day, "") for day in ("2026-11-21", "2026-11-22", "2026-11-28"))
    shown = words(ChoiceAsked(question=Question.SEND_ON, options=days))
    assert {"Aujourd’hui", "samedi 21 novembre", "Demain", "Samedi 28 novembre"} <= set(shown)


def test_nobody_found_leads_to_a_new_customer_of_that_name() -> None:
    assert main_act(FoundSome(text="Dupond", customers=())) == tap.Join("Dupond")
    some = FoundSome(text="él", customers=(ELODIE,))
    assert tap.PickCustomer("elodie") in taps(some)
