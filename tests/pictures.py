# SPDX-License-Identifier: Apache-2.0
"""Photos as merchants take them, drawn: for the tests of what becomes of them."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw


def photo(
    kind: str = "PNG", *, size: tuple[int, int] = (320, 240), colour: str = "#C9812F", exif: int = 0
) -> bytes:
    """A plate on a table, its left half darker; `exif`: how a camera was held."""
    picture = Image.new("RGB", size, "#D9C7A8")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4), fill=colour)
    pen.rectangle((0, 0, size[0] // 2, size[1]), fill="#3E5B50")
    about, written = Image.Exif(), BytesIO()
    if exif:
        about[0x0112] = exif
    picture.save(written, kind, exif=about)
    return written.getvalue()


def noise() -> bytes:
    """A picture that nothing makes smaller."""
    written = BytesIO()
    drawn = Image.frombytes("RGB", (200, 200), Random(1).randbytes(200 * 200 * 3))
    drawn.save(written, "PNG")
    return written.getvalue()


def opened(picture: bytes) -> Image.Image:
    """To look at its pixels."""
    return Image.open(BytesIO(picture)).convert("RGB")
