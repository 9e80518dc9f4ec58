# SPDX-License-Identifier: Apache-2.0
"""What the sample merchant offers besides: rules being edited, gift cards printed and blocked."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.merchants.models import Merchant, Shop


def offer(lucet: "Merchant", places: list["Shop"], *, now: Any) -> dict[str, object]:
    """Leave a draft to publish, and cards of every kind; gives the keys of their pages."""
    from hub.ledger import gifting
    from hub.ledger.acts import create_gift_card
    from hub.merchants.models import Person
    from hub.programmes.models import Category, LoyaltyProduct, Product, Reward
    from hub.programmes.publish import keep_product, rules_of
    from provisioning.demo.sample import LUCET

    owner = Person.objects.get(merchant=lucet, role="merchant")
    shelves = {shelf.name: shelf for shelf in lucet.categories.all()}
    for good in LUCET.goods[:12]:
        keep_product(lucet.pk, category=shelves[good.category], name=good.name, cents=good.cents)
    coffee = Product.objects.filter(merchant=lucet).first()
    rules = rules_of(lucet.pk)
    rules.windows = [
        {
            "factor_bp": 20_000,
            "weekdays": [1, 3],
            "from_minute": 14 * 60,
            "until_minute": 17 * 60,
            "from_day": "",
            "until_day": "",
        }
    ]
    rules.expiry, rules.expiry_months, rules.birthday_days = "purchase", 12, 14
    rules.not_earning = [Category.objects.get(merchant=lucet, name="Autre").pk]
    rules.expected_use_bp, rules.cents_per_100_points = 6_000, 55
    rules.save()
    stamps = Reward.objects.create(
        merchant=lucet,
        kind="stamps",
        title="Carte du matin",
        terms={"every": 10, "article": coffee.pk if coffee else ""},
        rank=20,
    )
    LoyaltyProduct.objects.create(merchant=lucet, name="Points Lucet")
    LoyaltyProduct.objects.create(merchant=lucet, name="Remise fidélité")
    points = Reward.objects.create(
        merchant=lucet,
        kind="points",
        title="Points Lucet",
        terms={"most_points": 500, "least_cents": 1000},
        rank=21,
    )
    for cents, cost, on in ((1000, 900, True), (2500, 2000, True), (5000, 3800, False)):
        lucet.gift_offers.create(cents=cents, points=cost, on=on)
    buyer = "Comité d’entreprise de l’Océan"
    for weeks, cents, count in ((5, 2500, 12), (2, 0, 40)):
        gifting.create_batch(
            places[0],
            count=count,
            cents=cents,
            buyer=buyer if cents else "",
            person=owner,
            at=now - timedelta(weeks=weeks),
        )
    lost = create_gift_card(
        places[1],
        cents=5000,
        buyer="Ginette Fontaine",
        recipient="Anouk Rivière",
        email="anouk.riviere@exemple.example",
        at=now - timedelta(weeks=3),
    )
    gifting.turn(lost, blocked=True, reason="Perdue dans le bus, dit-elle", person=owner)
    keys = {"stamps": stamps.pk, "points_reward": points.pk, "blocked": lost.pk}
    keys |= files(places[0], owner)
    return keys | {"product": Product.objects.filter(category__name="Pâtisserie").first().pk}


def files(shop: "Shop", person: Any) -> dict[str, object]:
    """Leave a file of products to check, a long one on its way, and members that came in."""
    from io import BytesIO

    from hub.console.importable import importable
    from hub.console.importing import stage
    from hub.ledger.imports import work
    from hub.ledger.staging import Import, Kind

    def sent(name: str, kind: str, text: str) -> Import:
        made = Import(
            merchant=shop.merchant,
            kind=kind,
            shop=shop,
            person=person,
            file_name=name,
            updates=True,
        )
        stage(made, BytesIO(text.encode()), importable(kind, shop.merchant))
        return made

    heads = "Nom;Rayon;Prix;TVA;Code-barres;Poids\n"
    checked = sent(
        "catalogue-printemps.csv",
        Kind.PRODUCTS,
        f"{heads}Éclair au café;Pâtisserie;4,10;5,5;;90\nGalette des rois;Fêtes;24,00;5,5;;600\n"
        "Pain de seigle;Pain;deux euros;5,5;;400\nConfiture de goyavier;Épicerie;6,90;5,5;"
        "3017620422004;250\n;Pain;1,20;5,5;;250\n",
    )
    lines = "".join(f"Article {n};Épicerie;{n % 40},50;5,5;;0\n" for n in range(1, 1201))
    going = sent("toute-l-epicerie.csv", Kind.PRODUCTS, heads + lines)
    going.stage, going.applied, going.counts = "applying", 481, {"add": 480}
    going.save()
    imported = sent(
        "anciens-clients.csv",
        Kind.MEMBERS,
        "Prénom;Nom;Téléphone;Adhésion\nMahé;Grondin;0692778899;1\nIrène;Técher;0693445566;0\n",
    )
    work.begin(imported)
    work.apply_for(imported, 5.0)
    return {"checked": checked.pk, "going": going.pk, "imported": imported.pk}
