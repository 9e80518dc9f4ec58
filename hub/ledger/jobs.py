# SPDX-License-Identifier: Apache-2.0
"""What the jobs did last, and at which merchant one broke: rows, written by `running` alone."""

from typing import ClassVar

from django.db import models

from hub.merchants.models import Merchant

LONGEST_NAME = 20
LONGEST_MESSAGE = 200


class JobRun(models.Model):
    """The last time that a job came to its end."""

    job = models.CharField(primary_key=True, max_length=LONGEST_NAME)
    ended_at = models.DateTimeField(null=True)
    lasted_ms = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    """How much it did, the last time that it did anything."""
    done_at = models.DateTimeField(null=True)
    """When that was."""
    wanted_at = models.DateTimeField(null=True)
    """Set: somebody waits for it to run now."""


class JobFailure(models.Model):
    """A job broke at a merchant, and has not gone through there since."""

    job = models.CharField(max_length=LONGEST_NAME)
    merchant = models.ForeignKey(Merchant, models.PROTECT, null=True, related_name="+")
    """None: it broke before it came to any."""
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    error = models.CharField(max_length=60)
    """What broke, by the name of its kind."""
    place = models.CharField(max_length=80)
    """`hub/ledger/expiring.py:93`: the last line of ours that it went through."""
    message = models.CharField(max_length=LONGEST_MESSAGE, blank=True)
    """Its first line, without what may be somebody's."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "merchant"], name="job_fails_once_at_each"),
            models.UniqueConstraint(
                fields=["job"], name="job_fails_once_whole", condition=models.Q(merchant=None)
            ),
        ]
