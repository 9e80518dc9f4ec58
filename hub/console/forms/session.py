# SPDX-License-Identifier: Apache-2.0
"""What one signs in with: an address and a password, and the second factor."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hub.merchants.models import Person


class SignInForm(AuthenticationForm):
    """An e-mail address, in any capitals, and a password."""

    error_messages = {
        "invalid_login": _(
            "L’adresse ou le mot de passe est faux. Vérifiez les deux, majuscules comprises."
        ),
        "inactive": _("Ce compte est fermé : appelez l’exploitant du hub."),
    }
    username = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={
            "required": _("Tapez votre adresse e-mail."),
            "invalid": _("Ce n’est pas une adresse e-mail : il y manque peut-être un « @ »."),
        },
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Tapez votre mot de passe.")},
    )

    def confirm_login_allowed(self, user: Person) -> None:
        """Refuse whoever's account, or whose merchant, is closed."""
        super().confirm_login_allowed(user)
        if not user.may_enter:
            raise ValidationError(self.error_messages["inactive"], code="inactive")

    def clean_username(self) -> str:
        """Accounts are kept in small letters."""
        return str(self.cleaned_data["username"]).lower()


class CodeForm(forms.Form):
    """A code of the phone, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
        error_messages={"required": _("Tapez le code que montre votre téléphone.")},
    )

    def refuse(self) -> None:
        """Say that it does not open."""
        self.add_error(
            "code", _("Ce code n’est pas le bon, ou il a déjà servi : attendez le suivant.")
        )
