"""From a sent form to what is shown next: the form with what is wrong or likely the same, or a saved post."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from api.contexts.post import Option
from api.contexts.record import HeldPhoto, LikelyView, RecordView
from api.parts import Parts
from api.pieces import said
from api.records.form import CHANNELS, DRAFT, LINK, Written, blank, read_form, told
from api.records.gazetteer import area_of
from api.records.likely import Likely, Reported, likely_same
from api.records.photos import developed
from api.records.places import AskedPlace, picker, read_place, resolved
from api.speech import N_, Speech
from api.telling import language_tag, local, place_of, post_href
from api.visitors import Visitor
from domain.documents import PostDocument
from domain.errors import Forbidden, IndexUnavailable, Refused
from domain.tickets import Party
from domain.tickets.labels import OPEN_STATES
from store.photos import MOST

GLIMPSE: Final = 220  # code points of a likely case
WORDS_SHOWN: Final = 5
CHANNEL_WORDS: Final = {LINK: N_("Tautan medsos")}
STEPS: Final = ("cari_tempat", "lepas_tempat", "peta_luas", "wilayah", "foto", "hapus_foto")
TOO_BIG: Final = N_("%(name)s melebihi %(most)s MB.")
REFUSED: Final = N_("%(name)s: %(why)s")
TOLD_BY_STORE: Final = (N_("Foto laporan ini sudah sebanyak yang dapat disimpan."),)  # said there, translated here
OTHER_WORDS: Final = N_(
    "Formulir ini sudah pernah disimpan dengan isi lain. Periksa, lalu simpan lagi: isi ini menjadi catatan tersendiri."
)
NOT_STORED: Final = N_("Isian ini tidak dapat disimpan apa adanya; ubah teksnya, lalu simpan lagi.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form: its name, only to say which one is meant, and its bytes."""

    name: str
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent."""

    fields: Mapping[str, str]
    uploads: Sequence[Upload] = ()

    @property
    def deed(self) -> str:
        """Which button sent it."""
        return self.fields.get("aksi", "").partition(":")[0]

    @property
    def about(self) -> str:
        """What the button was about."""
        return self.fields.get("aksi", "").partition(":")[2]

    @property
    def is_step(self) -> bool:
        """Whether only a part of the form was worked on: what is empty elsewhere is no fault yet."""
        return self.deed in STEPS or any(name.endswith(".x") for name in self.fields)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Somebody at the form of `/catat`."""

    parts: Parts
    visitor: Visitor
    says: Speech

    def __post_init__(self) -> None:
        if self.visitor.party is not Party.CENTER:
            raise Forbidden(N_("Hanya petugas pusat yang mencatat laporan."))
        if not self.regions:
            raise Forbidden(N_("Akun Anda belum diberi wilayah. Minta pengelola menambahkannya."))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions one may record for."""
        return tuple(slug for slug in self.parts.profiles if slug in self.visitor.scope.regions)

    def empty(self) -> RecordView:
        """The form as it is first shown."""
        region = self.regions[0]
        values = blank(self.parts.clock(), self.parts.zone_of(region))
        return self._view(secrets.token_urlsafe(18), values, AskedPlace(region=region))

    def place(self, fields: Mapping[str, str]) -> tuple[AskedPlace, str]:
        """The place that a form asks for, and what is wrong with it."""
        wanted = fields.get("wilayah", "")
        return resolved(self.parts, read_place(fields, wanted if wanted in self.regions else self.regions[0]))

    def options(self) -> tuple[Option, ...]:
        """The regions by name."""
        return tuple(Option(slug, self.parts.profiles[slug].short) for slug in self.regions)

    def answer(self, sent: Sent) -> RecordView | str:
        """What a sent form leads to: the form again, or the number of the one that was saved."""
        draft = sent.fields.get("nomor", "")
        if not DRAFT.fullmatch(draft):
            draft = secrets.token_urlsafe(18)
        wrong_photo = self._take_photos(draft, sent)
        asked, wrong_place = self.place(sent.fields)
        now = self.parts.clock()
        written = read_form(sent.fields, now, self.parts.zone_of(asked.region))
        if sent.is_step:
            return self._view(draft, written.values, asked, {"foto": wrong_photo}, place_error=wrong_place)
        errors = {name: self.says.say(message, **told) for name, (message, told) in written.errors.items()}
        if wrong_photo:
            errors["foto"] = wrong_photo
        if errors or wrong_place:
            return self._view(draft, written.values, asked, errors, place_error=wrong_place, status=422)
        same = sent.about if sent.deed == "sama" else ""
        if sent.deed in {"tetap", "sama"}:
            return self._save(draft, written, asked, same)
        try:
            likely = likely_same(self.parts, self.visitor, self._reported(written, asked))
        except IndexUnavailable:
            return self._view(draft, written.values, asked, unchecked=True)
        if likely:
            return self._view(draft, written.values, asked, likely=likely)
        return self._save(draft, written, asked, "")

    def _save(self, draft: str, written: Written, asked: AskedPlace, same: str) -> RecordView | str:
        parts, user, now = self.parts, self.visitor.user.name, self.parts.clock()
        alike = parts.store.cases.document(same, self.visitor.scope).post_id if same else ""
        profile = parts.profiles[asked.region]
        post = told(written, asked, profile, user=user, draft=draft, same=alike, now=now)
        stands = parts.store.intake.stands(post)
        if stands is False:
            fresh = secrets.token_urlsafe(18)
            parts.store.photos.move(draft, fresh, user)
            return self._view(fresh, written.values, asked, notice=OTHER_WORDS)
        if stands is None:
            report = parts.store.intake.accept([post])
            if report.quarantined:
                return self._view(draft, written.values, asked, {"isi": self.says.say(NOT_STORED)}, status=422)
            if report.added:
                detail = {"region": profile.slug, "channel": post.channel.value} | ({"same": alike} if alike else {})
                parts.store.audit.write(user, "post.record", post.id, detail, now)
        parts.store.photos.attach(draft, post.id, user)
        return draft

    def _take_photos(self, draft: str, sent: Sent) -> str:
        """Keep the photos that came along with the form; says what is wrong with the first that cannot be kept."""
        store, user, most = self.parts.store.photos, self.visitor.user.name, self.parts.settings.photo_bytes
        if sent.deed == "hapus_foto":
            store.drop(draft, sent.about, user)
        wrong = ""
        for upload in sent.uploads:
            body = upload.file.read(most + 1)
            try:
                if len(body) > most:
                    wrong = wrong or self.says.say(TOO_BIG, name=upload.name, most=most // 1_000_000)
                else:
                    store.hold(draft, developed(body), user, self.parts.clock())
            except Refused as refused:
                wrong = wrong or self.says.say(REFUSED, name=upload.name, why=self.says.say(str(refused)))
        return wrong

    def _reported(self, written: Written, asked: AskedPlace) -> Reported:
        area = area_of(self.parts.profiles[asked.region], asked.spot) if asked.spot else None
        return Reported(written.words, asked.region, area, asked.point, written.said_at)

    def _view(  # noqa: PLR0913  what the page shows
        self,
        draft: str,
        values: Mapping[str, str],
        asked: AskedPlace,
        errors: Mapping[str, str] | None = None,
        *,
        place_error: str = "",
        likely: Sequence[Likely] = (),
        unchecked: bool = False,
        notice: str = "",
        status: int = 200,
    ) -> RecordView:
        parts, says = self.parts, self.says
        zone = parts.zone_of(asked.region)
        held = parts.store.photos.held(draft, self.visitor.user.name)
        return RecordView(
            draft=draft,
            values=values,
            errors={name: message for name, message in (errors or {}).items() if message},
            channels=tuple(Option(name, self._channel(name)) for name in CHANNELS),
            today=f"{parts.clock().astimezone(zone):%Y-%m-%d}",
            place=picker(parts, asked, self.options(), says, place_error),
            photos=tuple(HeldPhoto(p.id, f"/catat/foto/{draft}/{p.id}", p.width, p.height) for p in held),
            most_photos=MOST,
            photo_megabytes=parts.settings.photo_bytes // 1_000_000,
            notice=says.say(notice),
            likely=tuple(self._likely(one) for one in likely),
            unchecked=unchecked,
            status=status,
        )

    def _channel(self, name: str) -> str:
        if name in CHANNEL_WORDS:
            return self.says.say(CHANNEL_WORDS[name])
        return self.parts.names.of("channel", CHANNELS[name], self.says)

    def _likely(self, likely: Likely) -> LikelyView:
        document, names, says = likely.document, self.parts.names, self.says
        why = (
            [says.say("kata yang sama: %(words)s", words=", ".join(likely.words[:WORDS_SHOWN]))] if likely.words else []
        )
        if likely.same_place:
            why.append(says.say("tempatnya sama"))
        return LikelyView(
            case=document.id,
            href=post_href(document.id),
            text=said(document, document.words, says, limit=GLIMPSE),
            lang=language_tag(document),
            origin=f"{names.of('channel', document.channel, says)} · {names.source(document.source)}",
            when=local(self.parts, document.region, document.published_at, says),
            place=place_of(document, names),
            why="; ".join(why),
            ticket=likely.ticket.code if likely.ticket else _open_ticket(document),
        )


def _open_ticket(document: PostDocument) -> str:
    """The ticket that a case would bring others to; one that is closed takes none."""
    return document.ticket if document.ticket and document.ticket_state in OPEN_STATES else ""
