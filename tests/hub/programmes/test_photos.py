# SPDX-License-Identifier: Apache-2.0
"""A reward's photo becomes a small picture that tills are told once, whatever was uploaded."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from firmware.store import photos as shelf
from firmware.store.clock import new_id
from firmware.store.database import Database, Role
from firmware.sync.downlink import Downlink
from hub.broker_bridge.answers import answer_to
from hub.ledger import gifting, snapshot
from hub.ledger.giftcards import GiftOffer
from hub.merchants import feed
from hub.merchants.models import FeedItem, Merchant, Terminal
from hub.programmes import photos
from hub.programmes.models import Reward
from loyalty.feed import MOST_PHOTO_BYTES, GiftOffersAre, RewardPhotoIs
from loyalty.feed import GiftOffer as Offered
from loyalty.wire import Page, Part, decode_down, decode_item, decode_up
from tests.pictures import noise, opened, photo


@pytest.fixture
def tart(merchant: Merchant) -> Reward:
    """A gift without a photo."""
    return Reward.objects.create(merchant=merchant, kind="gift", title="Tarte citron", cost=80)


def keep(row: Reward, content: bytes) -> None:
    """Its photo is this one now, as when the form is saved."""
    with feed.writing(row.merchant_id) as out:
        row.photo, row.photo_type = content, "image/png" if content else ""
        row.save()
        photos.make(out, row)


def said(kind: type) -> list:
    """What tills were told of that kind, in its order."""
    bodies = FeedItem.objects.order_by("position").values_list("body", flat=True)
    return [item for item in map(decode_item, map(bytes, bodies)) if isinstance(item, kind)]


# ── what becomes of it ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_tile_is_the_middle_of_the_photo_and_small(kind: str) -> None:
    tile = opened(made := photos.small(photo(kind)))
    assert tile.size == (photos.SIDE_PX, photos.SIDE_PX)
    assert len(made) <= MOST_PHOTO_BYTES
    left, right = tile.getpixel((20, 48)), tile.getpixel((60, 48))
    assert left[2] > left[0], "nothing was turned or squeezed"
    assert right[0] > right[2]


def test_a_photo_taken_with_the_camera_on_its_side_stands_upright() -> None:
    tile = opened(photos.small(photo("JPEG", exif=6)))
    above, below = tile.getpixel((48, 10)), tile.getpixel((48, 86))
    assert above[2] > above[0], "the dark half was left, and is above"
    assert below[0] > below[2]


def test_noise_is_kept_small_too() -> None:
    assert len(photos.small(noise())) <= MOST_PHOTO_BYTES


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg/>",
        b"\x89PNG\r\n\x1a\n" + bytes(20),
        photo("JPEG")[:200],
        photo("PNG")[:-400],
        photo("PNG", size=(8000, 6000)),
    ],
    ids=["nothing", "svg", "magic", "cut", "torn", "pixels"],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(content: bytes) -> None:
    with pytest.raises(photos.Unreadable):
        photos.check(content)


# ── what tills are told ─────────────────────────────────────────────────────────────────────────


def test_tills_are_told_once_of_a_photo_and_of_the_next_and_of_none(tart: Reward) -> None:
    keep(tart, photo())
    keep(tart, photo())
    keep(tart, photo(colour="#F6D44A"))
    keep(tart, b"")
    told = said(RewardPhotoIs)
    assert [bool(item.digest) for item in told] == [True, True, False]
    assert all(item.sound for item in told)
    assert len({item.digest for item in told}) == 3
    keep(tart, b"")
    assert said(RewardPhotoIs) == told


def test_photos_from_before_tills_showed_any_are_told_once(tart: Reward) -> None:
    Reward.objects.update(photo=photo(), photo_type="image/png")
    broken = Reward.objects.create(
        merchant=tart.merchant, kind="gift", title="Rien", photo=b"magic", photo_type="image/png"
    )
    assert photos.make_due() == 2
    (told,) = said(RewardPhotoIs)
    assert (told.reward, told.sound) == (tart.pk, True)
    assert photos.make_due() == 0
    assert not Reward.objects.get(pk=broken.pk).tile


def test_offers_of_gift_cards_from_before_tills_heard_of_any_are_told_once(
    merchant: Merchant,
) -> None:
    GiftOffer.objects.create(merchant=merchant, cents=20_00, points=450)
    GiftOffer.objects.create(merchant=merchant, cents=10_00, points=240)
    assert gifting.tell_offers_due() == 1
    assert said(GiftOffersAre) == [GiftOffersAre((Offered(10_00, 240), Offered(20_00, 450)))]
    assert gifting.tell_offers_due() == 0
    gifting.offer(merchant.pk, cents=5_00, points=120)
    assert gifting.tell_offers_due() == 0, "whoever makes one tells it at once"
    assert len(said(GiftOffersAre)) == 2


# ── through the wire ────────────────────────────────────────────────────────────────────────────


class Line:
    """A real store and its questions, answered by the real hub, frame by frame."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self.terminal = terminal
        self.db = Database(folder / "store", role=Role.SYNC, runtime=folder / "ram")
        self.now_s = 0.0
        self.down = Downlink(
            self.db, terminal=terminal.pk, gen=terminal.gen, rng=Random(1), new_id=new_id
        )

    def listen(self) -> None:
        """Poll until there is no more."""
        self.now_s += 3600
        for _ in range(20):
            for frame in self.down.due(self.now_s):
                message, lines = decode_up(frame)
                answer, items = decode_down(answer_to(self.terminal, message, lines) or b"")
                if isinstance(answer, Page):
                    self.down.on_page(answer, items, self.now_s)
                elif isinstance(answer, Part):
                    self.down.on_part(answer, items, self.now_s)

    @property
    def photos(self) -> dict[str, bytes]:
        return shelf.of_rewards(self.db)


@pytest.fixture
def line(terminal: Terminal, tmp_path: Path) -> Iterator[Line]:
    opened_line = Line(terminal, tmp_path)
    yield opened_line
    opened_line.db.close()


@pytest.mark.row("C21")
def test_a_till_has_what_the_hub_made_until_it_is_removed(tart: Reward, line: Line) -> None:
    keep(tart, photo())
    line.listen()
    assert line.photos == {tart.pk: photos.small(photo())}
    keep(tart, photo(colour="#F6D44A"))
    line.listen()
    assert line.photos == {tart.pk: photos.small(photo(colour="#F6D44A"))}
    keep(tart, b"")
    line.listen()
    assert line.photos == {}


def test_a_snapshot_holds_every_photo_in_frames_that_fit(
    tart: Reward, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [
        tart,
        *(
            Reward.objects.create(merchant=tart.merchant, kind="gift", title=f"Tarte {n}")
            for n in range(30)
        ),
    ]
    for n, row in enumerate(many):
        keep(row, photo(colour=f"#{n:02x}4020"))
    monkeypatch.setattr("hub.broker_bridge.answers.SMALL_FEED", 1)
    line.listen()
    assert snapshot.fresh(line.terminal)
    assert line.photos.keys() == {row.pk for row in many}
    row = Reward.objects.get(pk=tart.pk)
    assert line.photos[tart.pk] == bytes(row.tile)
