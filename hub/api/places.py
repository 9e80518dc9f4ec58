# SPDX-License-Identifier: Apache-2.0
"""What a program has to know before it begins: the shops, and the programme in force."""

from django.http import HttpRequest
from ninja import Router, Schema

from hub.api.access import Bearer, merchant_of
from hub.api.problems import ProblemOut, refused
from hub.programmes.publish import published
from loyalty.refusal import Reason, Refusal

router = Router(tags=["merchant"])


class ShopOut(Schema):
    """A place where the merchant sells."""

    id: str
    name: str
    zone: str
    """IANA time zone."""


class RewardOut(Schema):
    """What a customer may choose."""

    id: str
    kind: str
    title: str
    cost: int
    """Points at each use."""
    not_in_shops: list[str]


class ProgrammeOut(Schema):
    """The rules that sales are decided by now."""

    version: int
    earn_points: int
    earn_per_cents: int
    """So many points for each whole step of so many cents."""
    point_value_cents: int
    rewards: list[RewardOut]


@router.get("/shops", auth=Bearer(), response={200: list[ShopOut]}, summary="List the shops")
def shops(request: HttpRequest) -> list[ShopOut]:
    """Every request that changes something names one of them."""
    rows = merchant_of(request).open_shops
    return [ShopOut(id=row.pk, name=row.name, zone=row.zone) for row in rows]


@router.get(
    "/programme",
    auth=Bearer(),
    response={200: ProgrammeOut, 409: ProblemOut},
    summary="Read the programme",
)
def programme(request: HttpRequest) -> ProgrammeOut:
    """Its newest published version."""
    found = published(merchant_of(request).pk)
    if found is None:
        raise refused(Refusal(Reason.NO_PROGRAMME))
    return ProgrammeOut(
        version=found.version,
        earn_points=found.earn.points,
        earn_per_cents=found.earn.per_cents,
        point_value_cents=found.point_value_cents,
        rewards=[
            RewardOut(
                id=one.id,
                kind=one.kind,
                title=one.title,
                cost=one.cost,
                not_in_shops=list(one.not_in_shops),
            )
            for one in found.rewards
        ],
    )
