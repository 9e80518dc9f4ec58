# SPDX-License-Identifier: Apache-2.0
"""How far the evaluation of a merchant's tiers has come: each customer once a day (SPEC J11)."""

from django.db import models

from hub.merchants.models import Merchant


class Evaluation(models.Model):
    """The newest one of a merchant; what a crash cut goes on from where it was."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, primary_key=True)
    day = models.DateField()
    version = models.PositiveIntegerField()
    """Of the rules by which it was made."""
    upto = models.BigIntegerField(default=0)
    """Key of the last customer who was looked at."""
    again = models.BooleanField(default=False)
    """Rules were published after that day's: nobody loses anything by the second one."""
    done = models.BooleanField(default=False)
