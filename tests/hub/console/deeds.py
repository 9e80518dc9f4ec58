# SPDX-License-Identifier: Apache-2.0
"""What to send to each address that takes a form, so that something is done there, by whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hub.ledger import counter
from hub.ledger.appointments import Appointment, State
from hub.ledger.bonus import adjust_points
from hub.ledger.models import Customer
from hub.ledger.orders import OpenOrder
from hub.ledger.tellings import PointsNotice
from hub.merchants import factor
from hub.merchants.deeds import Did
from hub.merchants.models import Terminal
from hub.programmes.models import Product, Reward
from hub.programmes.tiers import Tier
from loyalty.basket import Order
from tests.hub.console.test_second_factor import at_the_door, code, shown
from tests.hub.console.world import ENTERING, PASSWORD, PHONE, World, baguette

SILENT: Final = {
    "sign-up": "nobody is somebody yet",
    "ask-link": "whoever asks is not known, and is told nothing",
    "language": "how pages look",
    "till": "an order that is being made is nobody's affair",
    "theme": "how pages look",
    "help-seen": "how pages look",
    "programme-example": "keeps nothing",
    "earning-example": "keeps nothing",
    "segment-count": "keeps nothing",
    "product-find": "keeps nothing",
}
"""Addresses that take a form and do nothing that a log is for, and why."""
BECAUSE: Final = {"reason": "Elle l’a demandé."}
NEW_PASSWORD: Final = "Autre-2026!Comptoir"


@dataclass(frozen=True, slots=True)
class Deed:
    """What is sent besides what the page shows, and what must be noted."""

    did: Did
    typed: dict[str, Any] = field(default_factory=dict)
    by: str = "isabelle"
    before: Callable[[World, Client], Client | dict[str, Any] | None] | None = None
    """What has to be so first: gives the browser, or more to type."""
    query: str = ""
    pk: Callable[[World], object] | None = None
    """What it is done to, where that is nothing that every test has."""


def not_expected(world: World, _client: Client) -> None:
    """She has no appointment any more."""
    Appointment.objects.filter(customer=world.elodie).update(state=State.CANCELLED)


def door(world: World, _client: Client) -> Client:
    """Nobody's browser."""
    return Client()


def half_in(world: World, _client: Client) -> Client:
    """A browser in which an operator's password was typed."""
    return at_the_door(world.odile)


def offered(world: World, client: Client) -> dict[str, Any]:
    """The code of the secret that the page shows."""
    return {"code": code(shown(client.get("/profil/second-facteur/").content.decode()))}


def has_factor(world: World, _client: Client) -> None:
    secret = factor.new_secret()
    factor.set_up(world.isabelle, secret, factor.code_now(secret))


def inside(world: World, client: Client) -> None:
    client.post(f"/commerces/{world.lucet.pk}/entrer/", ENTERING)


def no_tills(world: World, _client: Client) -> None:
    Terminal.objects.filter(shop=world.denis).update(retired_at=timezone.now())


def outsider(world: World, _client: Client) -> None:
    Customer.objects.filter(pk=world.elodie.pk).update(member=False)


def no_tiers(world: World, _client: Client) -> None:
    Tier.objects.filter(merchant=world.lucet).delete()


def unpublished(world: World, client: Client) -> dict[str, Any]:
    Reward.objects.filter(pk=world.discount.pk).update(cost=199)
    return {}


def emptied(world: World, _client: Client) -> None:
    Product.objects.filter(merchant=world.lucet).update(gone=True)


def rich(world: World, _client: Client) -> dict[str, Any]:
    """An offer that Élodie has the points for."""
    adjust_points(world.elodie, 50, note="", shop=world.denis, person_id=world.isabelle.pk)
    offer = world.lucet.gift_offers.create(cents=100, points=50)
    return {"offer": offer.pk, "shop": world.denis.pk}


def pair(world: World, _client: Client) -> dict[str, Any]:
    one, other = Customer.objects.filter(merchant=world.lucet).order_by("pk")[:2]
    return {"one": one.pk, "other": other.pk}


def another(world: World, _client: Client) -> dict[str, Any]:
    found = Customer.objects.filter(merchant=world.lucet).exclude(pk=world.elodie.pk)
    return {"other": found.latest("pk").pk, **BECAUSE}


def shop(world: World, _client: Client) -> dict[str, Any]:
    return {"shop": world.denis.pk}


def laid_down(world: World, _client: Client) -> dict[str, Any]:
    """A baguette on the order, and what the page then says."""
    order = OpenOrder.objects.get(merchant=world.lucet)
    with counter.changing(order, pressed="once") as (_out, row):
        row.order = Order(lines=(baguette(),))
    order.refresh_from_db()
    return {"act": "save", "turn": order.turn, "to_pay": 120}


