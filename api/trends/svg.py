"""A drawing as SVG: with classes for a page, which colours them by theme, or with colours of its own for a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final
from xml.sax.saxutils import quoteattr

from markupsafe import Markup

from api.trends.drawing import Drawing, Legend, Length, Line, Mark, Path, Rect, Shape, Words

# The page's light colours, as `jaring.css` has them: a file has no stylesheet.
COLOURS: Final[Mapping[str, str]] = {
    "ink": "#14212b", "ink2": "#445561", "ink3": "#5d6c77", "grid": "#e6ecef", "axis": "#c6d0d6", "ground": "none",
    "paper": "#ffffff", "gap": "#b98a2f", "net": "#0b6e75", "neg": "#c0482b", "neu": "#9aa7b0", "pos": "#2b76b9",
    "late": "#b42318", "warn": "#8a5808", "track": "#eef2f4", "ok": "#86b8bb", "part": "#d9b25f", "bad": "#b42318",
    "none": "#9aa7b0", "unknown": "#eef2f4",
    "m0": "#f1f4f5", "m1": "#f0ddd7", "m2": "#e8c0b5", "m3": "#dd9d8c", "m4": "#d07560", "m5": "#c0482b",
}  # fmt: skip
FONT: Final = "Inter, 'Liberation Sans', Roboto, sans-serif"
FRAME: Final = 960
MARGIN: Final = 28
WIDTH: Final = FRAME - 2 * MARGIN  # of a drawing in a file
LINE: Final = 17
LETTER: Final = 6.1  # units of a letter of size 11.5, about


def on_page(drawing: Drawing, key: str) -> Markup:
    """A drawing for a page. Its marks are links for the mouse; the table behind it is there for everybody."""
    size = f'viewBox="0 0 {drawing.view[0]} {drawing.view[1]}"' if drawing.view else f'height="{drawing.height:g}"'
    kind = "draw scaled" if drawing.view else "draw ruled" if drawing.gutter else "draw"
    body = "".join(_mark(mark, _Page(key)) for mark in drawing.marks)
    return Markup(f'<svg class="{kind}" {size} aria-hidden="true">{_hatch(_Page(key))}{body}</svg>')  # noqa: S704  escaped piece by piece


def legend_on_page(drawing: Drawing, key: str) -> Markup | None:
    """What the colours stand for; None where there is nothing to tell."""
    if not drawing.legend:
        return None
    swatch = '<svg class="swatch" aria-hidden="true"><rect width="10" height="10" {}/></svg>'
    parts = (
        f"<span>{swatch.format(_colour(one, _Page(key)))}{escape(one.label, quote=False)}</span>"
        for one in drawing.legend
    )
    return Markup("".join(parts))  # noqa: S704  escaped piece by piece


def _colour(one: Legend, ink: Ink) -> str:
    return f'fill="url(#{ink.hatch})"' if one.hatched else ink.fill(one.tone)


def as_file(drawing: Drawing, *, title: str, about: str, notes: tuple[str, ...], foot: str) -> str:
    """A drawing as a document of its own, with its heading, legend, notes and where it comes from."""
    ink = _File()
    head: list[str] = [_words(Words(MARGIN, 40, title, "ink", 18, bold=True), ink)]
    head += [_words(Words(MARGIN, 60 + n * LINE, line, "ink2", 12), ink) for n, line in enumerate(_lines(about))]
    y = 60.0 + (len(_lines(about)) - 1) * LINE
    if drawing.legend:
        y += 24
        head.append("".join(_legend(drawing, y, ink)))
    y += 14
    width, height = _fit(drawing)
    inner = "".join(_mark(mark, ink) for mark in drawing.marks)
    box = f' viewBox="0 0 {drawing.view[0]} {drawing.view[1]}"' if drawing.view else ""
    place = f'x="{MARGIN + drawing.gutter}" y="{y:g}" width="{width - drawing.gutter:g}" height="{height:g}"'
    head.append(f'<svg {place}{box} overflow="visible">{inner}</svg>')
    y += height + 22
    for line in (line for note in notes for line in _lines(note)):
        head.append(_words(Words(MARGIN, y, line, "ink2", 12), ink))
        y += LINE
    head.append(_words(Words(MARGIN, y + 6, foot, "ink3", 11), ink))
    total = round(y + 26)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{FRAME}" height="{total}" viewBox="0 0 {FRAME} {total}" '
        f'font-family="{FONT}" role="img" aria-label={quoteattr(title)}>{_hatch(ink)}'
        f'<rect width="{FRAME}" height="{total}" fill="{COLOURS["paper"]}"/>{"".join(head)}</svg>'
    )


class _Page:
    """Colours by class; marks are links."""

    links = True

    def __init__(self, key: str) -> None:
        self.hatch = f"arsir-{key}"

    def fill(self, tone: str) -> str:
        return f'class="{tone}"'

    def stroke(self, tone: str) -> str:
        return f'class="{tone}"'


class _File:
    """Colours by attribute; a file leads nowhere."""

    links = False
    hatch = "arsir"

    def fill(self, tone: str) -> str:
        return f'fill="{COLOURS[tone]}"'

    def stroke(self, tone: str) -> str:
        return f'stroke="{COLOURS[tone]}"'


Ink = _Page | _File


def _hatch(ink: Ink) -> str:
    return (
        f'<defs><pattern id="{ink.hatch}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="1.6" height="6" {ink.fill("gap")}/></pattern></defs>'
    )


def _mark(mark: Mark, ink: Ink) -> str:
    body = "".join(_shape(shape, ink) for shape in mark.shapes)
    title = f"<title>{escape(mark.title, quote=False)}</title>" if mark.title and ink.links else ""
    if mark.href and ink.links:
        return f'<a href="{escape(mark.href)}" tabindex="-1">{title}{body}</a>'
    return f"<g>{title}{body}</g>" if title else body


def _shape(shape: Shape, ink: Ink) -> str:
    match shape:
        case Rect(x, y, width, height, tone, hatched):
            fill = f'fill="url(#{ink.hatch})"' if hatched else ink.fill(tone)
            return f'<rect x="{_length(x)}" y="{y:g}" width="{_length(width)}" height="{height:g}" {fill}/>'
        case Line(x1, y1, x2, y2, tone, dashed):
            dashes = ' stroke-dasharray="3 3"' if dashed else ""
            ends = f'x1="{_length(x1)}" y1="{y1:g}" x2="{_length(x2)}" y2="{y2:g}"'
            return f"<line {ends} {ink.stroke(tone)}{dashes}/>"
        case Path(d, tone):
            return f'<path d="{escape(d)}" {ink.fill(tone)} stroke-width="1.5" {_edge(ink)}/>'
        case Words():
            return _words(shape, ink)


def _edge(ink: Ink) -> str:
    return "" if ink.links else f'stroke="{COLOURS["paper"]}"'


def _words(words: Words, ink: Ink) -> str:
    anchor = "" if words.anchor == "start" else f' text-anchor="{words.anchor}"'
    weight = ' font-weight="600"' if words.bold else ""
    halo = ""
    tone = ink.fill(words.tone)
    if words.halo:
        if ink.links:
            tone = f'class="{words.tone} halo"'
        else:
            halo = f' paint-order="stroke" stroke="{COLOURS["paper"]}" stroke-width="3" stroke-linejoin="round"'
    size = f'font-size="{words.size:g}"{anchor}{weight}{halo}'
    return f'<text x="{_length(words.x)}" y="{words.y:g}" {size} {tone}>{escape(words.text, quote=False)}</text>'


def _legend(drawing: Drawing, y: float, ink: Ink) -> Iterator[str]:
    x = float(MARGIN)
    for one in drawing.legend:
        yield _shape(Rect(x, y - 9, 10, 10, one.tone, one.hatched), ink)
        yield _words(Words(x + 15, y, one.label, "ink2", 11.5), ink)
        x += 15 + len(one.label) * LETTER + 18


def _fit(drawing: Drawing) -> tuple[float, float]:
    if drawing.view is None:
        return WIDTH, drawing.height
    width, height = drawing.view
    scale = min(WIDTH / width, 640 / height)
    return width * scale, height * scale


def _lines(text: str) -> list[str]:
    """Words broken into lines as wide as a picture."""
    lines, most = [""], int(WIDTH / LETTER)
    for one in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(one) > most:
            lines.append(one)
        else:
            lines[-1] = f"{lines[-1]} {one}".strip()
    return lines


def _length(length: Length) -> str:
    return length if isinstance(length, str) else f"{length:g}"
