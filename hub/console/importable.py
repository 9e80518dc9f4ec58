# SPDX-License-Identifier: Apache-2.0
"""What a file of products or of members may say: its columns, how each is read, and a sample."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from hub.console.forms.catalogue import barcode
from hub.console.forms.customers import LEAP, OLDEST, CodeField, no_birth, postcode
from hub.console.forms.fields import EurosOrNothing, VatField, WholeField
from hub.console.members import HEADS, Column
from hub.console.sheets import Cell
from hub.ledger.genders import Gender
from hub.ledger.staging import Kind
from hub.merchants.models import Merchant
from hub.merchants.words import plain
from loyalty import contact

_YES, _NO = (
    frozenset({"1", "oui", "yes", "x", "vrai", "true"}),
    frozenset({"0", "non", "no", "faux", "false"}),
)
_DAY: Final = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})(?:[/.-]\d{2,4})?|\d{4}-(\d{1,2})-(\d{1,2})(?: .*)?"
)
_AT_HOME: Final = 9
"""Digits of a French phone whose first zero a spreadsheet took away."""
_POSTCODE: Final = 5
"""Digits of a French postcode."""
_GENDERS: Final = {
    Gender.WOMAN: ("f", "femme", "woman", "female", "mme", "madame", "mrs", "ms", "mlle"),
    Gender.MAN: ("m", "homme", "man", "male", "h", "monsieur", "mr"),
    Gender.OTHER: ("x", "autre", "other"),
}
"""As files say it, without accents, capitals or signs."""


class Flag(forms.Field):
    """1 or 0, as spreadsheets have it; oui and non will do."""

    def to_python(self, value: Any) -> bool | None:  # noqa: ANN401 (of Field)
        """None: nothing is said."""
        said = plain(str(value or "").strip())
        if not said:
            return None
        if said not in _YES | _NO:
            raise forms.ValidationError(_("1 pour oui, 0 pour non."))
        return said in _YES


class BirthdayField(forms.Field):
    """A birthday, with a year or without; it is kept without."""

    def to_python(self, value: Any) -> str:  # noqa: ANN401 (of Field)
        """`12-24`."""
        if not (said := str(value or "").strip()):
            return ""
        found = _DAY.fullmatch(said)
        day, month = (found[1] or found[4], found[2] or found[3]) if found else ("0", "0")
        try:
            return date(LEAP, int(month), int(day)).strftime("%m-%d")
        except ValueError:
            raise forms.ValidationError(_("Un jour et un mois, comme 24/12.")) from None


class BirthYearField(WholeField):
    """The year that somebody was born in."""

    def __init__(self) -> None:
        super().__init__(least=OLDEST, most=timezone.localdate().year, required=False)


class GenderField(forms.Field):
    """A gender, as our own files or another program's have it."""

    def to_python(self, value: Any) -> str:  # noqa: ANN401 (of Field)
        """`f`, `m` or `x`."""
        said = _bare(str(value or ""))
        found = next((gender for gender, words in _GENDERS.items() if said in words), None)
        if said and found is None:
            raise forms.ValidationError(_("Femme, Homme ou Autre."))
        return found or ""


class PostcodeField(forms.CharField):
    """A postcode as it is compared."""

    def clean(self, value: Any) -> str:  # noqa: ANN401 (of Field)
        """A zero that a spreadsheet took away is put back."""
        code = postcode(super().clean(value))
        return f"0{code}" if code.isdigit() and len(code) == _POSTCODE - 1 else code


class PhoneField(forms.CharField):
    """As it is compared."""

    def clean(self, value: Any) -> str:  # noqa: ANN401 (of Field)
        """A zero that a spreadsheet took away is put back."""
        typed = super().clean(value)
        if typed.isdigit() and len(typed) == _AT_HOME and not typed.startswith("0"):
            typed = f"0{typed}"
        if typed and not contact.phone(typed):
            raise forms.ValidationError(_("Ce numéro n’est pas complet, ou pas un numéro."))
        return contact.phone(typed)


