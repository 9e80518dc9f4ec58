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
from loyalty.entry import GiftSold, Refunded, Sold
from loyalty.giftcard import spaced
from loyalty.refund import RefundReason


def paper(receipt: Receipt, speech: Speech) -> Paper:
    """What the printer is given."""
    sold = receipt.sold
    match sold:
        case Sold():
            middle = _of_sale(sold, speech)
        case Refunded():
            middle = _of_refund(sold, speech)
        case GiftSold():
            middle = _of_gift(receipt, sold, speech)
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
    match sold:
        case GiftSold(last4=last4):
            money = speech.money(sold.cents)
            words.append(speech.t("Carte cadeau …{last4} : {money}", last4=last4, money=money))
            if sold.points:
                used = speech.number(-sold.points, signed=True)
                words.append(speech.t("Points utilisés : {points}", points=used))
        case Refunded():
            words.append(f"{_of_which(sold, speech)} : {speech.money(handed_back(sold))}")
        case Sold():
            words.append(speech.t("Total : {money}", money=speech.money(sold.total_cents)))
            words += [_used(title, points, speech) for title, points in _spent(sold)]
            words.append(speech.t("Payé : {money}", money=speech.money(sold.paid_cents)))
            if sold.customer and sold.earn.points:
                earned = speech.number(sold.points, signed=True)
                words.append(speech.t("Points gagnés : {points}", points=earned))
    if receipt.balance is not None and receipt.balance < 0:
        words.append(owed_words(-receipt.balance, speech))
    elif receipt.balance is not None:
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


def _of_refund(part: Refunded, speech: Speech) -> list[Block]:
    """The sale that it is of, what came back, what was given back, and why."""
    by_gift = sum(gift.cents for gift in part.gifts)
    blocks: list[Block] = [Text(_of_which(part, speech), bold=True, align=Align.CENTRE), Feed()]
    blocks += [Columns(_named(line, speech), speech.money(-line.cents)) for line in part.lines]
    if part.lines:
        blocks.append(Rule())
    if part.due_cents != part.cents:
        of_total = speech.money(-part.cents)
        blocks.append(Columns(speech.t("Prix avant récompenses"), of_total))
    if by_gift:
        on_card = speech.t("Remis sur la carte cadeau")
        blocks.append(Columns(on_card, speech.money(by_gift)))
    money = speech.money(handed_back(part))
    blocks.append(Columns(speech.t("Rendu au client"), money, bold=True))
    if part.reason and part.reason != RefundReason.VOID:
        blocks.append(Text(speech.t("Motif : {why}", why=reason_words(part.reason, speech))))
    return blocks


def handed_back(part: Refunded) -> int:
    """Cents that left the drawer."""
    return part.due_cents - sum(gift.cents for gift in part.gifts)


def reason_words(reason: str, speech: Speech) -> str:
    """Why a sale was paid back, in words; what somebody typed stays as it is."""
    match reason:
        case RefundReason.VOID:
            return speech.t("Annulation")
        case RefundReason.DEFECT:
            return speech.t("Article défectueux")
        case RefundReason.MISTAKE:
            return speech.t("Mal tapé à la caisse")
        case RefundReason.CHANGED_MIND:
            return speech.t("Le client a changé d’avis")
        case _:
            return reason


def owed_words(points: int, speech: Speech) -> str:
    """What later earnings pay before anything else."""
    return speech.n("{n} point à rattraper", "{n} points à rattraper", points)


def _of_which(part: Refunded, speech: Speech) -> str:
    if part.reason == RefundReason.VOID:
        return speech.t("Annulation du ticket n° {number}", number=part.of)
    return speech.t("Remboursement du ticket n° {number}", number=part.of)


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
    for_money = isinstance(sold, GiftSold) and not sold.points
    if for_money or not sold.customer:
        return []
    blocks: list[Block] = [Rule()]
    if receipt.customer:
        blocks.append(Text(speech.t("Carte de {name}", name=receipt.customer)))
    match sold:
        case Sold():
            blocks += _gained(sold, speech)
        case Refunded():
            blocks += _undone(sold, speech)
        case GiftSold(points=points):
            used = speech.number(-points, signed=True)
            blocks.append(Columns(speech.t("Points utilisés"), used))
    if receipt.balance is not None and receipt.balance < 0:
        blocks.append(Text(owed_words(-receipt.balance, speech), bold=True))
    elif receipt.balance is not None:
        balance = speech.number(receipt.balance)
        blocks.append(Columns(speech.t("Nouveau solde"), balance, bold=True))
    return blocks


def _gained(sold: Sold, speech: Speech) -> list[Block]:
    earned = speech.number(sold.points, signed=True)
    counts = sold.earn.points > 0
    blocks: list[Block] = [Columns(speech.t("Points gagnés"), earned)] if counts else []
    if sold.purse_cents:
        blocks.append(Columns(speech.t("Ajouté à la cagnotte"), speech.money(sold.purse_cents)))
    return blocks


def _undone(part: Refunded, speech: Speech) -> list[Block]:
    """What the card gains or loses by a refund."""
    facts = (
        (speech.t("Points repris"), speech.number(-part.points), part.points),
        (speech.t("Points rendus"), speech.number(part.points_back, signed=True), part.points_back),
        (speech.t("Repris de la cagnotte"), speech.money(-part.purse_cents), part.purse_cents),
        (
            speech.t("Rendu à la cagnotte"),
            speech.money(part.purse_back_cents, signed=True),
            part.purse_back_cents,
        ),
    )
    return [Columns(name, figure) for name, figure, moved in facts if moved]


def _named(line: Line, speech: Speech) -> str:
    label = line.label or speech.t("Divers")
    if line.quantity == 1:
        return label
    return f"{line.quantity} × {label}"


def _spent(sold: Sold) -> list[tuple[str, int]]:
    return [(use.title, use.points) for use in sold.applied if use.points]


def _used(title: str, points: int, speech: Speech) -> str:
    return speech.n("{title} ({n} point)", "{title} ({n} points)", points, title=title)
