"""Surface cues that tokens do not carry: punctuation, shouting, mask marks, the forms of news, sales, thanks, questions.

Each cue is one yes/no feature of the linear models: the rule says what it sees, the training says what it means.
"""

from __future__ import annotations

import re

_FLAGS = re.IGNORECASE

_CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, flags))
    for name, pattern, flags in (
        ("dateline", r"^(?:.{0,200}\n\n)?[A-Z][A-Z .]{3,30}(?:, [A-Za-z]+)? ?[-–—] ", re.ASCII),
        ("date_in_brackets", r"\(\d{1,2}/\d{1,2}(?:/\d{2,4})?\)", 0),
        ("quote_said", r"[\"”],? (?:ujar|kata|ucap|tutur|jelas|ungkap|imbuh|tegas)", _FLAGS),
        ("phone_note", r"catatan telepon|tlp masuk|telp masuk|penelepon|pelapor|petugas (?:loket|jaga)|call ?back", _FLAGS),
        ("letter_head", r"\b(?:kepada )?yth\b|dengan hormat|perihal\s*:", _FLAGS),
        ("question_end", r"\?\s*\W{0,6}$", 0),
        ("question_mark", r"\?", 0),
        ("question_many", r"\?{2,}", 0),
        ("exclaim_many", r"!{2,}", 0),
        ("shout", r"\b[A-Z]{4,}\b(?:\W+[A-Z]{4,}\b){1,}", 0),
        ("how", r"\b(?:bagaimana|gimana|gmn|bgmn|cak mano|caknyo|mbe jak|ngumbe)\b.{0,20}\b(?:cara|syarat|prosedur|alur|ngurus|daftar)", _FLAGS),
        ("what_needed", r"\b(?:syarat(?:nya)?|persyaratan(?:nya)?|jam (?:buka|pelayanan|kerja|layanan)|jadwal(?:nya)?|alamat(?:nya)?|biaya(?:nya)?)\b.{0,25}(?:apa|berapa|brp|kapan|dimana|di mana|\?)", _FLAGS),
        ("please_inform", r"\b(?:mohon|minta|mhn|tolong|butuh|info) ?(?:info\w*|penjelasan|pencerahan)\b|\binfo(?:nya)? (?:dong|donk|dunk)\b", _FLAGS),
        ("wants_to_ask", r"\b(?:izin|ijin|mau|numpang|mo|pengen|ingin|boleh|nak|melet)\s+(?:ber|me|nu)?(?:tanya|nanya|nanyak|ketuan|betakon|batakon|nanyakan)\w*", _FLAGS),
        ("is_it", r"\bapa(?:kah)?\b.{0,80}\?", _FLAGS),
        ("when_is_it", r"\b(?:kapan|kpn|kapankah|berapa|brp|di ?mana|dmn|ke ?mana)\b.{0,60}\?", _FLAGS),
        ("thanks_start", r"^\W*(?:\w+\W+){0,3}(?:terima ?kasih|makasih|mksh|trims|tampi ?asih|matur tampiasih|syukron|alhamdulillah|salut|apresiasi|bravo|mantap|keren|acungan)", _FLAGS),
        ("thanks_for", r"(?:terima ?kasih|makasih|tampi ?asih|trims)\s+(?:banyak |byk |kpd |kepada |buat |untuk |utk |atas |pak |bu |bapak |ibu |dinas |petugas |damkar )", _FLAGS),
        ("thanks_close", r"(?:terima ?kasih|makasih|trims|tks|suksma|trmksh)\W*$", _FLAGS),
        ("wish", r"\b(?:semoga|mudah-?mudahan|harap(?:an)?(?:nya)?|usul(?:an)?|saran|mengusulkan|menyarankan|andai(?:kan)?|alangkah|sebaiknya|kalau bisa|kalo bisa)\b", _FLAGS),
        ("please_build", r"\b(?:mohon|minta|tolong|usul|harap)\w*\b.{0,40}\b(?:dibangun|dibuatkan|dipasang\w*|diadakan|disediakan|ditambah\w*|diaspal|diperbanyak|diusulkan|pengadaan|pembangunan)", _FLAGS),
        ("sale", r"\b(?:dijual|jual(?:an)?|ready stok|ready|promo|diskon|cod|open (?:po|order)|harga nego|nego|dp ringan|murah meriah|pinjaman|tanpa jaminan|slot|gacor|maxwin|depo|dikontrakkan|disewakan|over kredit|grosir|reseller)\b", _FLAGS),
        ("order_here", r"\b(?:minat|serius|pesan|order|pemesanan|hub(?:ungi)?|wa|dm|inbox|japri)\b\W{0,3}(?:\w+\W+){0,2}\[telepon\]", _FLAGS),
        ("condolence", r"turut berduka|innalillahi|husnul khatimah|selamat (?:ulang tahun|milad|wisuda|menempuh|pagi semua|hari)|hbd", _FLAGS),
        ("lost_found", r"\b(?:telah )?(?:hilang|tercecer|ditemukan)\b.{0,60}\b(?:dompet|stnk|sim|ktp|kunci|tas|hp|atm)\b", _FLAGS),
        ("mocking_praise", r"\b(?:hebat|mantap|keren|salut|luar biasa|bagus|selamat|terbaik|top|terima ?kasih|makasih|lanjutkan)\b.{0,160}(?:bisa (?:buat|jadi|dipakai|mancing)|kolam|lele|offroad|off road|empang|wahana|rekor|gratis|tidur|mimpi|janji|cuma|padahal|katanya|kantong|\bya+\b|😂|🤣|👏|🙃|😅)", _FLAGS | re.DOTALL),
        ("laugh", r"wkwk|haha|hehe|😂|🤣|😅|🙃|👏", _FLAGS),
        ("joy", r"[❤😍🥰👍🎉💪🔥☀🎓☕😊💐✨]", 0),
        ("grief", r"[😭😡😢🤬😤💔😠👎😞🤮]", 0),
        ("pray", r"🙏", 0),
        ("link", r"https?://|www\.", _FLAGS),
        ("retweet", r"\bRT @|^RT\b", 0),
        ("mention", r"@\w", 0),
        ("price", r"\brp\.? ?\d|\b\d+(?:[.,]\d+)? ?(?:rb|ribu|jt|juta|k)\b", _FLAGS),
        ("so_long", r"\b(?:sudah|udah|udh|sdh|uah|lah|wes)\b.{0,15}\b(?:\d+|dua|tiga|empat|lima|enam|berbulan|bertahun|seminggu|sebulan|setahun|pire|telu)[ -]*(?:x|kali|hari|minggu|bulan|bln|tahun|thn|jam|jelo|taun)", _FLAGS),
        ("until_now", r"\b(?:sampai|hingga|sampe|smp|ampe)\s+(?:saat ini|sekarang|skrg|skr|detik ini|hari ini|kini|mangkin|nengke)\b", _FLAGS),
        ("masked", r"\[(?:nik|kk|telepon|surel|pelat|rekening)\]", 0),
    )
)
_LENGTHS = (8, 16, 32, 64, 128)  # words: a greeting, a comment, a complaint, a letter, an article


def cues(words: str, count: int) -> list[str]:
    """Return the names of the cues seen in a post of `count` tokens, its length class among them."""
    seen = [name for name, pattern in _CUES if pattern.search(words)]
    seen.append(f"length{sum(count > x for x in _LENGTHS)}")
    return seen