class AddressField(forms.CharField):
    """An e-mail as it is compared."""

    def clean(self, value: Any) -> str:  # noqa: ANN401 (of Field)
        """Refuse what can't be one."""
        typed = super().clean(value)
        if typed and not contact.email(typed):
            raise forms.ValidationError(_("Cette adresse n’est pas complète : nom@exemple.fr."))
        return contact.email(typed)


class BarcodeField(forms.CharField):
    """The barcode of a product of one merchant."""

    def __init__(self, merchant: Merchant) -> None:
        super().__init__(required=False, max_length=20)
        self._merchant = merchant

    def clean(self, value: Any) -> str:  # noqa: ANN401 (of Field)
        """Refuse what is none, or a customer's card."""
        return barcode(super().clean(value), self._merchant)


class ProductColumn(StrEnum):
    """What a file says of each product."""

    NAME = "name"
    CATEGORY = "category"
    CENTS = "cents"
    VAT = "vat_bp"
    EAN = "ean"
    EARNS = "earns"


PRODUCT_HEADS: Final = {
    ProductColumn.NAME: _("Nom"),
    ProductColumn.CATEGORY: _("Rayon"),
    ProductColumn.CENTS: _("Prix"),
    ProductColumn.VAT: _("TVA"),
    ProductColumn.EAN: _("Code-barres"),
    ProductColumn.EARNS: _("Donne des points"),
}
_CALLED: Final[dict[str, tuple[str, ...]]] = {
    ProductColumn.NAME: ("Article", "Produit", "Désignation", "Libellé"),
    ProductColumn.CATEGORY: ("Catégorie", "Famille"),
    ProductColumn.CENTS: ("Prix TTC", "Prix de vente", "Prix, TVA comprise"),
    ProductColumn.VAT: ("Taux de TVA", "TVA %"),
    ProductColumn.EAN: ("EAN", "EAN13", "GTIN", "Code barre"),
    Column.FIRST_NAME: ("First name",),
    Column.LAST_NAME: ("Nom de famille", "Last name"),
    Column.CARD: ("Code client", "Numéro de carte", "N° de carte"),
    Column.PHONE: ("Tél", "Portable", "Mobile"),
    Column.EMAIL: ("Mail", "Courriel", "Adresse e-mail"),
    Column.BIRTHDAY: ("Date de naissance", "Date d’anniversaire"),
    Column.BIRTH_YEAR: ("Né en", "Year of birth"),
    Column.GENDER: ("Sexe", "Civilité"),
    Column.POSTCODE: ("CP", "Zip"),
    Column.MEMBER: ("Adhésion", "Fidélité"),
    Column.PRO: ("Pro", "Client professionnel"),
    Column.ACCEPTS_EMAIL: ("Consentement e-mail", "Newsletter", "Opt-in e-mail"),
    Column.ACCEPTS_SMS: ("Consentement SMS", "Opt-in SMS"),
}
"""How other programs name the same columns."""
_NOT_KNOWN_HERE: Final = frozenset({*("tier", "points", "visits", "seen", "shop", "joined")})
"""Columns of an export that the ledger makes: no file changes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importable:
    """A kind of file."""

    kind: Kind
    heads: Mapping[str, Any]
    fields: Mapping[str, forms.Field]
    """How a cell of each column is read."""
    required: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]
    """Columns that no two lines have in common."""
    named: Callable[[Mapping[str, Any]], str]
    sample: tuple[tuple[Cell, ...], ...]
    wrong: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda _facts: {}
    """By column, what is wrong with a line whose cells are right each by itself."""

    def placed(self, cells: tuple[str, ...]) -> tuple[dict[str, int], list[str]]:
        """Where each column stands in a file with this head, and what of it says nothing to us."""
        spellings = {spelled: column for column in self.fields for spelled in self._spelled(column)}
        places: dict[str, int] = {}
        unread = []
        for place, cell in enumerate(cells):
            column = spellings.get(_bare(cell), "")
            if column and column not in places:
                places[column] = place
            elif cell:
                unread.append(cell[:40])
        return places, unread

    def _spelled(self, column: str) -> set[str]:
        found = {_bare(other) for other in _CALLED.get(column, ())}
        for language in ("fr", "en"):
            with translation.override(language):
                found.add(_bare(str(self.heads[column])))
        return found


def importable(kind: str, merchant: Merchant) -> Importable:
    """What a file of that kind may say to this merchant."""
    return _members() if kind == Kind.MEMBERS else _products(merchant)


def _products(merchant: Merchant) -> Importable:
    return Importable(
        kind=Kind.PRODUCTS,
        heads={str(column): words for column, words in PRODUCT_HEADS.items()},
        fields={
            ProductColumn.NAME: _text(60, _("Donnez-lui un nom.")),
            ProductColumn.CATEGORY: _text(40, _("Dites dans quel rayon.")),
            ProductColumn.CENTS: EurosOrNothing(
                error_messages={"required": _("Combien coûte-t-il ?")}
            ),
            ProductColumn.VAT: VatField(required=False),
            ProductColumn.EAN: BarcodeField(merchant),
            ProductColumn.EARNS: Flag(required=False),
        },
        required=(ProductColumn.NAME, ProductColumn.CATEGORY, ProductColumn.CENTS),
        same=((ProductColumn.EAN,), (ProductColumn.CATEGORY, ProductColumn.NAME)),
        named=lambda facts: str(facts.get("name", "")),
        sample=(
            ("Baguette tradition", "Pains", "1,35", "5,5", "3760000000017", 1),
            ("Éclair au café", "Pâtisseries", "3,20", "5,5", "", 1),
            ("Sac en papier", "Divers", "0,20", "20", "", 0),
        ),
    )


def _members() -> Importable:
    readable = [column for column in HEADS if column not in _NOT_KNOWN_HERE]
    fields: dict[Column, forms.Field] = {
        Column.LAST_NAME: _text(80),
        Column.FIRST_NAME: _text(60, _("Comment s’appelle cette personne ?")),
        Column.CARD: CodeField(),
        Column.PHONE: PhoneField(required=False, max_length=24),
        Column.EMAIL: AddressField(required=False, max_length=254),
        Column.BIRTHDAY: BirthdayField(required=False),
        Column.BIRTH_YEAR: BirthYearField(),
        Column.GENDER: GenderField(required=False),
        Column.POSTCODE: PostcodeField(required=False, max_length=10),
        Column.MEMBER: Flag(required=False),
        Column.PRO: Flag(required=False),
        Column.SEGMENT: _text(40),
        Column.ACCEPTS_EMAIL: Flag(required=False),
        Column.ACCEPTS_SMS: Flag(required=False),
    }
    return Importable(
        kind=Kind.MEMBERS,
        heads={str(column): HEADS[column] for column in readable},
        fields={column: fields[column] for column in readable},
        required=(Column.FIRST_NAME,),
        same=((Column.CARD,), (Column.PHONE,), (Column.EMAIL,)),
        wrong=lambda facts: {Column.BIRTH_YEAR: no_birth(facts)},
        named=lambda facts: f"{facts.get('first_name', '')} {facts.get('last_name', '')}".strip(),
        sample=(
            (
                *("Marchand", "Élodie", "", "0692123456", "elodie@exemple.re"),
                *("24/12", 1987, "Femme", "97400", 1, 0, "", 1, 0),
            ),
            (
                *("Hoarau", "Bruno", "CARTE-0007", "0693654321", ""),
                *("", "", "Homme", "97460", 1, 0, "Voisins", "", ""),
            ),
            ("Payet", "Zoé", "", "", "zoe@exemple.re", "02/03", "", "", "", 0, 1, "", 1, ""),
        ),
    )


def _text(longest: int, missing: Any = "") -> forms.CharField:  # noqa: ANN401 (a lazy text)
    said = {"required": missing} if missing else {}
    return forms.CharField(max_length=longest, required=bool(missing), error_messages=said)


def _bare(head: str) -> str:
    """A head without accents, capitals, spaces or signs."""
    return "".join(c for c in plain(head) if c.isalnum())
