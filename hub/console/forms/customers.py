# SPDX-License-Identifier: Apache-2.0
"""Who a customer is and which card leads to them, typed on the web as carefully as at a till."""

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from hub.console.access import Scope
from hub.console.filters import LAST
from hub.console.forms.consents import boxes
from hub.console.forms.fields import WholeField
from hub.console.forms.reasons import ReasonForm
from hub.ledger import codes, records
from hub.ledger.consenting import COLUMNS
from hub.ledger.genders import Gender
from hub.ledger.models import Customer
from hub.ledger.records import Record
from loyalty import contact
from loyalty.card import LONGEST_CODE, BadCode

LEAP: Final = 2000
"""A year that has every day a birthday can be on."""
OLDEST: Final = 1900
"""Year of birth of somebody who may still come."""
LOST, BOTH = "lost", "both"


def postcode(typed: str) -> str:
    """As it is compared. Raises ValidationError: it can't be one."""
    code = "".join(typed.split()).upper()
    if code and not code.replace("-", "").isalnum():
        raise forms.ValidationError(_("Des chiffres, comme 97410."))
    return code


class CodeField(forms.CharField):
    """The code of a card: scanned into the field, or typed."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 (of Field)
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(
            label=_("Code client"), required=False, max_length=LONGEST_CODE, widget=widget, **more
        )

    def clean(self, value: Any) -> str:  # noqa: ANN401 (of Field)
        """As it is looked up; a number of ours with a wrong digit is refused."""
        typed = super().clean(value)
        code = codes.read(typed) if typed else ""
        if code == BadCode.CHECK_DIGIT:
            raise forms.ValidationError(_("Un chiffre n’est pas le bon : relisez la carte."))
        if isinstance(code, BadCode):
            raise forms.ValidationError(_("Ce n’est pas le code d’une carte."))
        return code


class RecordForm(forms.Form):
    """What is known of somebody; all but the first name may be empty."""

    first_name = forms.CharField(
        label=_("Prénom"),
        max_length=60,
        error_messages={"required": _("Comment s’appelle cette personne ?")},
    )
    last_name = forms.CharField(label=_("Nom"), required=False, max_length=80)
    phone = forms.CharField(
        label=_("Téléphone"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
    )
    pro = forms.BooleanField(label=_("Client professionnel"), required=False)
    day = forms.TypedChoiceField(
        label=_("Jour"),
        required=False,
        coerce=int,
        choices=[("", "–"), *((n, n) for n in range(1, 32))],
    )
    month = forms.TypedChoiceField(
        label=_("Mois"),
        required=False,
        coerce=int,
        choices=[("", "–"), *MONTHS.items()],
    )
    birth_year = WholeField(label=_("Année"), least=OLDEST, most=LAST.year, required=False)
    gender = forms.ChoiceField(
        label=_("Genre"), required=False, choices=[("", "–"), *Gender.choices]
    )
    postcode = forms.CharField(label=_("Code postal"), required=False, max_length=10)
    segment = forms.CharField(label=_("Groupe"), required=False, max_length=40)
    apart = forms.BooleanField(label=_("C’est une autre personne"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        scope: Scope,
        customer: Customer | None = None,
    ) -> None:
        super().__init__(data, initial=_known(customer) if customer else None)
        self.scope, self.customer = scope, customer
        self.alike: list[Customer] = []
        """Who gave the same phone or e-mail."""

    def clean_phone(self) -> str:
        """As it is compared, so that a till finds it however it is said."""
        typed = self.cleaned_data["phone"]
        if typed and not contact.phone(typed):
            raise forms.ValidationError(_("Ce numéro n’est pas complet, ou pas un numéro."))
        return contact.phone(typed)

    def clean_email(self) -> str:
        """As it is compared."""
        typed = self.cleaned_data["email"]
        if typed and not contact.email(typed):
            raise forms.ValidationError(_("Cette adresse n’est pas complète : nom@exemple.fr."))
        return contact.email(typed)

    def clean_postcode(self) -> str:
        """As it is compared."""
        return postcode(self.cleaned_data["postcode"])

    def clean(self) -> dict[str, Any]:
        """A birthday is a day that there is; who gave the same contact is somebody else or not."""
        given = super().clean() or {}
        day, month = given.get("day") or 0, given.get("month") or 0
        if bool(day) != bool(month):
            self.add_error("day", _("Le jour et le mois, ou aucun des deux."))
        elif month and day > calendar.monthrange(LEAP, month)[1]:
            self.add_error("day", _("Ce jour n’existe pas."))
        given["birthday"] = f"{month:02}-{day:02}" if day and month else ""
        if wrong := no_birth(given):
            self.add_error("birth_year", wrong)
        if {"phone", "email"} & set(self.changed_data):
            self.alike = alike_of(self.scope, given, but=self.customer)
            if self.alike and not given.get("apart"):
                self.add_error(
                    "apart",
                    _(
                        "Quelqu’un a déjà ce téléphone ou cet e-mail. Si ce n’est pas la"
                        " même personne, cochez-le."
                    ),
                )
        return given

    @property
    def record(self) -> Record:
        """What was typed."""
        given = self.cleaned_data
        names = (
            *("first_name", "last_name", "phone", "email", "birthday", "birth_year"),
            *("gender", "postcode", "pro", "segment"),
        )
        return Record(**{name: given[name] for name in names})


class NewCustomerForm(RecordForm):
    """Somebody to register, with the card in their hand if there is one."""

    code = CodeField(
        help_text=_("Scannez la carte ou tapez son numéro ; vide : un numéro lui est donné.")
    )
    shop = forms.ChoiceField(
        label=_("Inscrit dans la boutique"),
        error_messages={"required": _("Choisissez la boutique.")},
    )
    member = forms.BooleanField(label=_("Adhère au programme de fidélité"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        scope: Scope,
        known: Mapping[str, str],
    ) -> None:
        super().__init__(data, scope=scope)
        self.initial = {"member": True, **known}
        self.fields.update(boxes(scope.merchant))
        if scope.shop:
            del self.fields["shop"]
        else:
            shops = [(shop.pk, shop.name) for shop in scope.open_shops]
            self.fields["shop"].choices = shops  # type: ignore[attr-defined]

    @property
    def consents(self) -> list[forms.BoundField]:
        """What is asked about being written to."""
        return [self[column] for column in COLUMNS.values()]

    def clean_code(self) -> str:
        """Nobody's yet."""
        return free(self.scope, self.cleaned_data["code"])


