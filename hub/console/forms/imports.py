# SPDX-License-Identifier: Apache-2.0
"""Which file is imported, and what becomes of whom or what is known already (SPEC D5, M6)."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.console.access import Scope
from hub.console.reading import MOST_BYTES, TOO_LARGE

KEEP, UPDATE = "keep", "update"
_LARGE: Final = _("20 Mo au plus : partagez ce fichier en deux.")


class ImportForm(forms.Form):
    """A file, and what it may change."""

    file = forms.FileField(
        label=_("Fichier CSV ou Excel"),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text=_(
            "20 Mo et 50 000 lignes au plus. Rien ne change avant que vous l’ayez vérifié."
        ),
    )
    known = forms.ChoiceField(
        label=_("Ce que nous connaissons déjà"),
        choices=[
            (UPDATE, _("Le mettre à jour")),
            (KEEP, _("Le laisser comme il est")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un des deux.")},
    )

    def __init__(self, request: Any, *, scope: Scope, with_shop: bool) -> None:  # noqa: ANN401
        posted = request.method == "POST"
        super().__init__(
            request.POST if posted else None,
            request.FILES if posted else None,
            initial={"known": UPDATE},
        )
        self._too_large = TOO_LARGE in request.META
        if with_shop:
            self.fields["shop"] = forms.ChoiceField(
                label=_("Inscrits dans la boutique"),
                choices=[(shop.pk, shop.name) for shop in scope.open_shops],
                error_messages={"required": _("Choisissez la boutique.")},
            )

    def clean(self) -> dict[str, Any]:
        """A file that was let go of as it came is not a missing one."""
        given = super().clean() or {}
        file = given.get("file")
        if self._too_large or (file and file.size > MOST_BYTES):
            self.errors.pop("file", None)
            self.add_error("file", _LARGE)
        return given
