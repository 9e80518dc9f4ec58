# SPDX-License-Identifier: Apache-2.0
"""What the virtual terminal's page says of itself: French in the source, English beside it."""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("fr", "en")


class NotPossible(Exception):
    """Somebody asked for what can't be done; the text is a French sentence, facts in braces."""

    def __init__(self, text: str, **facts: object) -> None:
        super().__init__(text)
        self.text = text
        self.facts = facts

    def said(self, language: str) -> str:
        """The sentence in this language."""
        return (
            say(self.text, language).format_map(self.facts)
            if self.facts
            else say(self.text, language)
        )


def say(text: str, language: str) -> str:
    """A sentence of the page; in French where there is no such language."""
    return _catalogue(language if language in LANGUAGES else "fr").gettext(text)


@cache
def _catalogue(language: str) -> NullTranslations:
    folder = Path(__file__).parent / "locale"
    return translation("virtual", folder, languages=[language], fallback=True)