class CardForm(ReasonForm):
    """Another card for somebody, and what becomes of the one they had."""

    code = CodeField(
        help_text=_("Scannez la carte ou tapez son numéro ; vide : un numéro lui est donné.")
    )
    other = forms.ChoiceField(
        label=_("La carte d’avant"),
        choices=[(LOST, _("Perdue")), (BOTH, _("Elle sert encore"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un des deux.")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, scope: Scope, has_card: bool, code: str = ""
    ) -> None:
        super().__init__(data, initial={"code": code})
        self.scope = scope
        if not has_card:
            del self.fields["other"]

    def clean_code(self) -> str:
        """Nobody's yet."""
        return free(self.scope, self.cleaned_data["code"])


class BlankCardsForm(forms.Form):
    """How many cards to print."""

    count = WholeField(
        label=_("Combien de cartes"),
        least=1,
        most=codes.MOST_IN_BATCH,
        error_messages={"required": _("Combien de cartes imprimer ?")},
        help_text=_("Dix par feuille A4. Leurs numéros ne sont donnés à personne d’autre."),
    )


def free(scope: Scope, code: str) -> str:
    """That code, if nobody has it; else the error says who, or whose initials elsewhere."""
    owner = codes.owner_of(scope.merchant, code) if code else None
    if owner is not None:
        words = {"name": named_to(scope, owner)}
        raise forms.ValidationError(_("Cette carte est déjà à %(name)s."), params=words)
    return code


def alike_of(
    scope: Scope, given: Mapping[str, Any], *, but: Customer | None = None
) -> list[Customer]:
    """Who gave the same phone or e-mail as is being typed."""
    phone, email = given.get("phone") or "", given.get("email") or ""
    return list(records.reached_by(scope.merchant, phone=phone, email=email, but=but)[:5])


def named_to(scope: Scope, customer: Customer) -> str:
    """A customer by name to who may see them; a shop is told the initials of who is not its own."""
    if scope.shop is None or customer.joined_shop_id == scope.shop.pk:
        return str(customer)
    letters = (customer.first_name[:1], customer.initial)
    return " ".join(f"{letter}." for letter in letters if letter) or str(_("quelqu’un"))


def no_birth(given: Mapping[str, Any]) -> Any:  # noqa: ANN401 (a sentence, translated late)
    """What is wrong with the year of a birthday; None: nothing."""
    year, birthday = given.get("birth_year"), given.get("birthday")
    if not year:
        return None
    if not birthday:
        return _("L’année va avec le jour et le mois.")
    month, _dash, day = birthday.partition("-")
    if (int(month), int(day)) == (2, 29) and not calendar.isleap(year):
        return _("Cette année n’a pas de 29 février.")
    born = date(year, int(month), int(day))
    return _("Ce jour n’est pas encore venu.") if born > timezone.localdate() else None


def _known(customer: Customer) -> dict[str, Any]:
    month, _dash, day = customer.birthday.partition("-")
    names = (
        *("first_name", "last_name", "phone", "email", "birth_year"),
        *("gender", "postcode", "pro", "segment"),
    )
    known = {name: getattr(customer, name) for name in names}
    return known | ({"month": int(month), "day": int(day)} if month else {})
