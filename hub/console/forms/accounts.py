# SPDX-License-Identifier: Apache-2.0
"""What signing up, asking for a link and choosing a password need: every field (SPEC A1, A6)."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.console.forms.shops import FRENCH_ZONES
from hub.merchants.passwords import RULE


def _address() -> forms.EmailField:
    return forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={
            "required": _("Tapez votre adresse e-mail."),
            "invalid": _("Ce n’est pas une adresse e-mail : il y manque peut-être un « @ »."),
        },
    )


class PasswordField(forms.CharField):
    """A new password, by the rule."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 (of forms.CharField)
        super().__init__(
            strip=False,
            max_length=256,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            help_text=RULE,
            error_messages={"required": _("Choisissez un mot de passe.")},
            **more,
        )

    def validate(self, value: str) -> None:
        """Say all that is missing."""
        super().validate(value)
        validate_password(value)


class AskForm(forms.Form):
    """Where to mail a link."""

    email = _address()

    def clean_email(self) -> str:
        """Accounts are kept in small letters."""
        return str(self.cleaned_data["email"]).lower()


class SignUpForm(AskForm):
    """A business and who runs it."""

    business = forms.CharField(
        label=_("Nom du commerce"),
        max_length=80,
        error_messages={"required": _("Vos clients le lisent : donnez-lui un nom.")},
    )
    name = forms.CharField(
        label=_("Votre nom"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Comment vous appelez-vous ?")},
    )
    zone = forms.ChoiceField(label=_("Heure de"), choices=FRENCH_ZONES)
    password = PasswordField(label=_("Mot de passe"))
    field_order = ("business", "name", "zone", "email", "password")


class ChooseForm(forms.Form):
    """A new password."""

    password = PasswordField(label=_("Nouveau mot de passe"))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["password"].widget.attrs["autofocus"] = True
