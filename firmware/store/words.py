# SPDX-License-Identifier: Apache-2.0
"""Text as it is searched: without capitals, accents or double spaces."""

import unicodedata


def fold(text: str) -> str:
    """Make "elodie le goeuff" of "Élodie  Le Gœuff", which nobody types twice alike."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(bare.split())
