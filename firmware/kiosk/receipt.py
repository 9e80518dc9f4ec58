# SPDX-License-Identifier: Apache-2.0
"""Receipts: on paper for a printer of any width, and as plain words for a phone."""

from firmware.drivers.paper import (
    Align,
    Block,
    Code,
    Columns,
    Cut,
    Feed,
    Paper,
    Rule,
    Size,
    Text,
)
from firmware.kiosk.text import NARROW, Speech
from firmware.till.outcome import Receipt
from loyalty.basket import Line
from loyalty.entry import GiftSold, Sold
from loyalty.giftcard import spaced


def paper(receipt: Receipt, speech: Speech) -> Paper:
    """What the printer is given."""
    sold = receipt.sold
    middle = _of_sale(sold, speech) if isinstance(sold, Sold) else _of_gift(receipt, sold, speech)
    blocks: list[Block] = [
        Text(receipt.merchant, align=Align.CENTRE, size=Size.LARGE),
        Text(receipt.shop, align=Align.CENTRE),
        Feed(),
        *([Text(speech.t("DUPLICATA"), align=Align.CENTRE, bold=True)] if receipt.again else []),
        Columns(
            f"{speech.date(receipt.at.date())} {speech.clock(receipt.at)}",
            speech.t("n° {number}", number=sold.receipt),
        ),
        *([Text(speech.t("Servi par {name}", name=receipt.staff))] if receipt.staff else []),
        Rule(),
        *middle,
        *_points(receipt, speech),
        Feed(),
        Code(plain(receipt, speech)),
        Feed(),
        Text(speech.t("Merci et à bientôt."), align=Align.CENTRE),
        Cut(),
    ]
    return Paper(tuple(blocks))


def plain(receipt: Receipt, speech: Speech) -> str:
    """The receipt in a few words, for a QR code that says it all without a network."""
    sold = receipt.sold
    at = f"{speech.date(receipt.at.date())} {speech.clock(receipt.at)}"
    words = [
        f"{receipt.merchant} · {receipt.shop}",
        speech.t("Ticket n° {number} du {at}", number=sold.receipt, at=at),
    ]
    if isinstance(sold, GiftSold):
        words.append(
            speech.t(
                "Carte cadeau …{last4} : {money}", last4=sold.last4, money=speech.money(sold.cents)
            )
        )
    else:
        words.append(speech.t("Total : {money}", money=speech.money(sold.total_cents)))
        words += [_used(title, points, speech) for title, points in _spent(sold)]
        words.append(speech.t("Payé : {money}", money=speech.money(sold.paid_cents)))
        if sold.customer:
            earned = speech.number(sold.points, signed=True)
            words.append(speech.t("Points gagnés : {points}", points=earned))
    if receipt.balance is not None:
        words.append(speech.n("Solde : {n} point", "Solde : {n} points", receipt.balance))
    words.append(receipt.terminal)
    # plain spaces: a code is smaller without what only a page needs
    return "\n".join(words).replace(NARROW, " ")


def _of_sale(sold: Sold, speech: Speech) -> list[Block]:
    blocks: list[Block] = [
        Columns(_named(line, speech), speech.money(line.cents)) for line in sold.lines
    ]
    blocks.append(Rule())
    blocks.append(Columns(speech.t("Total"), speech.money(sold.total_cents), bold=True))
    for use in sold.applied:
        title = use.title if not use.points else _used(use.title, use.points, speech)
        blocks.append(Columns(title, speech.money(-use.cents_off)))
    blocks += [Columns(speech.t("Carte cadeau"), speech.money(-gift.cents)) for gift in sold.gifts]
    blocks.append(Columns(speech.t("Payé"), speech.money(sold.paid_cents), bold=True))
    return blocks


def _of_gift(receipt: Receipt, sold: GiftSold, speech: Speech) -> list[Block]:
    title = speech.t("Carte cadeau …{last4}", last4=sold.last4)
    blocks: list[Block] = [Columns(title, speech.money(sold.cents), bold=True)]
    if receipt.gift_code:
        blocks += [
            Feed(),
            Text(speech.t("Numéro de la carte, à donner à qui la reçoit :")),
            Text(spaced(receipt.gift_code), align=Align.CENTRE, bold=True),
        ]
    return blocks


def _points(receipt: Receipt, speech: Speech) -> list[Block]:
    sold = receipt.sold
    if not isinstance(sold, Sold) or not sold.customer:
        return []
    blocks: list[Block] = [Rule()]
    if receipt.customer:
        blocks.append(Text(speech.t("Carte de {name}", name=receipt.customer)))
    blocks.append(Columns(speech.t("Points gagnés"), speech.number(sold.points, signed=True)))
    if sold.purse_cents:
        blocks.append(Columns(speech.t("Ajouté à la cagnotte"), speech.money(sold.purse_cents)))
    if receipt.balance is not None:
        balance = speech.number(receipt.balance)
        blocks.append(Columns(speech.t("Nouveau solde"), balance, bold=True))
    return blocks


def _named(line: Line, speech: Speech) -> str:
    label = line.label or speech.t("Divers")
    if line.quantity == 1:
        return label
    return f"{line.quantity} × {label}"


def _spent(sold: Sold) -> list[tuple[str, int]]:
    return [(use.title, use.points) for use in sold.applied if use.points]


def _used(title: str, points: int, speech: Speech) -> str:
    return speech.n("{title} ({n} point)", "{title} ({n} points)", points, title=title)
