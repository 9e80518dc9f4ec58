# SPDX-License-Identifier: Apache-2.0
"""Open the sample businesses at the hub, as an operator would: shops, offer, people, terminals."""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from firmware import enrol
from firmware.heartbeat import this_machine
from hub.merchants import claims, factor, registry
from hub.merchants.models import Merchant, Person, Role, Shop
from hub.programmes import publish
from hub.programmes.models import Reward
from loyalty.card import check_digit
from provisioning.demo import people, sample
from provisioning.demo.sample import Business, Place

PRINTED_CARDS: Final = 1000
"""Serials below it are on cards printed before: no terminal gives them out."""

LANDSCAPE: Final = (800, 480)
PORTRAIT: Final = (720, 1280)
STRANGER: Final = "3760123456785"
"""A card of somebody else's shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAccount:
    """Somebody who logs in on the web. The demo made the password and keeps it in its folder."""

    role: str
    name: str
    email: str
    password: str


def open_operator() -> WebAccount:
    """The account of whoever runs the hub."""
    account = _account(
        "opérateur", "Exploitation", "operateur@comptoir.example", role=Role.OPERATOR
    )
    # the phone that an operator must have is shown at /courrier/
    person = Person.objects.get(email=account.email)
    secret = factor.new_secret()
    factor.set_up(person, secret, factor.code_now(secret))
    return account


def open_business(business: Business) -> tuple[Merchant, list[Shop], list[WebAccount]]:
    """The merchant with everything it needs to sell."""
    merchant = registry.open_merchant(
        business.id,
        business.name,
        zone=business.zone,
        card_prefix=business.card_prefix,
        colour=business.colour,
        pitch_fr=business.pitch[0],
        pitch_en=business.pitch[1],
        next_serial=PRINTED_CARDS,
    )
    accounts = [
        _account("gérant", business.owner, business.email, role=Role.MERCHANT, merchant=merchant)
    ]
    shops = []
    for place in business.places:
        shop = _open_shop(merchant, place)
        shops.append(shop)
        name = f"{business.name}, {place.name}"
        accounts.append(_account("boutique", name, shop.email, role=Role.SHOP, shop=shop))
        for clerk in place.clerks:
            registry.hire(merchant.pk, clerk.name, pin=clerk.pin, manager=clerk.manager)
    _fill_shelves(business)
    for rank, offer in enumerate(business.offers):
        Reward.objects.create(
            merchant=merchant,
            kind=offer.kind,
            title=offer.title,
            cost=offer.cost,
            rate_bp=offer.rate_bp,
            gift_title=offer.gift_title,
            rank=rank,
        )
    publish.publish(merchant.pk)
    return merchant, shops, accounts


def set_up_terminal(folder: Path, place: Place, shop: Shop, cards: Sequence[object]) -> Path:
    """Enrol the terminal of a place; its settings and sample cards are written into the folder."""
    width, height = PORTRAIT if place.portrait else LANDSCAPE
    settings = folder / "terminal.toml"
    code = claims.make(shop, place.terminal)
    enrol.enrol(
        settings,
        code,
        ask=claims.answer,
        hw_id=this_machine().hw_id,
        hardware={"width": width, "height": height},
    )
    (folder / "cards.json").write_text(
        json.dumps(cards, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return settings


def sample_cards(
    business: Business, known: Sequence[people.Person], *, gifts: Sequence[tuple[str, int]]
) -> list[dict[str, str]]:
    """What a visitor may show to the scanner.

    Args:
        gifts: numbers of gift cards and the cents they were loaded with.
    """
    code = known[0].code
    damaged = code[:-1] + str((check_digit(code[:-1]) + 1) % 10)
    cards = [_card("customer", person.name, person.code) for person in known]
    cards += [_card("gift", f"Carte cadeau de {cents // 100} €", code) for code, cents in gifts]
    cards += [_card("product", goods.name, goods.ean) for goods in business.goods[:1]]
    cards += [
        _card("unknown", "Carte d’un autre commerce", STRANGER),
        _card("damaged", f"{known[0].first_name}, carte abîmée", damaged),
    ]
    return cards


def write_secret(path: Path, text: str) -> None:
    """Write a file that nobody else on this computer may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def write_accounts(path: Path, accounts: Sequence[WebAccount]) -> None:
    """Keep the accounts for the next start."""
    write_secret(path, json.dumps([asdict(a) for a in accounts], ensure_ascii=False, indent=1))


def _card(kind: str, label: str, code: str) -> dict[str, str]:
    return {"kind": kind, "label": label, "code": code}


def _open_shop(merchant: Merchant, place: Place) -> Shop:
    slug = place.terminal.rpartition("-")[0]
    return registry.open_shop(
        merchant.pk,
        place.name,
        id=f"{merchant.pk}-{slug}",
        street=place.street,
        postcode=place.postcode,
        city=place.city,
        phone=place.phone,
        email=f"{slug}@{merchant.pk}.example",
    )


def _fill_shelves(business: Business) -> None:
    shelves = {
        name: publish.keep_category(business.id, name=name, rank=rank)
        for rank, name in enumerate(business.categories)
    }
    for rank, goods in enumerate(business.goods):
        publish.keep_product(
            business.id,
            category=shelves[goods.category],
            name=goods.name,
            cents=goods.cents,
            ean=goods.ean,
            rank=rank,
        )


def _account(
    kind: str,
    name: str,
    email: str,
    *,
    role: Role,
    merchant: Merchant | None = None,
    shop: Shop | None = None,
) -> WebAccount:
    password = f"{sample.PASSWORD_WORD}-{secrets.randbelow(900_000) + 100_000}"
    Person.objects.open_account(email, password, name=name, role=role, merchant=merchant, shop=shop)
    return WebAccount(role=kind, name=name, email=email, password=password)
