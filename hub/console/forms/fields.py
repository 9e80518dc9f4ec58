# SPDX-License-Identifier: Apache-2.0
"""Read money and percentages as people type them: « 12,50 » is 1250 cents."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from loyalty.money import LARGEST_CENTS, WHOLE_BP


class HundredthsField(forms.DecimalField):
    """An amount with two decimals, worked with as a whole number of hundredths."""

    widget = forms.TextInput

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        self.least, self.most = least, most
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_digits=12, **options)

    def to_python(self, value: object) -> Any:
        """Turn what was typed into hundredths; spaces and either mark of decimals will do."""
        typed = str(value or "").replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        number: Decimal | None = super().to_python(typed.replace(",", ".") if typed else None)
        if number is None:
            return None
        hundredths = number * 100
        if hundredths != int(hundredths):
            raise forms.ValidationError(_("Deux chiffres après la virgule au plus."))
        return int(hundredths)

    def validate(self, value: Any) -> None:
        """Refuse what is empty or absurd, saying between what it must be."""
        super().validate(value)
        if value is not None and not self.least <= value <= self.most:
            limits = {"least": _shown(self.least), "most": _shown(self.most)}
            raise forms.ValidationError(_("Entre %(least)s et %(most)s.") % limits)

    def run_validators(self, value: Any) -> None:
        """Skip the digits of a decimal: it is a whole number by now."""

    def prepare_value(self, value: Any) -> Any:
        """Show hundredths as they are typed; leave what was typed as it was."""
        return _shown(value) if isinstance(value, int) else value


class EurosField(HundredthsField):
    """Cents of euro."""

    def __init__(self, *, least: int = 1, most: int = LARGEST_CENTS, **options: Any) -> None:
        options.setdefault("error_messages", {"invalid": _("Un montant en euros, comme 12,50.")})
        super().__init__(least=least, most=most, **options)


class PercentField(HundredthsField):
    """Basis points of a percentage."""

    def __init__(self, *, least: int = 1, most: int = WHOLE_BP, **options: Any) -> None:
        options.setdefault("error_messages", {"invalid": _("Un pourcentage, comme 10 ou 2,5.")})
        super().__init__(least=least, most=most, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show 10 rather than 10,00."""
        if isinstance(value, int) and value % 100 == 0:
            return str(value // 100)
        return super().prepare_value(value)


def _shown(hundredths: int) -> str:
    return number_format(Decimal(hundredths) / 100, decimal_pos=2, force_grouping=False)
