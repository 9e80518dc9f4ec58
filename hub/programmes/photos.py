# SPDX-License-Identifier: Apache-2.0
"""What tills show of a reward's photo: a small square picture, told once and the same everywhere.

It is no part of a version, for nothing is decided by it. The hub's only door to Pillow.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from hub.merchants import each, feed
from hub.merchants.models import Merchant
from hub.programmes.models import Reward
from loyalty.feed import MOST_PHOTO_BYTES, RewardPhotoIs

SIDE_PX: Final = 96
"""Of the square: a tile's photo on the denser of the two panels, and a little more."""
QUALITIES: Final = (85, 70, 50, 30)
"""The first whose file is small enough."""
MOST_PIXELS: Final = 40_000_000
"""A picture says its size before it is unpacked: a larger one is not."""


class Unreadable(ValueError):
    """No picture, a broken one, or one of too many pixels."""


def check(photo: bytes) -> None:
    """See whether tills could show a photo; raises Unreadable."""
    small(photo)


def small(photo: bytes) -> bytes:
    """The middle of a photo as a small JPEG, upright and on white; raises Unreadable."""
    # a part of every start of the hub, for what is asked for when a photo is kept
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        with Image.open(BytesIO(photo), formats=("PNG", "JPEG", "WEBP")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise Unreadable("pixels")
            found.draft("RGB", (2 * SIDE_PX, 2 * SIDE_PX))
            upright = ImageOps.exif_transpose(found).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable(str(error)) from error
    square = ImageOps.fit(upright, (SIDE_PX, SIDE_PX))
    flat = Image.new("RGB", square.size, "white")
    flat.paste(square, mask=square)
    for quality in QUALITIES:
        written = BytesIO()
        flat.save(written, "JPEG", quality=quality, optimize=True)
        if written.tell() <= MOST_PHOTO_BYTES:
            return written.getvalue()
    raise Unreadable("bytes")


def make(out: feed.Writing, row: Reward) -> None:
    """Make a reward's tile of the photo that it has now, and tell tills if it is another one."""
    before = bytes(row.tile)
    try:
        row.tile = small(bytes(row.photo)) if row.photo else b""
    except Unreadable:
        row.tile = b""  # one from before photos were looked into: tills draw the sign of its type
    row.tiled = True
    row.save(update_fields=["tile", "tiled"])
    if row.tile != before and not row.archived:
        out.say(item(row))


def item(row: Reward) -> RewardPhotoIs:
    """What tills know of it; of an archived reward nothing."""
    return RewardPhotoIs.of(row.pk, b"" if row.archived else bytes(row.tile))


def items(merchant: Merchant) -> Iterator[RewardPhotoIs]:
    """Of every reward that has one."""
    rows = Reward.objects.filter(merchant=merchant, archived=False).exclude(tile=b"")
    yield from map(item, rows.only("pk", "tile", "archived"))


def make_due() -> int:
    """Make those of photos that were there before tills showed any; gives how many."""
    left = Reward.objects.filter(tiled=False, merchant__closed_at=None).exclude(photo_type="")
    done = 0
    for merchant_id, pk in list(left.values_list("merchant_id", "pk")):
        with each.apart(merchant_id), feed.writing(merchant_id) as out:
            make(out, Reward.objects.get(pk=pk))
            done += 1
    return done
