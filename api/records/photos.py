"""A photo as somebody sends it becomes one that may be kept: pixels only, of a bounded size.

The type is what decoding says, whatever the name says. The picture is drawn anew on an empty one, so nothing else of
the file is kept: no place, no camera, no thumbnail of what was cut away.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from api.speech import N_
from domain.errors import Refused
from store.photos import Picture

LONGEST: Final = 1_600  # pixels: a house number across the street can be read
SMALL: Final = 320
QUALITY, SMALL_QUALITY = 82, 74  # of JPEG: what people take for the original, at a tenth of its bytes
# Pixels that are decoded at most. A JPEG is decoded straight to about the size that is kept.
MOST_PIXELS: Final = {"JPEG": 80_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}
LEAST: Final = 16  # pixels of a side: below, it is a spacer or a tracker
NO_PHOTO: Final = N_("Berkas ini bukan foto JPEG, PNG, atau WebP yang utuh.")
TOO_MANY_PIXELS: Final = N_("Foto ini terlalu besar ukurannya dalam piksel.")
TOO_SMALL: Final = N_("Foto ini terlalu kecil untuk dilihat.")
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, IndexError, EOFError, struct.error, zlib.error, MemoryError)


def developed(body: bytes) -> Picture:
    """The picture in a file's bytes. Refused, in a message, when there is none or it is beyond the bounds."""
    try:
        with Image.open(BytesIO(body), formats=tuple(MOST_PIXELS)) as sent:
            width, height = sent.size
            if width * height > MOST_PIXELS[sent.format or ""]:
                raise Refused(TOO_MANY_PIXELS)
            if min(width, height) < LEAST:
                raise Refused(TOO_SMALL)
            sent.draft("RGB", (LONGEST, LONGEST))
            sent.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
            upright = ImageOps.exif_transpose(sent)
            kept = _on_paper(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as cause:
        raise Refused(TOO_MANY_PIXELS) from cause
    except _BROKEN as cause:
        raise Refused(NO_PHOTO) from cause
    small = kept.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return Picture("image/jpeg", kept.width, kept.height, _encoded(kept, QUALITY), _encoded(small, SMALL_QUALITY))


def _on_paper(sent: Image.Image) -> Image.Image:
    """The pixels alone, on a white sheet: what is transparent would else turn black."""
    paper = Image.new("RGB", sent.size, "white")
    if sent.has_transparency_data:
        layer = sent.convert("RGBA")
        paper.paste(layer, mask=layer.getchannel("A"))
    else:
        paper.paste(sent.convert("RGB"))
    return paper


def _encoded(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
