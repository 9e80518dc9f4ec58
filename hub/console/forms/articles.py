# SPDX-License-Identifier: Apache-2.0
"""Choose an article among tens of thousands: one searches, and takes one of the first found."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.merchants.models import Merchant
from hub.merchants.words import plain
from hub.programmes.models import Category, Product
from hub.programmes.names import searched

MOST: Final = 6
"""Articles that are offered at once."""
MOST_SENT: Final = 1000
"""Articles of one field."""
LONGEST_SEARCH: Final = 100

Choice = tuple[str, str]


class Articles:
    """What a merchant's catalogue has for a field to choose from."""

    def __init__(self, merchant: Merchant, *, shelves: bool = False, gone: bool = False) -> None:
        """Say what may be chosen beside what is sold.

        Args:
            merchant: whose catalogue.
            shelves: a whole category, too.
            gone: what is sold no more, too.
        """
        sold = {} if gone else {"gone": False}
        self.products = Product.objects.filter(merchant=merchant, **sold)
        self.shelves = Category.objects.filter(merchant=merchant, gone=False)
        if not shelves:
            self.shelves = self.shelves.none()

    def named(self, keys: Sequence[str]) -> list[Choice]:
        """Those of these ids that may be chosen."""
        shelves = map(_shelf, self.shelves.filter(pk__in=keys))
        return [*shelves, *map(_article, self._told(Q(pk__in=keys)))]

    def found(self, q: str) -> list[Choice]:
        """What has every word of a search in its name or barcode; one more than is offered."""
        words = plain(q).split()
        shelves = (one for one in self.shelves if all(word in plain(one.name) for word in words))
        articles = self._told(searched(q))[: MOST + 1]
        return [*map(_shelf, shelves), *map(_article, articles)][: MOST + 1]

    def _told(self, asked: Q) -> QuerySet[Product]:
        found = self.products.filter(asked).select_related("category")
        return found.order_by("gone", "search", "pk")


class ArticleField(forms.ChoiceField):
    """One article, with what was searched for beside it; the page draws both (article.html)."""

    widget = forms.RadioSelect
    role = "radiogroup"
    shelves = gone = False
    """Whether whole categories may be chosen, and what is sold no more."""
    of = ""
    """Under which word the page searches for more."""
    any: str | Promise = ""
    """How not to choose is called; empty: one has to, or ticks none."""
    q = ""
    found: Sequence[Choice] = ()
    more = False
    """There are others: the search is too wide."""

    def offer(
        self, merchant: Merchant, name: str, data: QueryDict | None, *, kept: Sequence[str] = ()
    ) -> None:
        """Offer what is chosen, and what is found.

        Args:
            merchant: whose catalogue.
            name: the field's, in the form's data; its search has `-q` after it.
            data: what was sent, if something was.
            kept: what is chosen, if nothing was sent.
        """
        articles = Articles(merchant, shelves=self.shelves, gone=self.gone)
        sent = [] if data is None else data.getlist(name)[:MOST_SENT]
        chosen = [key for key in (kept if data is None else sent) if key]
        self.q = "" if data is None else " ".join(data.get(f"{name}-q", "").split())
        if self.q or not (chosen or self.any):
            self.found = articles.found(self.q[:LONGEST_SEARCH])
        self.more = len(self.found) > MOST
        known = articles.named(chosen) if chosen else []
        none: list[tuple[str, Any]] = [("", self.any)] if self.any else []
        self.choices = [*none, *known, *(one for one in self.found[:MOST] if one not in known)]

    def validate(self, value: Any) -> None:  # noqa: ANN401 (an id, or several)
        """A search that led to no choice is not passed over."""
        super().validate(value)
        chosen = {value} if isinstance(value, str) else set(value)
        if self.q and not chosen & dict(self.found).keys():
            raise forms.ValidationError(_("Choisissez dans la liste, ou effacez la recherche."))


class BoughtField(ArticleField):
    """What somebody bought: an article, also one that is sold no more."""

    of, gone = "bought", True


class CountedField(ArticleField):
    """What counts for a reward: an article, a whole category, or whatever is sold."""

    of, shelves = "counted", True
    any = _("Tout article")


class LeftOutField(ArticleField, forms.MultipleChoiceField):
    """What earns nothing: any number of articles."""

    of, role = "left-out", "group"
    widget = forms.CheckboxSelectMultiple


FIELDS: Final = {field.of: field for field in (BoughtField, CountedField, LeftOutField)}


def _article(one: Product) -> Choice:
    words = {"name": one.name}
    name = _now("%(name)s (retiré)") % words if one.gone else one.name
    return one.pk, f"{name} · {one.category.name}"


def _shelf(one: Category) -> Choice:
    return one.pk, _now("Tout le rayon %(name)s") % {"name": one.name}
