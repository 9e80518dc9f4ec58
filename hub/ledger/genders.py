# SPDX-License-Identifier: Apache-2.0
"""What somebody said of themselves, where a merchant asks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.TextChoices):
    """What somebody said of themselves."""

    WOMAN = "f", _("Femme")
    MAN = "m", _("Homme")
    OTHER = "x", _("Autre")
