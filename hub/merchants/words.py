# SPDX-License-Identifier: Apache-2.0
"""How names are compared: people type neither accents nor capitals when they search."""

import unicodedata


def plain(text: str) -> str:
    """Without accents or capitals."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
