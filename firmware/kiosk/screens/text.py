# SPDX-License-Identifier: Apache-2.0
"""Ask one thing, typed on the touch keyboard; a scan answers where a code is meant."""

from dataclasses import dataclass, replace

from firmware.kiosk.pads import PHONE, asking, keyboard, keypad, padded
from firmware.kiosk.parts import MARGIN, Variant, back, bar, button, titled, wrong_line
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HEAD,
    Box,
    Ctx,
    Icon,
    Pad,
    Space,
    Text,
    Widget,
    column,
    row,
    screen,
    spring,
)
from firmware.kiosk.words import said
from firmware.till.outcome import Field, TextAsked
from firmware.till.tap import Enter
from loyalty.refusal import Reason, Refusal

_NAME = TextAsked(field=Field.FIRST_NAME, text="Élo", step=1, steps=5)

EXAMPLES = {
    "name": _NAME,
    "capitals": replace(_NAME, text="", capitals=True, wrong=Refusal(Reason.FIELD_MISSING)),
    "last-name": replace(_NAME, field=Field.LAST_NAME, text="", optional=True, step=2),
    "signs": replace(_NAME, field=Field.BUYER, text="N° 12", symbols=True),
    "phone": replace(_NAME, field=Field.PHONE, text="069212", optional=True, step=3),
    "phone-wrong": replace(
        _NAME,
        field=Field.PHONE,
        text="06",
        optional=True,
        step=3,
        wrong=Refusal(Reason.BAD_CONTACT, {"field": "phone"}),
    ),
    "email": replace(
        _NAME, field=Field.EMAIL, text="elodie@exemple", optional=True, step=4, capitals=True
    ),
    "card": replace(_NAME, field=Field.CARD, text="", optional=True, step=5, scans=True),
    "search": TextAsked(field=Field.SEARCH, text="marie-françoise", scans=True),
    "gift-number": TextAsked(
        field=Field.GIFT_NUMBER,
        text="7Q2X",
        scans=True,
        wrong=Refusal(Reason.GIFT_NEEDS_NETWORK),
    ),
    "message": replace(
        _NAME,
        field=Field.MESSAGE,
        text="Joyeux Noël à toute la famille de La Rochefoucauld-Montbel, et à très bientôt à"
        " Saint-Denis pour la goûter ensemble autour d’un Paris-Brest !",
        optional=True,
        step=6,
        steps=7,
    ),
    "sale-search": TextAsked(field=Field.SALE_SEARCH, text="", optional=True, scans=True),
    "reason": replace(_NAME, field=Field.REASON, text="Boîte ouverte au retour", step=2, steps=2),
    "recipient": replace(_NAME, field=Field.RECIPIENT, text="Marie", step=4, steps=7),
    "recipient-email": replace(
        _NAME,
        field=Field.RECIPIENT_EMAIL,
        text="marie@exemple.fr",
        wrong=Refusal(Reason.BAD_CONTACT, {"field": "email"}),
        step=5,
        steps=7,
    ),
}

_KEYS = 345
"""Height of five rows of keys in landscape."""


@dataclass(frozen=True, slots=True)
class _Question:
    title: str
    hint: str = ""


@screen(shows=TextAsked, examples=EXAMPLES)
def text(asked: TextAsked, ctx: Ctx) -> Widget:
    question = _question(asked, ctx)
    steps = (
        Text(
            ctx.t("{step} sur {steps}", step=asked.step, steps=asked.steps),
            Role.SECOND,
            tone=Tone.SOFT,
        )
        if asked.steps
        else None
    )
    end = row(steps, pad=Pad(0, MARGIN, 0, 0)) if steps else None
    title = (
        titled(question.title, said(asked.wrong, ctx).short, strong=True)
        if asked.wrong and not ctx.portrait and asked.field is not Field.PHONE
        else titled(question.title, "" if ctx.portrait else question.hint)
    )
    head = bar(title, end, back=back(ctx))
    hint = Text(question.hint, tone=Tone.SOFT, lines=3) if ctx.portrait else None
    if asked.field is Field.PHONE:
        return column(head, _dialled(asked, hint, ctx))
    return column(head, *_written(asked, hint, ctx))


def _dialled(asked: TextAsked, hint: Text | None, ctx: Ctx) -> Box:
    """A telephone number, on a telephone's keys."""
    left = asking(
        ctx,
        hint or Space(22),
        _line(_paired(asked.text), ctx, Role.TITLE),
        wrong_line(said(asked.wrong, ctx).short) if asked.wrong else Space(16),
        spring(),
        button(_act(asked, ctx), Enter(), icon="tick", variant=Variant.GO, grow=0),
    )
    return padded(ctx, left, keypad(ctx, PHONE, corner="+"))


