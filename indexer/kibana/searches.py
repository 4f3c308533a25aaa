"""Lists that the center looks through again and again."""

from __future__ import annotations

from indexer.kibana.panels import Above, Is, Lacks, Past, Search
from indexer.kibana.views import ARRIVALS, CASES, TICKETS

SEARCHES = (
    Search(
        "mendesak", "Aduan mendesak dan darurat", "Yang harus segera ditangani.", CASES,
        ("urgency", "topic", "kecamatan_name", "opd", "text"),
        (Is("intent", ("pengaduan",)), Is("urgency", ("mendesak", "darurat"))),
    ),
    Search(
        "tanpa-opd", "Aduan tanpa OPD", "Yang belum diketahui siapa yang menjawabnya.", CASES,
        ("topic", "authority", "kecamatan_name", "text"), (Is("intent", ("pengaduan",)), Lacks("opd")),
    ),
    Search(
        "tiket-terlambat", "Tiket terbuka yang lewat tenggat", "Menurut tenggat yang sedang berjalan.", TICKETS,
        ("code", "opd", "state", "clock_kind", "clock_at", "topic"), (Is("open", (True,)), Past("clock_at")),
    ),
    Search(
        "masuk-terlambat", "Kiriman yang masuk lebih dari tiga hari sesudah terbit", "Sumber yang lambat, atau arsip.",
        ARRIVALS, ("source", "channel", "late_hours", "date_trust", "title"), (Above("late_hours", 72),),
    ),
)  # fmt: skip
