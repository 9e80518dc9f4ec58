# SPDX-License-Identifier: Apache-2.0
"""Every address against every kind of account: what is another's does not exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from hub.console.urls import urlpatterns
from hub.merchants.models import Merchant, Person
from tests.hub.console.things import things_of
from tests.hub.console.world import ENTERING, World

SIGN_IN: Final = "→"
"""Sent to the sign-in page."""


@dataclass(frozen=True, slots=True)
class Address:
    """What each account is answered: nobody, merchant, shop, operator within a merchant.

    `of` names what the address is about; asked for another merchant's, all three get 404.
    """

    name: str
    nobody: int | str
    merchant: int
    shop: int
    operator: int
    of: str = ""
    method: str = "get"
    query: str = ""

    def url(self, pk: object) -> str:
        """Where it is, about that."""
        args = [pk] if self.of and not self.query else []
        return reverse(f"console:{self.name}", args=list(pk) if isinstance(pk, tuple) else args)


ADDRESSES: Final = (
    Address("home", SIGN_IN, 302, 302, 302),
    Address("sign-in", 200, 302, 302, 302),
    Address("sign-in-code", 302, 302, 302, 302),
    Address("sign-out", 302, 302, 302, 302, method="post"),
    Address("sign-in", 200, 302, 302, 302, method="post"),
    Address("sign-in-code", 302, 302, 302, 302, method="post"),
    Address("sign-up", 200, 200, 200, 200),
    Address("sign-up", 200, 200, 200, 200, method="post"),
    Address("ask-link", 200, 200, 200, 200),
    Address("ask-link", 200, 200, 200, 200, method="post"),
    Address("link", 200, 200, 200, 200, of="link"),
    Address("link", 200, 200, 200, 200, of="link", method="post"),
    Address("profile", SIGN_IN, 200, 200, 200),
    Address("profile", SIGN_IN, 200, 200, 200, method="post"),
    Address("profile-address", SIGN_IN, 200, 200, 200),
    Address("profile-address", SIGN_IN, 200, 200, 200, method="post"),
    Address("profile-password", SIGN_IN, 200, 200, 200),
    Address("profile-password", SIGN_IN, 200, 200, 200, method="post"),
    Address("factor", SIGN_IN, 200, 403, 200),
    Address("factor", SIGN_IN, 200, 403, 200, method="post"),
    Address("sessions", SIGN_IN, 200, 200, 200),
    Address("sessions", SIGN_IN, 302, 302, 302, method="post"),
    Address("mailbox", 404, 404, 404, 404),
    Address("language", 302, 302, 302, 302, method="post"),
    Address("theme", SIGN_IN, 400, 400, 400, method="post"),
    Address("help", SIGN_IN, 200, 200, 200),
    Address("help-seen", SIGN_IN, 400, 400, 400, method="post"),
    Address("credits", SIGN_IN, 200, 200, 200),
    Address("credits", SIGN_IN, 403, 403, 200, method="post"),
    Address("merchants", SIGN_IN, 403, 403, 200),
    Address("accounts", SIGN_IN, 403, 403, 200),
    Address("account", SIGN_IN, 403, 403, 200, of="account"),
    Address("account", SIGN_IN, 403, 403, 200, of="account", method="post"),
    Address("merchant-enter", SIGN_IN, 403, 403, 302, of="lucet"),
    Address("merchant-enter", SIGN_IN, 403, 403, 302, of="lucet", method="post"),
    Address("merchant", SIGN_IN, 403, 403, 200, of="lucet"),
    Address("merchant", SIGN_IN, 403, 403, 302, of="lucet", method="post"),
    Address("merchant-close", SIGN_IN, 403, 403, 200, of="lucet"),
    Address("merchant-close", SIGN_IN, 403, 403, 200, of="lucet", method="post"),
    Address("merchant-leave", SIGN_IN, 403, 403, 302, method="post"),
    Address("dashboard", SIGN_IN, 200, 403, 200),
    Address("dashboard", SIGN_IN, 200, 403, 200, of="shop", query="shop"),
    Address("dashboard-live", SIGN_IN, 200, 403, 200),
    Address("dashboard-live", SIGN_IN, 200, 403, 200, of="shop", query="shop"),
    Address("modules", SIGN_IN, 200, 403, 200),
    Address("modules", SIGN_IN, 302, 403, 403, method="post"),
    Address("shops", SIGN_IN, 200, 403, 200),
    Address("staff", SIGN_IN, 200, 403, 200),
    Address("staff-add", SIGN_IN, 200, 403, 403),
    Address("staff-add", SIGN_IN, 200, 403, 403, method="post"),
    Address("staff-one", SIGN_IN, 200, 403, 200, of="staff"),
    Address("staff-one", SIGN_IN, 200, 403, 403, of="staff", method="post"),
    Address("staff-stop", SIGN_IN, 302, 403, 403, of="staff", method="post"),
    Address("shop-add", SIGN_IN, 200, 403, 403),
    Address("shop-add", SIGN_IN, 200, 403, 403, method="post"),
    Address("shop", SIGN_IN, 200, 403, 200, of="shop"),
    Address("shop", SIGN_IN, 200, 403, 403, of="shop", method="post"),
    Address("shop-account", SIGN_IN, 302, 403, 403, of="shop", method="post"),
    Address("shop-close", SIGN_IN, 302, 403, 403, of="shop", method="post"),
    Address("customers", SIGN_IN, 200, 200, 200),
    Address("customers", SIGN_IN, 200, 200, 200, of="shop", query="shop"),
    Address("customer", SIGN_IN, 200, 200, 200, of="customer"),
    Address("customer-merge", SIGN_IN, 200, 403, 200, of="customer"),
    Address("customer-merge", SIGN_IN, 200, 403, 403, of="customer", method="post"),
    Address("customer-edit", SIGN_IN, 200, 200, 403, of="customer"),
    Address("customer-edit", SIGN_IN, 200, 200, 403, of="customer", method="post"),
    Address("customer-add", SIGN_IN, 200, 200, 403),
    Address("customer-add", SIGN_IN, 200, 200, 403, method="post"),
    Address("customers-known", SIGN_IN, 200, 200, 403),
    Address("customer-card", SIGN_IN, 200, 200, 403, of="customer"),
    Address("customer-card", SIGN_IN, 200, 200, 403, of="customer", method="post"),
    Address("card-batches", SIGN_IN, 200, 403, 200),
    Address("card-batches", SIGN_IN, 200, 403, 403, method="post"),
    Address("card-batch-pdf", SIGN_IN, 200, 403, 403, of="blanks"),
    Address("card", SIGN_IN, 200, 200, 403, of="card"),
    Address("card", SIGN_IN, 200, 200, 403, of="card", method="post"),
    Address("customer-export", SIGN_IN, 200, 403, 403, of="customer"),
    Address("customer-consents", SIGN_IN, 200, 403, 403, of="customer"),
    Address("customer-consents", SIGN_IN, 200, 403, 403, of="customer", method="post"),
    Address("customer-forget", SIGN_IN, 200, 403, 403, of="customer"),
    Address("customer-forget", SIGN_IN, 200, 403, 403, of="customer", method="post"),
    Address("customers-absent", SIGN_IN, 200, 403, 200),
    Address("customers-absent", SIGN_IN, 200, 403, 403, method="post"),
    Address("customer-join", SIGN_IN, 302, 302, 403, of="customer", method="post"),
    Address("customer-part", SIGN_IN, 200, 403, 200, of="merge"),
    Address("customer-part", SIGN_IN, 200, 403, 403, of="merge", method="post"),
    Address("lookalikes", SIGN_IN, 200, 403, 200),
    Address("lookalikes", SIGN_IN, 404, 403, 403, method="post"),
    Address("programmes", SIGN_IN, 200, 403, 200),
    Address("programme-add", SIGN_IN, 200, 403, 403),
    Address("programme-add", SIGN_IN, 200, 403, 403, method="post"),
    Address("programme-example", SIGN_IN, 200, 403, 403, method="post"),
    Address("programme-publish", SIGN_IN, 200, 403, 200),
    Address("programme-publish", SIGN_IN, 200, 403, 403, method="post"),
    Address("versions", SIGN_IN, 200, 403, 200),
    Address("version", SIGN_IN, 200, 403, 200, of="version"),
    Address("loyalty-product", SIGN_IN, 200, 403, 200),
    Address("loyalty-product", SIGN_IN, 200, 403, 403, method="post"),
    Address("earning", SIGN_IN, 200, 403, 200),
    Address("earning", SIGN_IN, 200, 403, 403, method="post"),
    Address("earning-example", SIGN_IN, 200, 403, 403, method="post"),
    Address("explanation", SIGN_IN, 200, 403, 200),
    Address("explanation", SIGN_IN, 200, 403, 403, method="post"),
    Address("public-programme", 200, 200, 200, 200, of="lucet"),
    Address("public-colours", 200, 200, 200, 200, of="lucet"),
    Address("segments", SIGN_IN, 200, 403, 200),
    Address("segment-add", SIGN_IN, 200, 403, 403),
    Address("segment-add", SIGN_IN, 200, 403, 403, method="post"),
    Address("segment-count", SIGN_IN, 200, 403, 403, method="post"),
    Address("segment", SIGN_IN, 200, 403, 200, of="segment"),
    Address("segment-edit", SIGN_IN, 200, 403, 403, of="segment"),
    Address("segment-edit", SIGN_IN, 200, 403, 403, of="segment", method="post"),
    Address("tiers", SIGN_IN, 200, 403, 200),
    Address("tiers", SIGN_IN, 200, 403, 403, method="post"),
    Address("tiers-begin", SIGN_IN, 302, 403, 403, method="post"),
    Address("tier-add", SIGN_IN, 200, 403, 403),
    Address("tier-add", SIGN_IN, 200, 403, 403, method="post"),
    Address("tier-colours", SIGN_IN, 200, 200, 200),
    Address("tier", SIGN_IN, 200, 403, 200, of="tier"),
    Address("tier", SIGN_IN, 200, 403, 403, of="tier", method="post"),
    Address("tier-image", SIGN_IN, 200, 200, 200, of="tier"),
    Address("programme-photo", SIGN_IN, 200, 403, 200, of="reward"),
    Address("public-photo", 200, 200, 200, 200, of="photo"),
    Address("programme", SIGN_IN, 200, 403, 200, of="reward"),
    Address("programme", SIGN_IN, 200, 403, 403, of="reward", method="post"),
    Address("giftcards", SIGN_IN, 200, 200, 200),
    Address("giftcards", SIGN_IN, 200, 200, 200, of="shop", query="shop"),
    Address("giftcard-create", SIGN_IN, 200, 200, 403),
    Address("giftcard-create", SIGN_IN, 200, 200, 403, method="post"),
    Address("giftcard", SIGN_IN, 200, 200, 200, of="giftcard"),
    Address("giftcard", SIGN_IN, 200, 200, 403, of="giftcard", method="post"),
    Address("giftcard-batches", SIGN_IN, 200, 403, 200),
    Address("giftcard-batch-create", SIGN_IN, 200, 403, 403),
    Address("giftcard-batch-create", SIGN_IN, 200, 403, 403, method="post"),
    Address("giftcard-batch-pdf", SIGN_IN, 200, 403, 403, of="batch"),
    Address("giftcard-liability", SIGN_IN, 200, 403, 200),
    Address("gift-offers", SIGN_IN, 200, 403, 200),
    Address("gift-offers", SIGN_IN, 200, 403, 403, method="post"),
    Address("gift-offer", SIGN_IN, 302, 403, 403, of="offer", method="post"),
    Address("gift-exchange", SIGN_IN, 200, 200, 403),
    Address("gift-exchange", SIGN_IN, 200, 200, 403, of="customer", query="customer"),
    Address("gift-exchange", SIGN_IN, 200, 200, 403, method="post"),
    Address("giftcard-rules", SIGN_IN, 200, 403, 200),
    Address("giftcard-rules", SIGN_IN, 200, 403, 403, method="post"),
    Address("sales", SIGN_IN, 200, 200, 200),
    Address("sales", SIGN_IN, 200, 200, 200, of="shop", query="shop"),
    Address("sale", SIGN_IN, 200, 200, 200, of="sale"),
    Address("receipt", SIGN_IN, 200, 200, 200, of="sale"),
    Address("refund", SIGN_IN, 302, 302, 403, of="sale"),
    Address("refund", SIGN_IN, 302, 302, 403, of="sale", method="post"),
    Address("till", SIGN_IN, 200, 200, 403),
    Address("till", SIGN_IN, 200, 200, 403, of="shop", query="shop"),
    Address("till", SIGN_IN, 200, 302, 403, method="post"),
    Address("till-order", SIGN_IN, 200, 200, 403, of="order"),
    Address("till-order", SIGN_IN, 302, 302, 403, of="order", method="post"),
    Address("appointments", SIGN_IN, 200, 200, 200),
    Address("appointments", SIGN_IN, 200, 200, 200, of="shop", query="shop"),
    Address("appointment-list", SIGN_IN, 200, 200, 200),
    Address("appointment-list", SIGN_IN, 200, 200, 200, of="shop", query="shop"),
    Address("appointment-create", SIGN_IN, 200, 200, 403),
    Address("appointment-create", SIGN_IN, 200, 200, 403, of="customer", query="customer"),
    Address("appointment-create", SIGN_IN, 200, 200, 403, method="post"),
    Address("appointment", SIGN_IN, 200, 200, 200, of="appointment"),
    Address("appointment", SIGN_IN, 200, 200, 403, of="appointment", method="post"),
    Address("services", SIGN_IN, 200, 403, 200),
    Address("services", SIGN_IN, 200, 403, 403, method="post"),
    Address("service-add", SIGN_IN, 200, 403, 403),
    Address("service-add", SIGN_IN, 200, 403, 403, method="post"),
    Address("service", SIGN_IN, 200, 403, 200, of="service"),
    Address("service", SIGN_IN, 200, 403, 403, of="service", method="post"),
    Address("catalogue", SIGN_IN, 200, 403, 200),
    Address("catalogue", SIGN_IN, 200, 403, 403, method="post"),
    Address("product-find", SIGN_IN, 200, 403, 403, method="post"),
    Address("product-add", SIGN_IN, 200, 403, 403),
    Address("product-add", SIGN_IN, 200, 403, 403, method="post"),
    Address("product-import", SIGN_IN, 200, 403, 403),
    Address("product-import", SIGN_IN, 200, 403, 403, method="post"),
    Address("member-import", SIGN_IN, 200, 403, 403),
    Address("member-import", SIGN_IN, 200, 403, 403, method="post"),
    Address("import", SIGN_IN, 200, 403, 403, of="import"),
    Address("import", SIGN_IN, 302, 403, 403, of="import", method="post"),
    Address("product", SIGN_IN, 200, 403, 200, of="product"),
    Address("product", SIGN_IN, 200, 403, 403, of="product", method="post"),
    Address("product-stop", SIGN_IN, 302, 403, 403, of="product", method="post"),
    Address("category", SIGN_IN, 200, 403, 200, of="category"),
    Address("category", SIGN_IN, 200, 403, 403, of="category", method="post"),
    Address("category-stop", SIGN_IN, 302, 403, 403, of="category", method="post"),
    Address("points", SIGN_IN, 200, 200, 200),
    Address("points", SIGN_IN, 200, 200, 200, of="shop", query="shop"),
    Address("points", SIGN_IN, 200, 200, 200, of="customer", query="customer"),
    Address("points-add", SIGN_IN, 200, 200, 403),
    Address("points-add", SIGN_IN, 200, 200, 403, of="customer", query="customer"),
    Address("points-add", SIGN_IN, 200, 200, 403, method="post"),
    Address("provision", SIGN_IN, 200, 403, 200),
    Address("statistics", SIGN_IN, 200, 200, 200),
    Address("statistics", SIGN_IN, 200, 200, 200, of="shop", query="shop"),
    Address("provision", SIGN_IN, 200, 403, 403, method="post"),
    Address("points-by-customer", SIGN_IN, 200, 200, 200),
    Address("expiry", SIGN_IN, 200, 403, 200),
    Address("points-by-customer", SIGN_IN, 200, 200, 200, of="shop", query="shop"),
    Address("terminals", SIGN_IN, 200, 403, 200),
    Address("terminal-enrol", SIGN_IN, 200, 403, 200),
    Address("terminal-enrol", SIGN_IN, 200, 403, 200, method="post"),
    Address("limits", SIGN_IN, 200, 403, 200),
    Address("limits", SIGN_IN, 200, 403, 403, method="post"),
    Address("till-front", SIGN_IN, 200, 403, 200),
    Address("till-front", SIGN_IN, 200, 403, 403, method="post"),
    Address("terminal-journal", SIGN_IN, 200, 403, 200, of="terminal"),
    Address("terminal-journal", SIGN_IN, 200, 403, 200, of="terminal", method="post"),
    Address("terminal-retire", SIGN_IN, 200, 403, 200, of="terminal"),
    Address("terminal-retire", SIGN_IN, 200, 403, 200, of="terminal", method="post"),
    Address("tokens", SIGN_IN, 200, 403, 200),
    Address("token-make", SIGN_IN, 200, 403, 403),
    Address("token-make", SIGN_IN, 200, 403, 403, method="post"),
    Address("token", SIGN_IN, 200, 403, 200, of="token"),
    Address("token", SIGN_IN, 302, 403, 403, of="token", method="post"),
    Address("incidents", SIGN_IN, 200, 403, 200),
    Address("incident", SIGN_IN, 200, 403, 200, of="incident"),
    Address("incident", SIGN_IN, 200, 403, 200, of="incident", method="post"),
    Address("shelf", SIGN_IN, 200, 403, 200),
    Address("shelf-one", SIGN_IN, 200, 403, 200, of="shelved"),
    Address("shelf-one", SIGN_IN, 200, 403, 200, of="shelved", method="post"),
    Address("shelf-correct", SIGN_IN, 200, 403, 200, of="shelved"),
    Address("shelf-correct", SIGN_IN, 200, 403, 200, of="shelved", method="post"),
    Address("shelf-bytes", SIGN_IN, 200, 403, 200, of="shelved"),
    Address("equation", SIGN_IN, 200, 403, 200),
    Address("terminals-all", SIGN_IN, 403, 403, 200),
    Address("jobs", SIGN_IN, 403, 403, 200),
    Address("jobs", SIGN_IN, 403, 403, 404, method="post"),
    Address("mails", SIGN_IN, 403, 403, 200),
    Address("mails", SIGN_IN, 403, 403, 404, method="post"),
    Address("incidents-all", SIGN_IN, 403, 403, 200),
    Address("shelf-all", SIGN_IN, 403, 403, 200),
    Address("equation-all", SIGN_IN, 403, 403, 200),
    Address("deeds", SIGN_IN, 200, 403, 200),
    Address("deeds-all", SIGN_IN, 403, 403, 200),
)


def test_every_address_has_a_row() -> None:
    named = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert named == {address.name for address in ADDRESSES}


def test_every_address_that_is_about_something_says_of_what() -> None:
    about = {
        pattern.name
        for pattern in urlpatterns
        if isinstance(pattern, URLPattern) and pattern.pattern.converters
    }
    told = {address.name for address in ADDRESSES if address.of and not address.query}
    assert about == told


@pytest.fixture
def things(world: World) -> dict[str, tuple[object, object]]:
    return things_of(world)


@pytest.mark.row("A3")
def test_each_account_opens_what_is_its_own_and_nothing_else(
    world: World,
    things: dict[str, tuple[object, object]],
    as_: Callable[[Person], Client],
) -> None:
    wrong = []
    for address in ADDRESSES:
        # each from the same world: what one of them does is undone
        before = transaction.savepoint()
        wrong += [
            f"{address.method} {address.name} {address.query}: {cell}"
            for cell in wrong_cells(address, world, things, as_)
        ]
        transaction.savepoint_rollback(before)
    assert not wrong


def wrong_cells(
    address: Address,
    world: World,
    things: dict[str, tuple[object, object]],
    as_: Callable[[Person], Client],
) -> Iterator[str]:
    """Who is answered otherwise than the table says, or sees another merchant's."""
    own, other = things.get(address.of, (None, None))
    accounts = (
        (None, address.nobody),
        (world.isabelle, address.merchant),
        (world.bruno, address.shop),
        (world.odile, address.operator),
    )
    for person, expected in accounts:
        client = entered(as_(person), person, world.lucet) if person else Client()
        if (got := answered(client, address, own)) != expected:
            yield f"{person or 'nobody'} got {got}, not {expected}"
        if person and address.of and expected != 403:
            client = entered(as_(person), person, world.lucet)
            # a shop's account has no choice of shop
            allowed = {404} if person != world.bruno or address.query != "shop" else {200}
            if answered(client, address, other) not in allowed:
                yield f"{person} saw another's"


