# SPDX-License-Identifier: Apache-2.0
"""The book of credits: what a merchant was given and what its messages used, line by line."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.merchants.models import Merchant, Person


class Kind(models.TextChoices):
    """What a credit sends one of."""

    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mails")


class Cause(models.TextChoices):
    """Why credits came or went."""

    GIVEN = "given", _("donnés par l’exploitant")


class CreditLine(models.Model):
    """One line of the book; a line once written stays, and the balance is the sum of all."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="credit_lines")
    kind = models.CharField(max_length=5, choices=Kind)
    amount = models.IntegerField()
    """Credits that came; those that went are negative."""
    cause = models.CharField(max_length=10, choices=Cause)
    reason = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_credit_line_moves_something", condition=~models.Q(amount=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.kind} {self.amount:+}"

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as Django's)
        """Write a new line.

        Raises:
            TypeError: it is written already.
        """
        if self.pk:
            raise TypeError("a line of the book of credits is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ANN401
        """Refuse.

        Raises:
            TypeError: always.
        """
        raise TypeError("a line of the book of credits is never removed")
