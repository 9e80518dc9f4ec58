# SPDX-License-Identifier: Apache-2.0
"""The rule for passwords of every kind of account; its answer names what is missing (SPEC A6)."""

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHORTEST: Final = 8
RULE: Final = gettext_lazy(
    "Au moins 8 caractères, dont une majuscule, une minuscule, un chiffre et un caractère spécial."
)


class Rule:
    """Django asks it wherever a password is chosen."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse a password that lacks something, saying all that it lacks."""
        lacks = missing(password)
        if lacks:
            raise ValidationError(_("Il manque : %(parts)s.") % {"parts": ", ".join(lacks)})

    def get_help_text(self) -> str:
        """Say the rule before anybody meets it."""
        return str(RULE)


def missing(password: str) -> list[str]:
    """What a password lacks, in words."""
    kinds = [
        (len(password) >= SHORTEST, _("8 caractères au moins")),
        (any(c.isupper() for c in password), _("une majuscule")),
        (any(c.islower() for c in password), _("une minuscule")),
        (any(c.isdigit() for c in password), _("un chiffre")),
        (any(not c.isalnum() and not c.isspace() for c in password), _("un caractère spécial")),
    ]
    return [words for there, words in kinds if not there]
