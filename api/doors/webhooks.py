"""`/pintu/…`: where platforms hand in what people write to the center. Answered at once; nothing is fetched here."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated, Final

import orjson
import structlog
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import ValidationError

from api.doors import telegram, whatsapp
from api.doors.words import answer_to, asked_in, thanks, too_many
from api.parts import Parts, Rooms
from api.speech import N_
from domain.errors import Forbidden, NotFound, PostQuarantined
from domain.regions import RegionProfile
from store.talks_values import NotTakenIn, TakenAs

router = APIRouter()
log = structlog.get_logger("jaring.api")
BELT: Final = "pintu"  # where what cannot be used is set aside
TELEGRAM_SECRET, WHATSAPP_SECRET, WHATSAPP_VERIFY = "telegram-webhook", "whatsapp-app", "whatsapp-verify"


async def raw_body(request: Request) -> bytes:
    """The body as it came: a signature is over its bytes."""
    return await request.body()


Body = Annotated[bytes, Depends(raw_body)]


@router.post("/pintu/telegram/{region}")
def from_telegram(
    parts: Rooms, region: str, body: Body, x_telegram_bot_api_secret_token: Annotated[str, Header()] = ""
) -> Response:
    """Take an update in; what is said back stands in the answer itself, as the Bot API allows."""
    profile, secret = _door(parts, region, TELEGRAM_SECRET)
    if not secrets.compare_digest(x_telegram_bot_api_secret_token.encode(), secret.encode()):
        raise Forbidden(N_("Tanda rahasia pintu ini tidak cocok."))
    try:
        update = telegram.Update.model_validate_json(body)
        message = update.message or update.edited_message
        if message is None or not message.is_private:
            return Response(status_code=200)
        words = _heard_by_telegram(parts, profile, message, edit=update.message is None)
    except (ValidationError, PostQuarantined) as cause:
        _set_aside(parts, region, "telegram", body, cause)
        return Response(status_code=200)
    if not words:
        return Response(status_code=200)
    said = {"method": "sendMessage", "chat_id": message.chat.id, "text": words}
    return Response(orjson.dumps(said), media_type="application/json")


@router.get("/pintu/whatsapp/{region}")
def verify_whatsapp(
    parts: Rooms,
    region: str,
    mode: Annotated[str, Query(alias="hub.mode")] = "",
    token: Annotated[str, Query(alias="hub.verify_token")] = "",
    challenge: Annotated[str, Query(alias="hub.challenge", max_length=200)] = "",
) -> Response:
    """Prove to Meta that this address is ours."""
    _, known = _door(parts, region, WHATSAPP_VERIFY)
    if mode != "subscribe" or not secrets.compare_digest(token.encode(), known.encode()):
        raise Forbidden(N_("Tanda rahasia pintu ini tidak cocok."))
    return PlainTextResponse(challenge)


@router.post("/pintu/whatsapp/{region}")
def from_whatsapp(
    parts: Rooms, region: str, body: Body, x_hub_signature_256: Annotated[str, Header()] = ""
) -> Response:
    """Take messages in. What cannot be used is set aside and answered all the same: else it would come for days."""
    profile, secret = _door(parts, region, WHATSAPP_SECRET)
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not secrets.compare_digest(x_hub_signature_256.encode(), signature.encode()):
        raise Forbidden(N_("Tanda rahasia pintu ini tidak cocok."))
    try:
        told = whatsapp.Notification.model_validate_json(body)
    except ValidationError as cause:
        _set_aside(parts, region, "whatsapp", body, cause)
        return Response(status_code=200)
    for one in whatsapp.messages_in(told):
        if isinstance(one, whatsapp.Unreadable):
            _set_aside(parts, region, "whatsapp", one.key.encode(), ValueError(one.reason))
            continue
        try:
            _heard_by_whatsapp(parts, profile, *one)
        except (ValueError, PostQuarantined) as cause:
            _set_aside(parts, region, "whatsapp", one[0].id.encode(), cause)
    return Response(status_code=200)


def _heard_by_telegram(parts: Parts, profile: RegionProfile, message: telegram.Message, *, edit: bool) -> str:
    """Take a message in, or answer what it asks; what is said back, empty for nothing."""
    said = telegram.said_in(message, profile, edit=edit)
    asked = asked_in(said.text, slash=True)
    if asked is not None:
        return "" if edit else answer_to(parts, profile, said, asked)
    if not (said.text.strip() or said.files or said.left_out or said.point):
        return ""  # somebody joined, pinned or paid: nothing is said
    try:
        taken = parts.store.talks.take_in(said, parts.clock())
    except NotTakenIn:
        log.warning("percakapan ditolak: terlalu banyak dari satu akun", door="telegram", region=profile.slug)
        return "" if edit else too_many(parts, profile)
    # An edit of what was refused may open a report, whose code nobody has told yet.
    quiet = edit and taken.outcome is not TakenAs.OPENED
    return "" if quiet else thanks(parts, taken)


def _heard_by_whatsapp(parts: Parts, profile: RegionProfile, message: whatsapp.Message, value: whatsapp.Value) -> None:
    """Take a message in, or answer what it asks; answers are sent by the crawlers' room."""
    said = whatsapp.said_in(message, value, profile)
    asked = asked_in(said.text, slash=False)
    if asked is not None:
        parts.store.talks.answer(said, answer_to(parts, profile, said, asked), parts.clock())
        return
    try:
        parts.store.talks.take_in(said, parts.clock(), lambda taken: thanks(parts, taken))
    except NotTakenIn:
        log.warning("percakapan ditolak: terlalu banyak dari satu akun", door="whatsapp", region=profile.slug)
        parts.store.talks.answer(said, too_many(parts, profile), parts.clock())


def _door(parts: Parts, region: str, key: str) -> tuple[RegionProfile, str]:
    """The region of a door and its secret. NotFound for a region that is not served, and where no secret is kept."""
    profile, credential = parts.profile(region), parts.store.credentials.open(key)
    if profile is None or credential is None:
        raise NotFound(N_("Pintu itu tidak ada."))
    return profile, credential.value


def _set_aside(parts: Parts, region: str, door: str, thing: bytes, cause: Exception) -> None:
    """Quarantine by a hash: a platform's ids, and the errors of what checks them, may quote a person."""
    if isinstance(cause, ValidationError):
        first = cause.errors(include_input=False, include_context=False)[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    else:
        reason = str(cause)
    key = f"{door} {region} {parts.store.keys.sign('aside', thing.hex())}"
    parts.store.intake.set_aside(belt=BELT, key=key, reason=reason, payload=f"{len(thing)} bita dari {door}")
