"""A photo is kept as pixels alone: whatever else the file held is gone, and what is no photo is refused."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from api.records.photos import LONGEST, NO_PHOTO, SMALL, TOO_MANY_PIXELS, TOO_SMALL, developed
from domain.errors import Refused
from tests.api.pictures import CAMERA, photo, transparent


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_the_place_or_the_camera_is_left(kind: str) -> None:
    sent = photo(kind)
    assert Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    kept = developed(sent)
    for body in (kept.body, kept.small):
        opened = Image.open(BytesIO(body))
        assert opened.format == "JPEG"
        assert len(opened.getexif()) == 0
        assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert CAMERA.encode() not in body
        assert b"Exif" not in body


def test_a_photo_is_made_smaller_and_has_a_thumbnail() -> None:
    kept = developed(photo())
    assert (kept.width, kept.height) == (LONGEST, 1200)
    assert max(Image.open(BytesIO(kept.small)).size) == SMALL
    assert len(kept.body) < len(photo()) or len(kept.body) < 100_000


def test_a_turned_photo_stands_upright_without_its_mark() -> None:
    kept = developed(photo(turned=True))
    assert (kept.width, kept.height) == (1200, LONGEST)
    top = Image.open(BytesIO(kept.body)).getpixel((600, 20))
    assert isinstance(top, tuple)
    assert top[0] > top[2]  # the left side came to the top


def test_what_is_transparent_turns_white() -> None:
    assert Image.open(BytesIO(developed(transparent()).body)).getpixel((5, 5)) == (255, 255, 255)


def test_the_same_photo_is_the_same_picture() -> None:
    assert developed(photo()).id == developed(photo()).id != developed(photo(turned=True)).id


@pytest.mark.parametrize(
    "body",
    [b"", b"bukan foto", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(40), photo()[:900],
     photo("PNG")[:200], b"\x89PNG\r\n\x1a\n" + bytes(60), b"%PDF-1.7", b"RIFF\x10\x00\x00\x00WEBPVP8 "],
)  # fmt: skip
def test_what_cannot_be_decoded_is_refused_whatever_it_is_called(body: bytes) -> None:
    with pytest.raises(Refused, match=NO_PHOTO[:20]):
        developed(body)


@pytest.mark.parametrize("side", [7_000, 12_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(Refused, match=TOO_MANY_PIXELS[:20]):
        developed(_bomb(side))


def test_a_spacer_is_refused() -> None:
    with pytest.raises(Refused, match=TOO_SMALL[:20]):
        developed(photo("PNG", (4, 900)))


def _bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
