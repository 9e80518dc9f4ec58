# SPDX-License-Identifier: Apache-2.0
"""Let SQLite look how full its tables are: else it takes any index for as good as another.

PostgreSQL looks by itself.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.utils import timezone

from hub.ledger.jobs import JobRun

JOB: Final = "tables"
EVERY: Final = timedelta(hours=1)
MOST: Final = 20_000
"""Rows that are looked at in each index: tills wait a tenth of a second, however many there are.

Of fewer it would take a merchant's customers for few, and begin with them where it should not.
"""
STARTED: Final = timezone.now()
"""A new release may have brought new indexes, of which nothing is known yet."""


def look_due(*, now: datetime | None = None) -> int:
    """Look, where that was long ago, before this program began, or is asked for anew.

    Returns:
        at how many indexes.
    """
    if connection.vendor != "sqlite":
        return 0
    since = max((now or timezone.now()) - EVERY, STARTED)
    if JobRun.objects.filter(job=JOB, done_at__gte=since, wanted_at=None).exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {MOST}")
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM sqlite_stat1")
        return int(cursor.fetchone()[0])
