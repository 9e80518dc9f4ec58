# SPDX-License-Identifier: Apache-2.0
"""Name the days of the week as short as a chart needs them."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language

_MONDAY: Final = date(2024, 1, 1)
MONDAY_TO_SUNDAY: Final = range(7)


def names_of_days(busy: Collection[int]) -> list[tuple[int, str]]:
    """Name those days, from Monday 0; a day that is always closed takes no row."""
    short = "D" if get_language() == "en" else "D."
    return [
        (day, date_format(_MONDAY + timedelta(days=day), short))
        for day in MONDAY_TO_SUNDAY
        if day in busy
    ]