def web_sale(world: World) -> int:
    """A sale of the web's own till: another till's waits for that one."""
    order = OpenOrder.objects.get(merchant=world.lucet)
    said = laid_down(world, Client())
    counter.save(order, person_id=world.isabelle.pk, turn=said["turn"], to_pay_cents=said["to_pay"])
    sale = counter.sold_as(world.lucet, order.pk)
    assert sale is not None
    return sale.pk


def untold(world: World, _client: Client) -> dict[str, Any]:
    """A mail that did not go out."""
    notice = PointsNotice.objects.create(
        customer=world.elodie, points=5, note="", made_at=timezone.now(), failed_at=timezone.now()
    )
    return {"mail": f"points:{notice.pk}"}


def her_card(world: World, _client: Client) -> dict[str, Any]:
    return {"card": world.elodie.cards.first().code}


def a_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("liste.csv", text.encode(), content_type="text/csv")


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=2)).isoformat()


_GIFT: Final = {
    "amount": "40",
    "buyer": "Anne",
    "recipient": "Paul",
    "email": "paul@client.example",
    "medium": "virtual",
    "number": "",
}
_SHOP: Final = {
    "name": "Le Tampon",
    "street": "1 rue du Four",
    "postcode": "97430",
    "city": "Le Tampon",
    "phone": "0262 00 00 00",
    "email": "tampon@lucet.example",
}
_PIN: Final = {"name": "Lise", "pin": "8642"}

