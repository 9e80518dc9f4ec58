# SPDX-License-Identifier: Apache-2.0
"""The demo's customers: invented, varied, and the same at each run.

Phone numbers are of the range that the French regulator keeps for fiction, e-mail addresses of a
domain that is nobody's.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from loyalty.card import issue
from provisioning.demo.sample import Business


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer as the merchant knows them; `zeal` is how often they come (1 to 12)."""

    first_name: str
    last_name: str
    code: str
    phone: str
    email: str
    home: int
    """Which of the shops is theirs."""
    zeal: int
    saver: bool
    """Keeps the points instead of using rewards."""
    arrives: float
    """When they are first given a card, as a share of the past: 0 is at its beginning."""

    @property
    def name(self) -> str:
        """As lists show it."""
        return f"{self.first_name} {self.last_name}".strip()


KNOWN: Final = (
    ("Élodie", "Marchand", 441, 0, 8),
    ("Marie-Françoise", "de La Rochefoucauld-Montbel", 23, 2, 9),
    ("Boulangerie-traiteur", "Payet & Fils", 195, 1, 12),
    ("Jean-Baptiste", "Hoareau", 331, 0, 4),
    ("Nguyễn", "Thị Minh Châu", 410, 0, 3),
    ("Abdoulaye", "Diarrassouba", 287, 2, 7),
    ("Solène", "Le Goff-Técher", 90, 1, 5),
    ("Łukasz", "Wiśniewski", 438, 0, 1),
    ("Anne-Sophie", "Grondin", 126, 1, 2),
    ("Théo", "Maillot", 397, 2, 1),
    ("Ginette", "Fontaine", 5, 0, 10),
)
"""First name, last name, serial of the card, shop, zeal: those of the pictures."""

KEEN: Final = 6
"""Zeal above which somebody of the pictures saves up."""

SAVERS: Final = 0.4

FIRST, LAST = (
    (Path(__file__).parent / f"{kind}_names.txt").read_text(encoding="utf-8").splitlines()
    for kind in ("first", "last")
)


def customers(business: Business, random: Random) -> tuple[Person, ...]:
    """As many customers as the business has, each with a card of its prefix."""
    shops = range(len(business.places))
    shares = [place.share for place in business.places]
    known = KNOWN if len(business.places) > 1 else ()
    serials = iter(random.sample([n for n in range(1, 480) if n not in _taken()], 400))
    found = [
        _person(
            business,
            (first, last),
            serial=serial,
            home=home,
            zeal=zeal,
            saver=zeal > KEEN,
            arrives=0,
            number=i,
        )
        for i, (first, last, serial, home, zeal) in enumerate(known)
    ]
    names = {(person.first_name, person.last_name) for person in found}
    while len(found) < business.customers:
        name = (random.choice(FIRST), random.choice(LAST))
        if name in names:
            continue
        names.add(name)
        (home,) = random.choices(shops, shares)
        (zeal,) = random.choices(range(1, 10), (9, 8, 7, 6, 5, 4, 3, 2, 1))
        found.append(
            _person(
                business,
                name,
                serial=next(serials),
                home=home,
                zeal=zeal,
                saver=random.random() < SAVERS,
                arrives=max(0.0, random.uniform(-1, 1)),
                number=len(found),
            )
        )
    return tuple(found)


def _taken() -> set[int]:
    return {serial for _, _, serial, _, _ in KNOWN}


def _person(
    business: Business,
    name: tuple[str, str],
    *,
    serial: int,
    home: int,
    zeal: int,
    saver: bool,
    arrives: float,
    number: int,
) -> Person:
    first, last = name
    return Person(
        first_name=first,
        last_name=last,
        code=issue(business.card_prefix, serial),
        phone=f"06 39 98 {number // 100 + 10:02d} {number % 100:02d}",
        email=f"{_plain(first)}.{_plain(last)}@exemple.example",
        home=home,
        zeal=zeal,
        saver=saver,
        arrives=arrives,
    )


def _plain(name: str) -> str:
    """Letters that any mail address may hold."""
    spelled = name.lower().translate(str.maketrans("łøþð", "lotd"))
    bare = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in bare).split())
