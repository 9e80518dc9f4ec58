# SPDX-License-Identifier: Apache-2.0
"""Lines of a catalogue: a product is known by its barcode, or by its name in its category (D5)."""

from collections.abc import Sequence

from django.db.models import Q

from hub.ledger.imports.verdict import Facts, Verdict
from hub.ledger.staging import Act, Import
from hub.merchants import feed
from hub.merchants.words import plain
from hub.programmes.models import Category, Product, ProductKind
from hub.programmes.publish import rules_of, write_category, write_product

_COMPARED = ("name", "cents", "vat_bp", "ean")


class Products:
    """The merchant's catalogue, as far as some lines of a file are about it."""

    def __init__(self, wanted: Import) -> None:
        self._merchant_id, self._updates = wanted.merchant_id, wanted.updates
        self._categories: dict[str, Category] = {}
        self._found: dict[str, Product] = {}

    def judge(self, every: Sequence[Facts]) -> list[Verdict]:
        """Judge lines by the products that have their barcode or name."""
        shelves = Category.objects.filter(merchant_id=self._merchant_id, gone=False)
        self._categories = {plain(one.name): one for one in shelves}
        eans = [facts["ean"] for facts in every if facts.get("ean")]
        rows = Product.objects.filter(
            Q(ean__in=eans) | Q(name__in=[facts["name"] for facts in every]),
            merchant_id=self._merchant_id,
            gone=False,
        ).select_related("category")
        self._found = {row.pk: row for row in rows}
        by_ean = {row.ean: row for row in rows if row.ean}
        by_name = {
            (plain(row.category.name), row.name): row
            for row in rows
            if row.kind == ProductKind.ARTICLE
        }
        earning = set(rules_of(self._merchant_id).not_earning)
        return [self._verdict(facts, by_ean, by_name, earning) for facts in every]

    def write(self, out: feed.Writing, every: Sequence[tuple[Facts, Verdict]]) -> None:
        """Write products and the categories that they need, and which of them earn nothing."""
        rules = rules_of(self._merchant_id)
        silent = list(rules.not_earning)
        for facts, verdict in every:
            fields = {name: facts[name] for name in _COMPARED if name in facts}
            fields["category"] = self._category(out, facts["category"])
            if verdict.target:
                fields["id"] = verdict.target
            product = write_product(out, **fields)
            earns = facts.get("earns")
            if earns is not None and earns == (product.pk in silent):
                silent = [one for one in silent if one != product.pk]
                silent += [] if earns else [product.pk]
        if silent != rules.not_earning:
            rules.not_earning = silent
            rules.save(update_fields=["not_earning"])

    def _verdict(
        self,
        facts: Facts,
        by_ean: dict[str, Product],
        by_name: dict[tuple[str, str], Product],
        silent: set[str],
    ) -> Verdict:
        known = by_ean.get(facts.get("ean", ""))
        if known and known.kind != ProductKind.ARTICLE:
            return Verdict(act=Act.WRONG, clash=("ean", known.name))
        known = known or by_name.get((plain(facts["category"]), facts["name"]))
        if known is None:
            return Verdict(act=Act.ADD)
        if not self._updates:
            return Verdict(act=Act.KEEP, target=known.pk)
        changes = [
            name for name in _COMPARED if name in facts and facts[name] != getattr(known, name)
        ]
        if plain(facts["category"]) != plain(known.category.name):
            changes.append("category")
        if "earns" in facts and facts["earns"] == (known.pk in silent):
            changes.append("earns")
        act = Act.CHANGE if changes else Act.SAME
        return Verdict(act=act, target=known.pk, changes=tuple(changes))

    def _category(self, out: feed.Writing, name: str) -> Category:
        if (found := self._categories.get(plain(name))) is None:
            last = Category.objects.filter(merchant_id=self._merchant_id).count()
            found = write_category(out, name=name, rank=last)
            self._categories[plain(name)] = found
        return found