DEEDS: Final = {
    "sign-in": Deed(
        Did.SIGNED_IN, {"username": "isabelle@lucet.example", "password": PASSWORD}, before=door
    ),
    "sign-in-code": Deed(
        Did.SIGNED_IN, by="odile", before=half_in, typed={"code": lambda: code(PHONE, steps=1)}
    ),
    "sign-out": Deed(Did.SIGNED_OUT),
    "link": Deed(Did.PASSWORD_CHOSEN, {"password": NEW_PASSWORD}),
    "profile": Deed(Did.NAMED, {"name": "Isabelle L."}),
    "profile-address": Deed(Did.ADDRESS_ASKED, {"email": "isa@lucet.example", "current": PASSWORD}),
    "profile-password": Deed(Did.PASSWORD_CHOSEN, {"current": PASSWORD, "password": NEW_PASSWORD}),
    "factor": Deed(Did.FACTOR_SET, before=offered),
    "sessions": Deed(Did.SESSIONS_ENDED, {"end": "others"}),
    "credits": Deed(
        Did.CREDITS_GIVEN,
        {"kind": "sms", "amount": "250", "reason": "Bienvenue"},
        by="odile",
        before=inside,
    ),
    "account": Deed(Did.FACTOR_RESET, BECAUSE, by="odile", before=has_factor),
    "merchant-enter": Deed(Did.ENTERED, BECAUSE, by="odile"),
    "merchant-close": Deed(Did.MERCHANT_CLOSED, BECAUSE, by="odile"),
    "merchant-leave": Deed(Did.LEFT, by="odile", before=inside),
    "merchant": Deed(Did.PLAN_CHANGED, {"modules": ["loyalty"]}, by="odile"),
    "jobs": Deed(Did.JOB_ASKED, {"job": "expirés"}, by="odile"),
    "mails": Deed(Did.MAIL_RETRIED, by="odile", before=untold),
    "modules": Deed(Did.MODULES_SWITCHED, {"modules": ["loyalty"]}),
    "staff-add": Deed(Did.HIRED, _PIN),
    "staff-one": Deed(Did.STAFF_CHANGED, _PIN),
    "staff-stop": Deed(Did.DISMISSED),
    "shop-add": Deed(Did.SHOP_OPENED, _SHOP),
    "shop": Deed(Did.SHOP_CHANGED, _SHOP),
    "shop-account": Deed(Did.LOG_IN_SHUT, {"act": "out"}),
    "shop-close": Deed(Did.SHOP_CLOSED, before=no_tills),
    "till-order": Deed(Did.SOLD, before=laid_down),
    "refund": Deed(Did.REFUNDED, {"why": "changed_mind"}, pk=web_sale),
    "customer-merge": Deed(Did.MERGED, before=another),
    "customer-edit": Deed(Did.CUSTOMER_CHANGED, {"first_name": "Élo"}),
    "customer-add": Deed(Did.CUSTOMER_ADDED, {"first_name": "Zoé"}, before=shop),
    "customer-card": Deed(Did.CARD_GIVEN, BECAUSE | {"other": "both"}),
    "card-batches": Deed(Did.CARDS_RESERVED, {"count": "10"}),
    "card": Deed(Did.CARD_BLOCKED, BECAUSE),
    "customer-join": Deed(Did.CUSTOMER_JOINED, before=outsider),
    "customer-part": Deed(Did.PARTED, BECAUSE),
    "lookalikes": Deed(Did.TOLD_APART, before=pair),
    "programme-add": Deed(
        Did.REWARD_KEPT, {"kind": "gift", "title": "Thé", "gift_title": "Thé", "cost": "30"}
    ),
    "programme": Deed(Did.REWARD_KEPT),
    "programme-publish": Deed(Did.PUBLISHED, before=unpublished),
    "loyalty-product": Deed(Did.LOYALTY_PRODUCT_CHOSEN, {"name": "Vos points"}),
    "earning": Deed(Did.RULES_KEPT),
    "explanation": Deed(Did.PAGE_WRITTEN, {"text": "Un point par euro."}),
    "segment-add": Deed(
        Did.AUDIENCE_KEPT,
        {"name": "Dames", "b0-join": "all", "b0-0-kind": "gender", "b0-0-gender": "f"},
    ),
    "segment-edit": Deed(Did.AUDIENCE_KEPT),
    "tiers": Deed(Did.TIERING_KEPT),
    "tiers-begin": Deed(Did.TIERS_BEGUN, before=no_tiers),
    "tier-add": Deed(Did.TIER_KEPT, {"name": "Platine", "threshold": "500"}),
    "tier": Deed(Did.TIER_KEPT),
    "giftcard-create": Deed(Did.GIFT_CARD_MADE, _GIFT, before=shop),
    "giftcard": Deed(Did.GIFT_CARD_BLOCKED, BECAUSE | {"act": "block"}),
    "giftcard-batch-create": Deed(
        Did.GIFT_BATCH_MADE, {"count": "5", "amount": "20", "buyer": "Mairie"}, before=shop
    ),
    "gift-offers": Deed(Did.GIFT_OFFER_MADE, {"amount": "20", "points": "400"}),
    "gift-offer": Deed(Did.GIFT_OFFER_TURNED),
    "gift-exchange": Deed(
        Did.GIFT_CARD_MADE,
        {"recipient": "Paul", "email": "paul@client.example"},
        before=rich,
        query="customer",
    ),
    "giftcard-rules": Deed(Did.GIFT_RULES_KEPT),
    "appointment-create": Deed(
        Did.BOOKED, {"day": tomorrow, "clock": "10:00"}, before=shop, query="customer"
    ),
    "appointment": Deed(Did.BOOKING_CANCELLED, {"act": "cancel"}),
    "services": Deed(Did.DELAY_CHANGED, {"credit_after_min": "240"}),
    "service-add": Deed(
        Did.SERVICE_KEPT, {"kind": "service", "name": "Coupe", "cents": "30", "minutes": "30"}
    ),
    "service": Deed(Did.SERVICE_KEPT),
    "catalogue": Deed(Did.CATEGORY_KEPT, {"name": "Pains"}),
    "category": Deed(Did.CATEGORY_KEPT, {"name": "Boulangerie"}),
    "category-stop": Deed(Did.CATEGORY_DROPPED, before=emptied),
    "product-add": Deed(Did.PRODUCT_KEPT, {"name": "Flan", "cents": "2,50"}),
    "product": Deed(Did.PRODUCT_KEPT),
    "product-stop": Deed(Did.PRODUCT_DROPPED),
    "product-import": Deed(
        Did.FILE_SENT, {"file": lambda: a_file("Nom;Rayon;Prix\nFlan;Desserts;2,50\n")}
    ),
    "member-import": Deed(
        Did.FILE_SENT, {"file": lambda: a_file("Prénom;Nom\nZoé;Hoarau\n")}, before=shop
    ),
    "import": Deed(Did.FILE_DROPPED, {"act": "drop"}),
    "customer-consents": Deed(Did.CONSENT_NOTED, BECAUSE | {"email": "yes"}),
    "customer-forget": Deed(
        Did.FORGOTTEN, BECAUSE | {"name": "Élodie Marchand"}, before=not_expected
    ),
    "customers-absent": Deed(Did.ABSENCE_SET, {"months": "24"}),
    "points-add": Deed(Did.POINTS_ADJUSTED, {"points": "5", "note": "Fidèle"}, query="customer"),
    "provision": Deed(Did.PROVISION_KEPT),
    "terminal-enrol": Deed(Did.CLAIM_MADE, {"terminal": "saint-denis-9"}, before=shop),
    "limits": Deed(Did.LIMITS_CHANGED),
    "till-front": Deed(Did.FRONT_KEPT),
    "terminal-journal": Deed(Did.FROZEN, BECAUSE | {"act": "freeze"}),
    "terminal-retire": Deed(Did.RETIRED, BECAUSE | {"give_up": "on"}),
    "token-make": Deed(Did.TOKEN_MADE, {"name": "Agenda", "may": ["customers.read"]}),
    "token": Deed(Did.TOKEN_REVOKED),
    "incident": Deed(Did.INCIDENT_CLOSED, BECAUSE),
    "shelf-one": Deed(Did.SHELVED_REFUSED, BECAUSE | {"act": "refuse"}),
    "shelf-correct": Deed(
        Did.SHELVED_CORRECTED, BECAUSE | {"due": "8", "points": "8"}, before=her_card
    ),
}