def test_a_cell_that_is_wrong_is_seen(
    world: World,
    things: dict[str, tuple[object, object]],
    as_: Callable[[Person], Client],
) -> None:
    strict = Address("shops", SIGN_IN, 403, 200, 200)
    assert list(wrong_cells(strict, world, things, as_)) == [
        "Isabelle Lucet got 200, not 403",
        "Bruno Hoarau got 403, not 200",
    ]


def test_another_merchants_words_are_on_no_page(
    world: World,
    things: dict[str, tuple[object, object]],
    as_: Callable[[Person], Client],
) -> None:
    secrets = ("Chloé", "Secrète", "Marque-page", "Le Port", "le-port-1", "Librairie")
    for address in ADDRESSES:
        if address.method == "post":
            continue
        own, _other = things.get(address.of, (None, None))
        for person in (world.isabelle, world.bruno):
            page = ask(as_(person), address, own).content.decode(errors="replace")
            assert not [word for word in secrets if word in page], f"{person} {address.name}"


def ask(client: Client, address: Address, pk: object) -> object:
    return getattr(client, address.method)(
        address.url(pk), {address.query: pk} if address.query else {}
    )


def answered(client: Client, address: Address, pk: object) -> int | str:
    answer = ask(client, address, pk)
    if answer.status_code == 302 and answer.url.startswith("/connexion/?next="):
        return SIGN_IN
    return answer.status_code


def entered(client: Client, person: Person, merchant: Merchant) -> Client:
    if person.role == "operator":
        client.post(reverse("console:merchant-enter", args=[merchant.pk]), ENTERING)
    return client