def _written(asked: TextAsked, hint: Text | None, ctx: Ctx) -> tuple[Box | Space, ...]:
    mail = asked.field in {Field.EMAIL, Field.RECIPIENT_EMAIL}
    message = asked.field is Field.MESSAGE
    role = (Role.TEXT if ctx.portrait else Role.SECOND) if message else Role.STRONG
    act = _act(asked, ctx)
    keys = keyboard(
        ctx,
        capitals=asked.capitals and not mail,
        symbols=asked.symbols,
        mail=mail and not asked.symbols,
        enter=act,
        height=_KEYS if not ctx.portrait else 350,
    )
    most = 6 if ctx.portrait else 1 if ctx.large else 2
    line = _line(asked.text, ctx, role, lines=most if message else 1, scans=asked.scans)
    if not ctx.portrait:
        return column(line, pad=Pad(0, MARGIN, 8, MARGIN), grow=1, even=True), keys
    wrong = wrong_line(said(asked.wrong, ctx).short) if asked.wrong else Space(24)
    go = button(act, Enter(), icon="tick", variant=Variant.GO, grow=0)
    pad = Pad(0, MARGIN, 16, MARGIN)
    return column(Space(24), hint, line, wrong, spring(), go, pad=pad, grow=1), keys


def _line(words: str, ctx: Ctx, role: Role, *, lines: int = 1, scans: bool = False) -> Box:
    """What is typed so far, where the next letter comes, and whether a scan would do."""
    cursor = row(width=3, height=36, fill=Tone.SHOP) if lines == 1 else None
    scan = row(Icon("barcode", size=36, tone=Tone.SOFT)) if scans else None
    return row(
        Text(words, role, weight=600, lines=lines, tail=True, leading=1.15),
        cursor,
        spring(),
        scan,
        gap=4,
        least=58,
        bottom=HEAD,
        grow=0 if ctx.portrait else 1,
    )


def _paired(digits: str) -> str:
    """A number as it is read out in France: 06 92 12."""
    if digits.startswith("+"):
        return digits
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def _act(asked: TextAsked, ctx: Ctx) -> str:
    if asked.field in {Field.SEARCH, Field.SALE_SEARCH}:
        return ctx.t("Chercher")
    if asked.optional and not asked.text:
        return ctx.t("Passer")
    return ctx.t("Valider") if asked.step == asked.steps or not asked.steps else ctx.t("Suivant")


def _question(asked: TextAsked, ctx: Ctx) -> _Question:
    optional = ctx.t("Facultatif")
    match asked.field:
        case Field.SEARCH:
            return _Question(
                ctx.t("Chercher un client"), ctx.t("Nom, téléphone, e-mail ou numéro de carte")
            )
        case Field.FIRST_NAME:
            return _Question(ctx.t("Prénom"))
        case Field.LAST_NAME:
            return _Question(ctx.t("Nom"), optional)
        case Field.PHONE:
            return _Question(ctx.t("Téléphone"), ctx.t("Facultatif, pour retrouver la carte"))
        case Field.EMAIL:
            return _Question(ctx.t("E-mail"), ctx.t("Facultatif, pour suivre ses points"))
        case Field.CARD:
            return _Question(
                ctx.t("Carte déjà en main"), ctx.t("Scannez-la. Sans carte, un numéro est donné.")
            )
        case Field.GIFT_NUMBER:
            return _Question(ctx.t("Numéro de la carte cadeau"), ctx.t("À scanner ou à taper"))
        case Field.BUYER:
            return _Question(ctx.t("Qui offre la carte"), ctx.t("Son nom"))
        case Field.RECIPIENT:
            return _Question(ctx.t("Qui la reçoit"), ctx.t("Son nom"))
        case Field.RECIPIENT_EMAIL:
            return _Question(ctx.t("E-mail de qui la reçoit"))
        case Field.MESSAGE:
            return _Question(ctx.t("Un mot à joindre"), optional)
        case Field.SALE_SEARCH:
            return _Question(ctx.t("Chercher une vente"), ctx.t("Numéro du ticket, ou nom"))
        case Field.REASON:
            return _Question(ctx.t("Pour quel motif ?"), ctx.t("En quelques mots"))
