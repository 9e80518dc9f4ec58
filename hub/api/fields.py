# SPDX-License-Identifier: Apache-2.0
"""The shapes of what other programs send: strict, bounded, and printable."""

import re
from datetime import datetime
from typing import Annotated, Final

from ninja import Header, Query, Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from loyalty.card import LONGEST_CODE
from loyalty.money import LARGEST_CENTS

MOST_ON_A_PAGE: Final = 200
PLAIN: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
"""Without control characters: what is stored is printed on receipts and lists."""
_MOMENT: Final = re.compile(
    r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)


class Body(Schema):
    """What is sent: a field that nobody knows is a mistake, not to be passed over."""

    model_config = ConfigDict(extra="forbid")


def _whole(value: object) -> object:
    """JSON has one kind of number: 12.0 is whole; « 12 » and true are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("int_type", "not a number")
    return value


def _written(value: object) -> object:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise PydanticCustomError("datetime", "not an RFC 3339 moment of this century")
    return value


Moment = Annotated[
    datetime,
    BeforeValidator(_written),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": "With its offset from UTC; of this century.",
            "examples": ["2026-12-01T14:30:00+01:00"],
        }
    ),
]
"""RFC 3339, with its offset, in this century."""
WHOLE: Final = BeforeValidator(_whole)
Cents = Annotated[int, Field(ge=1, le=int(LARGEST_CENTS)), WHOLE]
Minutes = Annotated[int, Field(ge=1, le=24 * 60), WHOLE]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
Receipt = Annotated[str, Field(min_length=1, max_length=40, pattern=PLAIN)]
Code = Annotated[str, Field(min_length=1, max_length=LONGEST_CODE, pattern=PLAIN)]
Words = Annotated[str, Field(max_length=80, pattern=PLAIN)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=64,
        pattern=r"^[!-~]+$",
        description="Your name for this request, at best a random UUID: sent again, it is done once"
        " and answered the same.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE, description="How many at most.")]
After = Annotated[
    str,
    Query(max_length=64, pattern=PLAIN, description="`next` of the page before."),
]
