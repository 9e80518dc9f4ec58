# SPDX-License-Identifier: Apache-2.0
"""What somebody changes of their own account: the name, the address, the password."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.console.forms.accounts import AskForm, PasswordField
from hub.merchants.models import Person


class NameForm(forms.Form):
    """What somebody is called; their decisions carry it."""

    name = forms.CharField(
        label=_("Votre nom"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Comment vous appelez-vous ?")},
    )


class _Proven(forms.Form):
    """Takes the password that there is: a browser left open changes nothing."""

    current = forms.CharField(
        label=_("Mot de passe actuel"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Tapez votre mot de passe.")},
    )

    def __init__(self, data: QueryDict | None = None, *, person: Person) -> None:
        super().__init__(data)
        self.person = person

    def refuse(self) -> None:
        """Say that the password is another."""
        self.add_error("current", _("Ce n’est pas votre mot de passe."))


class NewAddressForm(AskForm, _Proven):
    """Where the account's mails go, and what it signs in with."""

    field_order = ("email", "current")

    def clean_email(self) -> str:
        """Another than there is."""
        email = super().clean_email()
        if email == self.person.email:
            raise forms.ValidationError(_("C’est déjà votre adresse."))
        return email


class NewPasswordForm(_Proven):
    """A new password, by the rule, beside the one there is."""

    password = PasswordField(label=_("Nouveau mot de passe"))
