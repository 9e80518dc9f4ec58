# SPDX-License-Identifier: Apache-2.0
"""Read money and percentages as people type them: « 12,50 » is 1250 cents."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from hub.console.filters import FIRST, LAST
from hub.programmes import photos
from loyalty.money import LARGEST_CENTS, WHOLE_BP

MOST_PICTURE_BYTES = 300_000
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
}
"""How a picture's bytes begin."""
_A_DAY = _("Une date, comme 24/12/2026.")
COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}\Z")
LONGEST = 20
"""Characters; no amount of ours is longer, however it is spaced."""


class HundredthsField(forms.Field):
    """A number of at most two decimals, worked with as a whole number of hundredths."""

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": LONGEST}
    )
    least = 1
    most = int(LARGEST_CENTS)

    def to_python(self, value: object) -> int | None:
        """Turn what was typed into hundredths; spaces and either mark of decimals will do."""
        typed = "".join(str(value or "").split()).replace(",", ".")
        if not typed:
            return None
        try:
            number = Decimal(typed[: LONGEST + 1]) * 100
            hundredths = int(number)
        except (InvalidOperation, OverflowError, ValueError):
            raise forms.ValidationError(self.error_messages["invalid"]) from None
        if number != hundredths:
            raise forms.ValidationError(_("Deux chiffres après la virgule au plus."))
        return hundredths

    def validate(self, value: int | None) -> None:
        """Refuse what is empty or absurd, saying between what it must be."""
        super().validate(value)
        if value is not None and not self.least <= value <= self.most:
            limits = {"least": _shown(self.least), "most": _shown(self.most)}
            raise forms.ValidationError(_("Entre %(least)s et %(most)s."), params=limits)

    def prepare_value(self, value: object) -> object:
        """Show hundredths as they are typed; leave what was typed as it was."""
        return _shown(value) if isinstance(value, int) else value


class EurosField(HundredthsField):
    """Cents of euro."""

    default_error_messages = {"invalid": _("Un montant en euros, comme 12,50.")}


class EurosOrNothing(EurosField):
    """Cents of euro, 0 too."""

    least = 0


class FactorField(HundredthsField):
    """Hundredths of what multiplies points: 2 is 200."""

    least = 101
    most = 1000
    default_error_messages = {"invalid": _("Un nombre, comme 2 ou 1,5.")}

    def prepare_value(self, value: object) -> object:
        """Show 2 rather than 2,00, and 1,5 rather than 1,50."""
        shown = super().prepare_value(value)
        return str(shown).rstrip("0").rstrip(",.") if isinstance(value, int) else shown


class PictureField(forms.FileField):
    """A small picture: its bytes and its type, or None where nothing was chosen."""

    def clean(self, data: Any, initial: Any = None) -> tuple[bytes, str] | None:  # noqa: ANN401 (of Field)
        """Read it; what its name or the browser says of it is not believed."""
        upload = super().clean(data, initial)
        if not upload:
            return None
        if (upload.size or 0) > MOST_PICTURE_BYTES:
            raise forms.ValidationError(_("300 Ko au plus."))
        read = upload.read()
        for begins, kind in PICTURES.items():
            if read.startswith(begins) and (kind != "image/webp" or read[8:12] == b"WEBP"):
                try:
                    photos.check(read)
                except photos.Unreadable as error:
                    raise forms.ValidationError(_("Cette image ne se lit pas.")) from error
                return read, kind
        raise forms.ValidationError(_("Une image PNG, JPEG ou WebP."))


class ColourField(forms.RegexField):
    """A colour, as a browser's own picker gives it."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401
        super().__init__(
            regex=COLOUR,
            widget=forms.TextInput(attrs={"type": "color"}),
            error_messages={"invalid": _("Une couleur, comme #8A6A00.")},
            **more,
        )


class WholeField(forms.IntegerField):
    """A whole number, typed without arrows, refused by saying between what it must be."""

    default_error_messages = {"invalid": _("Un nombre entier.")}

    def __init__(self, *, least: int, most: int, **more: Any) -> None:  # noqa: ANN401 (of Field)
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(widget=widget, **more)
        self.least, self.most = least, most

    def validate(self, value: int | None) -> None:
        """Refuse what is empty or absurd."""
        super().validate(value)
        if value is not None and not self.least <= value <= self.most:
            limits = {"least": self.least, "most": self.most}
            raise forms.ValidationError(_("Entre %(least)s et %(most)s."), params=limits)


class DayField(forms.DateField):
    """A day, picked or typed, of a year that calendars and databases bear."""

    default_error_messages = {"invalid": _A_DAY}
    default_validators = [MinValueValidator(FIRST, _A_DAY), MaxValueValidator(LAST, _A_DAY)]

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 (of Field)
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **more)


class PercentField(HundredthsField):
    """Basis points of a percentage."""

    most = int(WHOLE_BP)
    default_error_messages = {"invalid": _("Un pourcentage, comme 10 ou 2,5.")}

    def prepare_value(self, value: object) -> object:
        """Show 10 rather than 10,00."""
        if isinstance(value, int) and value % 100 == 0:
            return str(value // 100)
        return super().prepare_value(value)


class VatField(PercentField):
    """A rate of VAT, 0 too: who is not subject to it sells at that."""

    least = 0


def _shown(hundredths: int) -> str:
    return number_format(Decimal(hundredths) / 100, decimal_pos=2, force_grouping=False)
