# SPDX-License-Identifier: Apache-2.0
"""Rules of a version, said in a line and published as the console would."""

from datetime import datetime

from django.utils import timezone

from hub.merchants import feed
from hub.programmes.models import LoyaltyProgramme as Version
from hub.programmes.publish import published
from loyalty.feed import ProgrammeIs
from loyalty.programme import EarnRule, LoyaltyProgramme


def rules(merchant_id: str, *, at: datetime | None = None, **said) -> LoyaltyProgramme:
    """Publish these rules as the next version: 1 point per euro unless said."""
    newest = published(merchant_id)
    version = newest.version + 1 if newest else 1
    programme = LoyaltyProgramme(version=version, **{"earn": EarnRule(), **said})
    with feed.writing(merchant_id) as out:
        body = out.say(ProgrammeIs(programme))
        Version.objects.create(
            merchant_id=merchant_id,
            version=version,
            published_at=at or timezone.now(),
            body=body,
        )
    return programme
