# SPDX-License-Identifier: Apache-2.0
"""The two themes, where Python writes a style sheet: a browser takes the one of its page."""

from loyalty.colour import Rgb, hexed


def either(day: Rgb, night: Rgb) -> str:
    """A colour for the day and one for the night, as CSS."""
    return f"light-dark({hexed(day)},{hexed(night)})"
