# SPDX-License-Identifier: Apache-2.0
"""The two businesses of the demo: what they sell, what they offer and who works there."""

from dataclasses import dataclass
from typing import Final

from loyalty.card import issue

PASSWORD_WORD: Final = "Comptoir"  # noqa: S105 - the part that is no secret
"""Passwords are it and a number made at the first start: strong enough for a loopback address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A product, and how often it is bought early, at noon and in the afternoon (0 to 9 each)."""

    name: str
    category: str
    cents: int
    ean: str
    appeal: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A reward as the merchant would type it."""

    kind: str
    title: str
    cost: int
    rate_bp: int = 0
    gift_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """Somebody behind the counter. The demo prints the PIN: it protects sample sales only."""

    name: str
    pin: str
    manager: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A shop, its terminal and its people; `share` is its part of the visits."""

    name: str
    street: str
    postcode: str
    city: str
    phone: str
    terminal: str
    share: int
    clerks: tuple[Clerk, ...]
    portrait: bool = False
    virtual: bool = False
    """Its terminal runs in the demo; the others are seen by what they sent before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A merchant with everything it needs to open."""

    id: str
    name: str
    owner: str
    email: str
    zone: str
    colour: str
    card_prefix: str
    pitch: tuple[str, str]
    """The line on the front, in French and in English."""
    places: tuple[Place, ...]
    categories: tuple[str, ...]
    goods: tuple[Goods, ...]
    offers: tuple[Offer, ...]
    customers: int
    visits_a_week: int


def _goods(prefix: str, rows: str) -> tuple[Goods, ...]:
    """Read rows of `category | product | cents | appeal`; EANs are counted in the prefix."""
    found = []
    for serial, row in enumerate(rows.strip().splitlines(), 1):
        category, name, cents, appeal = (cell.strip() for cell in row.split("|"))
        early, noon, late = map(int, appeal.split())
        found.append(
            Goods(
                name=name,
                category=category,
                cents=int(cents),
                ean=issue(prefix, serial),
                appeal=(early, noon, late),
            )
        )
    return tuple(found)


