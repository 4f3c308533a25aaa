"""Photos for tests, as telephones make them: with a place, a camera and a comment inside."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

LATITUDE, LONGITUDE = (8.0, 38.0, 58.0), (116.0, 6.0, 54.0)
CAMERA = "Telepon Uji X1"


def photo(kind: str = "JPEG", size: tuple[int, int] = (2400, 1800), *, turned: bool = False) -> bytes:
    """A picture, red on the left and blue on the right, that carries where it was taken."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x0110] = CAMERA
    if turned:
        exif[0x0112] = 6  # shown by viewers a quarter turned to the right
    place = exif.get_ifd(0x8825)
    place.update({1: "S", 2: LATITUDE, 3: "E", 4: LONGITUDE})
    out = BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def transparent() -> bytes:
    """A PNG with nothing on it."""
    out = BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()
