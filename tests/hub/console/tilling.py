# SPDX-License-Identifier: Apache-2.0
"""A browser at the till in a browser, and what its customers have."""

import re
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.test import Client

from hub.ledger.models import Customer, JournalEntry
from hub.programmes.models import Product
from hub.programmes.publish import keep_category, keep_product
from tests.hub.console.world import World, baguette


@dataclass(slots=True)
class Page:
    """A till's page in a browser that reads forms: each press sends what the page holds."""

    client: Client
    url: str = "/caisse/"
    text: str = ""
    hidden: dict[str, str] = field(default_factory=dict)

    def open(self, url: str = "") -> "Page":
        self.url = url or self.url
        return self._read(self.client.get(self.url, follow=True))

    def press(self, act: str, **typed: object) -> "Page":
        return self._read(self.post(act, **typed))

    def post(self, act: str, **typed: object) -> HttpResponse:
        return self.client.post(self.url, {**self.hidden, "act": act, **typed}, follow=True)

    def _read(self, answer: HttpResponse) -> "Page":
        assert answer.status_code == 200, answer.status_code
        path = answer.redirect_chain[-1][0] if answer.redirect_chain else self.url
        page = answer.content.decode()
        self.url = path.split("?q=")[0]
        self.hidden = dict(
            re.findall(r'type="hidden" name="(order|turn|to_pay)" value="(\w+)"', page)
        )
        words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.split("<main")[1])
        self.text = " ".join(words.replace("\xa0", " ").split())
        return self


def code(customer: Customer) -> str:
    return customer.cards.get().code


def bread(world: World, **more: object) -> Product:
    shelf = keep_category(world.lucet.pk, name="Pains")
    usual = {"name": "Baguette tradition", "cents": 135, "ean": "3270190000013"}
    return keep_product(world.lucet.pk, category=shelf, **{**usual, **more})


def gained(world: World, points: int) -> None:
    """Let Élodie have so many points, given back by the till that sold."""
    world.till_of_paul.sell(baguette(points * 100), customer=world.elodie)
    world.till_of_paul.send()
    let_go(world)


def let_go(world: World) -> None:
    """Whatever the terminals earned rests at none of them."""
    world.till_of_paul.reboot()
    world.till_of_paul.send()


def sales(kind: str = "sold") -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(kind=kind, terminal=None).order_by("pk"))
