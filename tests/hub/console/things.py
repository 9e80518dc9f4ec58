# SPDX-License-Identifier: Apache-2.0
"""Something of each kind, of one merchant and of the other, for the tests of the console's walls."""

from django.core import mail

from hub.campaigns.conditions import IsGender, LivesIn
from hub.campaigns.models import Audience
from hub.campaigns.tree import Block, Join, Tree
from hub.ledger import codes, counter, merging
from hub.ledger.acts import create_gift_card
from hub.ledger.giftcards import GiftCard
from hub.ledger.gifting import create_batch
from hub.ledger.merges import Merge
from hub.ledger.models import Incident, JournalEntry
from hub.ledger.staging import Import, Kind, Stage
from hub.merchants import links, tokens
from hub.merchants.models import Merchant, Person, Shop
from hub.merchants.registry import hire
from hub.programmes.models import Product, Reward
from hub.programmes.publish import keep_category, keep_product, publish
from hub.programmes.tiers import Tier
from tests.hub.console.world import Counter, World, appointment, baguette


def things_of(world: World) -> dict[str, tuple[object, object]]:
    """Something of Maison Lucet's shop of Saint-Denis, and the same of the other merchant."""
    world.till.sell(baguette(), customer=world.elodie)
    world.till.send()
    world.till_of_port.sell(baguette(), customer=world.chloe)
    world.till_of_port.send()
    for till in (world.till, world.till_of_port):
        till.keep(b"torn")
        till.send()
    shelved = {row.merchant_id: row.pk for row in JournalEntry.objects.filter(why="unreadable")}
    incidents = {one.merchant_id: one.pk for one in Incident.objects.filter(kind="shelved")}
    meetings = [appointment(world.denis, world.elodie), appointment(world.port, world.chloe)]
    publish(world.iles.pk)
    Reward.objects.update(photo=b"picture", photo_type="image/png")
    return {
        # the other merchant has published more often
        "version": (1, 2),
        "appointment": tuple(one.pk for one in meetings),
        "service": tuple(one.product_id for one in meetings),
        "product": tuple(_product(one).pk for one in (world.lucet, world.iles)),
        "import": tuple(_import(person) for person in (world.isabelle, world.charlotte)),
        "category": tuple(one.categories.latest("rank").pk for one in (world.lucet, world.iles)),
        "terminal": (world.till.terminal.pk, world.till_of_port.terminal.pk),
        "shelved": (shelved[world.lucet.pk], shelved[world.iles.pk]),
        "incident": (incidents[world.lucet.pk], incidents[world.iles.pk]),
        "shop": (world.denis.pk, world.port.pk),
        "merge": (
            _merge(world.till, "Marie", 910).pk,
            _merge(world.till_of_port, "Secrète", 920).pk,
        ),
        "customer": (world.elodie.pk, world.chloe.pk),
        "blanks": tuple(
            codes.reserve(person.merchant, count=1, person=person).pk
            for person in (world.isabelle, world.charlotte)
        ),
        "card": (world.elodie.cards.get().pk, world.chloe.cards.get().pk),
        "segment": (segment(world.lucet).pk, segment(world.iles, "Secrète").pk),
        "tier": (_tier(world.lucet).pk, _tier(world.iles).pk),
        "photo": ((world.lucet.pk, world.discount.pk), (world.lucet.pk, "theirs")),
        "reward": (world.discount.pk, world.iles.rewards.get().pk),
        "giftcard": (gift_card(world, "denis").pk, gift_card(world, "port").pk),
        "batch": (_batch(world.denis, world.isabelle), _batch(world.port, world.charlotte)),
        "offer": tuple(
            one.gift_offers.create(cents=1000, points=900).pk for one in (world.lucet, world.iles)
        ),
        "sale": (_sale(world.lucet).pk, _sale(world.iles).pk),
        "order": (
            counter.begin(world.denis, world.bruno, order_id="").pk,
            counter.begin(world.port, world.charlotte, order_id="").pk,
        ),
        "token": (_token(world.isabelle), _token(world.charlotte)),
        "link": (mailed_link(world.isabelle), "never-was"),
        "staff": tuple(
            hire(merchant.pk, name, pin="1357").pk
            for merchant, name in ((world.lucet, "Inès"), (world.iles, "Secrète"))
        ),
        "account": (world.isabelle.pk, 0),
        "lucet": (world.lucet.pk, "nobody"),
    }


def _merge(till: Counter, name: str, serial: int) -> Merge:
    """Two of a merchant's customers who are one."""
    one, other = (till.join(name, "Hoarau", serial=serial + n) for n in (0, 1))
    return merging.merge(one, other, reason="la même", person_id=None)


def _tier(merchant: Merchant) -> Tier:
    return Tier.objects.create(
        merchant=merchant, name="Or", image=b"picture", image_type="image/png"
    )


def segment(merchant: Merchant, name: str = "Voisines") -> Audience:
    """Women who live near."""
    asks = Tree(Join.ALL, (Block(Join.ALL, (IsGender("f"), LivesIn("97"))),)).said()
    return Audience.objects.create(merchant=merchant, name=name, asks=asks)


def _product(merchant: Merchant) -> Product:
    shelf = keep_category(merchant.pk, name="Rayon", rank=99)
    return keep_product(merchant.pk, name="Article", category=shelf, cents=100)


def _import(person: Person) -> int:
    made = Import.objects.create(
        merchant=person.merchant,
        kind=Kind.PRODUCTS,
        person=person,
        file_name="Secrète.csv" if person.name == "Charlotte" else "liste.csv",
        stage=Stage.READY,
    )
    return made.pk


def _batch(shop: Shop, person: Person) -> int:
    return create_batch(shop, count=1, cents=0, buyer="", person=person).pk


def _sale(merchant: Merchant) -> JournalEntry:
    return JournalEntry.objects.get(merchant=merchant, kind="sold")


def mailed_link(person: Person) -> str:
    """The secret that was mailed to somebody who forgot their password."""
    links.ask_again(person.email, page="http://testserver/lien/", language="fr")
    links.send_due()
    return mail.outbox[-1].body.split("/")[4]


def _token(person: Person) -> str:
    return tokens.make(person.merchant_id, "Agenda", [], by_id=person.pk)[0].pk


def gift_card(world: World, shop: str) -> GiftCard:
    return create_gift_card(
        getattr(world, shop),
        cents=4000,
        buyer="Anne",
        recipient="Paul",
        email="paul@client.example",
    )