LUCET: Final = Business(
    id="maison-lucet",
    name="Maison Lucet",
    owner="Isabelle Lucet",
    email="isabelle@maison-lucet.example",
    zone="Indian/Reunion",
    colour="#1D4A3C",
    card_prefix="2000417",
    pitch=(
        "1 € payé, 1 point. Dès 60 points, un café offert.",
        "1 € paid, 1 point. From 60 points, a free coffee.",
    ),
    places=(
        Place(
            name="Saint-Denis",
            street="12 rue Maréchal-Leclerc",
            postcode="97400",
            city="Saint-Denis",
            phone="02 61 91 00 12",
            terminal="saint-denis-1",
            share=5,
            clerks=(
                Clerk(name="Mathilde Hoarau", pin="2580", manager=True),
                Clerk(name="Kévin Payet", pin="1470"),
            ),
            virtual=True,
        ),
        Place(
            name="Saint-Paul",
            street="3 chaussée Royale",
            postcode="97460",
            city="Saint-Paul",
            phone="02 61 91 00 46",
            terminal="saint-paul-1",
            share=3,
            clerks=(
                Clerk(name="Nadège Técher", pin="3690"),
                Clerk(name="Yanis Robert", pin="7410"),
            ),
            portrait=True,
            virtual=True,
        ),
        Place(
            name="Saint-Pierre",
            street="45 rue des Bons-Enfants",
            postcode="97410",
            city="Saint-Pierre",
            phone="02 61 91 00 41",
            terminal="saint-pierre-1",
            share=2,
            clerks=(Clerk(name="Sophie Fontaine", pin="9630"),),
        ),
    ),
    categories=("Pain", "Viennoiserie", "Pâtisserie", "Boisson", "Snacking", "Autre"),
    goods=_goods(
        "2100417",
        """
        Pain         | Baguette tradition        |  135 | 7 9 9
        Pain         | Baguette                  |  110 | 5 6 6
        Pain         | Pain de campagne          |  320 | 2 3 4
        Pain         | Pain complet aux graines  |  380 | 1 2 3
        Pain         | Pain de mie               |  290 | 1 1 1
        Viennoiserie | Croissant                 |  130 | 9 2 3
        Viennoiserie | Pain au chocolat          |  145 | 9 2 4
        Viennoiserie | Chausson aux pommes       |  190 | 4 1 3
        Viennoiserie | Brioche au sucre          |  210 | 3 1 3
        Viennoiserie | Macatia coco              |  160 | 4 1 4
        Pâtisserie   | Paris-Brest individuel    |  520 | 0 3 4
        Pâtisserie   | Éclair au café            |  390 | 0 4 4
        Pâtisserie   | Tarte au citron meringuée |  480 | 0 3 4
        Pâtisserie   | Mille-feuille vanille     |  490 | 0 2 3
        Pâtisserie   | Gâteau patate douce       |  350 | 1 3 4
        Pâtisserie   | Paris-Brest 6 parts       | 2800 | 0 1 1
        Boisson      | Café                      |  180 | 6 5 2
        Boisson      | Café allongé              |  200 | 3 3 1
        Boisson      | Chocolat chaud            |  320 | 2 0 1
        Boisson      | Jus d’orange pressé       |  380 | 3 3 1
        Boisson      | Eau plate 50 cl           |  150 | 1 5 2
        Boisson      | Thé glacé citronnelle     |  290 | 0 4 3
        Snacking     | Sandwich jambon-beurre    |  490 | 0 7 1
        Snacking     | Bouchon gratiné           |  620 | 0 6 1
        Snacking     | Quiche lorraine           |  450 | 0 5 1
        Snacking     | Salade de poulet          |  790 | 0 5 0
        Snacking     | Formule midi              | 1150 | 0 6 0
        Autre        | Confiture de goyavier     |  650 | 0 1 1
        Autre        | Sachet de macarons        |  990 | 0 1 2
        Autre        | Bougies d’anniversaire    |  350 | 0 1 1
        """,
    ),
    offers=(
        Offer(kind="gift", title="Croissant offert", cost=80, gift_title="Croissant"),
        Offer(kind="gift", title="Café offert", cost=60, gift_title="Café"),
        Offer(kind="gift", title="Tarte citron", cost=150, gift_title="Tarte au citron"),
        Offer(kind="cashback", title="Cagnotte", cost=0, rate_bp=200),
        Offer(kind="discount", title="Remise de 10 %", cost=200, rate_bp=1000),
        Offer(
            kind="gift",
            title="Paris-Brest 6 parts",
            cost=280,
            gift_title="Paris-Brest 6 parts",
        ),
    ),
    customers=160,
    visits_a_week=340,
)

CHARLOTTE: Final = Business(
    id="charlottes",
    name="Charlotte’s",
    owner="Charlotte Morel",
    email="charlotte@charlottes.example",
    zone="Europe/Paris",
    colour="#C2185B",
    card_prefix="2000523",
    pitch=(
        "1 € payé, 1 point. Dès 100 points, un thé offert.",
        "1 € paid, 1 point. From 100 points, a free tea.",
    ),
    places=(
        Place(
            name="Croix-Rousse",
            street="8 place de la Croix-Rousse",
            postcode="69004",
            city="Lyon",
            phone="04 65 71 00 69",
            terminal="croix-rousse-1",
            share=1,
            clerks=(Clerk(name="Inès Bernard", pin="1590", manager=True),),
        ),
    ),
    categories=("Thé", "Gâteau", "Brunch"),
    goods=_goods(
        "2100523",
        """
        Thé    | Thé vert jasmin      |  550 | 3 3 6
        Thé    | Earl Grey            |  520 | 4 3 6
        Thé    | Rooibos vanille      |  550 | 1 2 4
        Gâteau | Charlotte aux fraises |  680 | 0 3 7
        Gâteau | Scone et crème       |  450 | 5 2 6
        Gâteau | Carrot cake          |  590 | 1 3 6
        Brunch | Brunch du dimanche   | 2400 | 2 6 0
        Brunch | Œufs Bénédicte       | 1350 | 4 5 0
        """,
    ),
    offers=(
        Offer(kind="gift", title="Thé offert", cost=100, gift_title="Thé au choix"),
        Offer(kind="discount", title="Remise de 15 %", cost=250, rate_bp=1500),
    ),
    customers=24,
    visits_a_week=45,
)

BUSINESSES: Final = (LUCET, CHARLOTTE)
