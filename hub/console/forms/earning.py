# SPDX-License-Identifier: Apache-2.0
"""How points are earned, wait and expire: one rule for the whole programme (SPEC C9, C18–C22)."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from hub.console.forms.articles import LeftOutField
from hub.console.forms.fields import DayField, EurosField, FactorField, WholeField
from hub.merchants.models import Merchant
from hub.programmes.models import Category, Rules
from loyalty.calendar import LONGEST_WAIT, ExpiryKind

MOST_POINTS: Final = 1_000_000
MOST_WINDOWS: Final = 8
MOST_SHOWN: Final = 100
"""Articles that do not earn, of those that the page has room for."""
DAY_MIN: Final = 24 * 60


class PointValueField(EurosField):
    """What one point is worth; the price of a small thing at most."""

    most = 10_000


class EarnForm(forms.Form):
    """The step, and an order to try it on."""

    earn_points = WholeField(label=_("Points"), least=1, most=MOST_POINTS)
    earn_per = EurosField(label=_("Montant payé"))
    point_value = PointValueField(label=_("Valeur d’un point"))
    order = EurosField(label=_("Commande"), required=False)

    def fill_earning(self, rules: Rules) -> None:
        """Write what was understood into the draft; what was not stays as it was."""
        given = self.cleaned_data
        rules.earn_points = given.get("earn_points") or rules.earn_points
        rules.earn_per_cents = given.get("earn_per") or rules.earn_per_cents
        rules.point_value_cents = given.get("point_value") or rules.point_value_cents


def earn_initial(rules: Rules) -> dict[str, object]:
    """What an `EarnForm` begins with."""
    return {
        "earn_points": rules.earn_points,
        "earn_per": rules.earn_per_cents,
        "point_value": rules.point_value_cents,
        "order": 5000,
    }


class RulesForm(EarnForm):
    """All that is said once for every reward."""

    not_earning = forms.MultipleChoiceField(
        label=_("Rayons qui ne donnent pas de points"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Ce rayon n’est plus au catalogue.")},
    )
    left_out = LeftOutField(
        label=_("Articles qui n’en donnent pas non plus"),
        required=False,
        error_messages={"invalid_choice": _("Cet article n’est plus au catalogue.")},
    )
    pending_days = WholeField(label=_("Utilisables après"), least=0, most=LONGEST_WAIT.days)
    expiry = forms.ChoiceField(
        label=_("Expiration"),
        choices=[
            (ExpiryKind.NEVER.value, _("Jamais")),
            (ExpiryKind.AWARD.value, _("Après le gain")),
            (ExpiryKind.PURCHASE.value, _("Sans achat")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites quand les points expirent, ou « jamais ».")},
    )
    expiry_months = WholeField(label=_("Au bout de"), least=1, most=120, required=False)
    birthday_days = WholeField(label=_("Récompense d’anniversaire pendant"), least=0, most=60)

    def __init__(self, data: QueryDict | None = None, *, merchant: Merchant, rules: Rules) -> None:
        initial = {
            **earn_initial(rules),
            "not_earning": rules.not_earning,
            "pending_days": rules.pending_days,
            "expiry": rules.expiry,
            "expiry_months": rules.expiry_months or 12,
            "birthday_days": rules.birthday_days,
        }
        super().__init__(data, initial=initial)
        shelves = list(Category.objects.filter(merchant=merchant))
        self._shelves = {one.pk for one in shelves}
        living = [(one.pk, one.name) for one in shelves if not one.gone]
        self.fields["not_earning"].choices = living  # type: ignore[attr-defined]
        self._beyond = self._articles(rules)[MOST_SHOWN:]
        """Articles that the page has no room for: left out they stay."""
        field: LeftOutField = self.fields["left_out"]  # type: ignore[assignment]
        kept = self._articles(rules)[:MOST_SHOWN]
        field.offer(merchant, "left_out", data, kept=kept)
        self.initial["left_out"] = kept
        self.windows = [
            WindowForm(data, prefix=f"w{n}", initial=window_initial(said))
            for n, said in enumerate([*rules.windows, {}][:MOST_WINDOWS])
        ]

    def is_valid(self) -> bool:
        """Whether the windows are, too."""
        windows = [window.is_valid() for window in self.windows]
        return super().is_valid() and all(windows)

    @property
    def wrong_windows(self) -> bool:
        """Whether one of them has to be mended."""
        return any(window.errors for window in self.windows)

    def clean(self) -> dict[str, Any]:
        """Months are asked only of what expires."""
        given = super().clean() or {}
        if given.get("expiry") == ExpiryKind.NEVER:
            given["expiry_months"] = 0
            self.errors.pop("expiry_months", None)
        elif not given.get("expiry_months") and "expiry_months" not in self.errors:
            self.add_error("expiry_months", _("Au bout de combien de mois ?"))
        return given

    def fill(self, rules: Rules) -> None:
        """Write what was understood into the draft; what was not stays as it was."""
        given = self.cleaned_data
        self.fill_earning(rules)
        if "not_earning" in given and "left_out" in given:
            rules.not_earning = [*given["not_earning"], *given["left_out"], *self._beyond]
        rules.pending_days = _or(given.get("pending_days"), rules.pending_days)
        rules.birthday_days = _or(given.get("birthday_days"), rules.birthday_days)
        if "expiry" in given and "expiry_months" in given:
            rules.expiry, rules.expiry_months = given["expiry"], given["expiry_months"] or 0
        rules.windows = [
            said for window in self.windows if window.is_valid() and (said := window.said())
        ]

    @property
    def beyond(self) -> int:
        """How many more articles do not earn than the page has room for."""
        return len(self._beyond)

    def _articles(self, rules: Rules) -> list[str]:
        return [one for one in rules.not_earning if one not in self._shelves]


class WindowForm(forms.Form):
    """When points are multiplied; without a factor there is no window."""

    factor = FactorField(label=_("Points multipliés par"), required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Jours"),
        required=False,
        choices=[(str(n), WEEKDAYS_ABBR[n]) for n in range(7)],
        widget=forms.CheckboxSelectMultiple,
    )
    opens = forms.TimeField(
        label=_("De"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Une heure, comme 14:00.")},
    )
    closes = forms.TimeField(
        label=_("À"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Une heure, comme 18:00.")},
    )
    from_day = DayField(label=_("À partir du"), required=False)
    until_day = DayField(label=_("Jusqu’au"), required=False)

    def clean(self) -> dict[str, Any]:
        """Begins before it ends, both of day and of dates."""
        given = super().clean() or {}
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("Plus tard que le début ; minuit : laissez vide."))
        if wrong := ends_before(given):
            self.add_error("until_day", wrong)
        told = any(given.get(name) for name in self.fields if name != "factor")
        if told and not given.get("factor") and "factor" not in self.errors:
            self.add_error("factor", _("Par combien ? 2 double les points."))
        return given

    def said(self) -> dict[str, Any] | None:
        """The window, as the draft keeps it; None: there is none."""
        given = self.cleaned_data
        if not given.get("factor"):
            return None
        opens: time = given["opens"] or time()
        closes: time | None = given["closes"]
        return {
            "factor_bp": given["factor"] * 100,
            "weekdays": sorted(int(day) for day in given["weekdays"]),
            "from_minute": opens.hour * 60 + opens.minute,
            "until_minute": closes.hour * 60 + closes.minute if closes else DAY_MIN,
            "from_day": iso(given["from_day"]),
            "until_day": iso(given["until_day"]),
        }


def window_initial(said: Mapping[str, Any]) -> dict[str, object]:
    """What a window that is kept looks like in its form."""
    if not said:
        return {}
    return {
        "factor": said["factor_bp"] // 100,
        "weekdays": [str(day) for day in said["weekdays"]],
        "opens": _clock(said["from_minute"]) if said["from_minute"] else None,
        "closes": _clock(said["until_minute"]) if said["until_minute"] < DAY_MIN else None,
        "from_day": said["from_day"],
        "until_day": said["until_day"],
    }


def ends_before(given: Mapping[str, Any]) -> Any:  # noqa: ANN401 (a sentence, translated late)
    """What is wrong with a first and a last day; None: nothing."""
    first, last = given.get("from_day"), given.get("until_day")
    return _("Le dernier jour est avant le premier.") if first and last and last < first else None


def iso(day: date | None) -> str:
    """A day as rules keep it; empty: no limit."""
    return day.isoformat() if day else ""


def _clock(minute: int) -> time:
    return time(*divmod(minute, 60))


def _or(given: int | None, before: int) -> int:
    return before if given is None else given
