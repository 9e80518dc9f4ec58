# SPDX-License-Identifier: Apache-2.0
"""The table of personal data names every column there is, and none that is gone."""

import re
from pathlib import Path
from typing import Final

from django.apps import apps

PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "privacy.md"
TEXTS: Final = {
    *("CharField", "TextField", "EmailField", "JSONField", "BinaryField", "GenericIPAddressField"),
    "PositiveSmallIntegerField",
}
SAYS_SO: Final = re.compile(
    "name|initial|phone|email|buyer|recipient|message|birthday|hashes|search|raw|body|address"
    "|answer|note|reason|codes?$|text|facts|wanted|payload|postcode|agent|said|sentence|gender|birth_year"
)
"""Names of columns that may hold something about a person."""
OURS: Final = (
    *("api", "billing", "broker_bridge", "campaigns", "ledger", "merchants", "programmes"),
)
_NAMED: Final = re.compile(r"`(\w+\.\w+)?\.(\w+)`")


def columns() -> set[str]:
    """Every such column of the hub's own models."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("hub.")
        for field in model._meta.concrete_fields
        if field.get_internal_type() in TEXTS and SAYS_SO.search(field.name)
    }


def told() -> set[str]:
    """Every column that the page names; « .email » is of the model named before it."""
    found, model = set(), ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        for named, column in _NAMED.findall(line):
            model = named or model
            found.add(f"{model}.{column}")
    return {column for column in found if column.split(".")[0] in OURS}


def test_every_column_that_may_be_about_a_person_is_in_the_table() -> None:
    assert columns() - told() == set()


def test_the_table_names_no_column_that_is_gone() -> None:
    assert told() - columns() == set()
