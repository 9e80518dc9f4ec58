# SPDX-License-Identifier: Apache-2.0
"""Ask one thing with a few large answers."""

from datetime import date, timedelta

from firmware.kiosk.parts import LOOKS, MARGIN, TOUCH, Variant, back, bar, titled
from firmware.kiosk.receipt import reason_words
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Box, Ctx, Icon, Pad, Text, Widget, column, row, screen, spring
from firmware.till.outcome import Choice, ChoiceAsked, Question
from firmware.till.tap import Pick
from loyalty.refund import RefundReason

EXAMPLES = {
    "gift": ChoiceAsked(question=Question.GIFT, options=(Choice("pay", ""), Choice("sell", ""))),
    "gift-exchange": ChoiceAsked(
        question=Question.GIFT,
        options=tuple(Choice(one, "") for one in ("pay", "sell", "exchange")),
    ),
    "exchange": ChoiceAsked(
        question=Question.EXCHANGE,
        options=(Choice("take", "", cents=10_00, points=240),),
        step=3,
        steps=3,
    ),
    "gift-kind": ChoiceAsked(
        question=Question.GIFT_KIND,
        options=(Choice("virtual", ""), Choice("physical", "")),
        step=1,
        steps=7,
    ),
    "send-on": ChoiceAsked(
        question=Question.SEND_ON,
        options=tuple(
            Choice(f"2026-{day}", "") for day in ("11-21", "11-22", "11-23", "11-28", "12-05")
        ),
        step=7,
        steps=7,
    ),
    "refund-reason": ChoiceAsked(
        question=Question.REFUND_REASON,
        options=tuple(Choice(word, "") for word in ("defect", "mistake", "changed_mind", "other")),
        step=1,
        steps=1,
    ),
    "other-card": ChoiceAsked(
        question=Question.OTHER_CARD, options=(Choice("lost", ""), Choice("both", ""))
    ),
    "abandon": ChoiceAsked(
        question=Question.ABANDON, options=(Choice("keep", ""), Choice("drop", ""))
    ),
}


@screen(shows=ChoiceAsked, examples=EXAMPLES)
def choice(asked: ChoiceAsked, ctx: Ctx) -> Widget:
    title, second = _question(asked.question, ctx)
    steps = (
        row(
            Text(
                ctx.t("{step} sur {steps}", step=asked.step, steps=asked.steps),
                Role.SECOND,
                tone=Tone.SOFT,
            ),
            pad=Pad(0, MARGIN, 0, 0),
        )
        if asked.steps
        else None
    )
    first = asked.options[0].id if asked.options else ""
    answers = [_answer(option, first, asked, ctx) for option in asked.options]
    return column(
        bar(titled(title, second), steps, back=back(ctx)),
        column(
            *answers,
            spring(),
            gap=8,
            pad=Pad(16, MARGIN, 16, MARGIN),
            grow=1,
        ),
    )


def _answer(option: Choice, first: str, asked: ChoiceAsked, ctx: Ctx) -> Box:
    words, note = _words(option, first, asked.question, ctx)
    look = LOOKS[Variant.GO if option.id in {"keep", "take"} else Variant.PLAIN]
    few = len(asked.options) < 4  # noqa: PLR2004 - more of them are a list
    return row(
        column(
            Text(words, weight=600, tone=look.ink, lines=2, leading=1.1, clip=True),
            Text(note, Role.SECOND, tone=look.ink, leading=1.1, optional=True) if note else None,
            grow=1,
        ),
        Icon("next", tone=look.ink),
        gap=12,
        pad=Pad(0, 20, 0, 20),
        height=96 if few else TOUCH,
        radius=10,
        fill=look.fill,
        line=look.line,
        tap=Pick(option.id),
        label=f"{words} {note}".strip(),
        kind="button",
    )


def _question(question: Question, ctx: Ctx) -> tuple[str, str]:
    match question:
        case Question.GIFT:
            return ctx.t("Carte cadeau"), ""
        case Question.EXCHANGE:
            return ctx.t("Échanger les points ?"), ""
        case Question.GIFT_KIND:
            return ctx.t("Quelle carte cadeau ?"), ""
        case Question.SEND_ON:
            return ctx.t("Quand prévenir ?"), ctx.t("Par e-mail, le matin")
        case Question.ABANDON:
            return ctx.t("Abandonner la vente ?"), ctx.t("Rien n’est enregistré encore")
        case Question.OTHER_CARD:
            return ctx.t("Et sa carte d’avant ?"), ctx.t("Ses points restent à lui")
        case Question.REFUND_REASON:
            return ctx.t("Pour quel motif ?"), ctx.t("Le gérant le verra")


def _words(option: Choice, first: str, question: Question, ctx: Ctx) -> tuple[str, str]:
    """An answer, and what is said beside it."""
    if option.name:
        return option.name, ""
    if question is Question.SEND_ON:
        return _day(date.fromisoformat(option.id), date.fromisoformat(first), ctx)
    if question is Question.EXCHANGE:
        points = ctx.n("{n} point", "{n} points", option.points)
        money = ctx.money(option.cents or 0, short=True)
        return (
            ctx.t("Échanger {points}", points=points),
            ctx.t("contre une carte cadeau de {money}", money=money),
        )
    known = {
        "pay": (ctx.t("Payer avec une carte cadeau"), ""),
        "sell": (ctx.t("Vendre une carte cadeau"), ""),
        "exchange": (ctx.t("Échanger des points"), ctx.t("contre une carte par e-mail")),
        "virtual": (ctx.t("Virtuelle"), ctx.t("envoyée par e-mail")),
        "physical": (ctx.t("Physique"), ctx.t("remise en main propre")),
        "keep": (ctx.t("Continuer la vente"), ""),
        "lost": (ctx.t("Elle est perdue"), ctx.t("bloquée pour tous")),
        "both": (ctx.t("Elle sert encore"), ctx.t("les deux cartes serviront")),
        "drop": (ctx.t("Abandonner la vente"), ""),
        "other": (ctx.t("Autre raison"), ctx.t("à taper")),
        **{reason.value: (reason_words(reason, ctx.speech), "") for reason in RefundReason},
    }
    return known.get(option.id, (option.id, ""))


def _day(day: date, today: date, ctx: Ctx) -> tuple[str, str]:
    """The first day offered is today."""
    if day == today:
        return ctx.t("Aujourd’hui"), ctx.day(day)
    if day == today + timedelta(days=1):
        return ctx.t("Demain"), ctx.day(day)
    return ctx.day(day).capitalize(), ""
