"""Whether the cells of a column can be the field that its heading names: content and heading decide together.

`CAN_BE` is the table: for each field what at least one cell must be. A column that fails is not used, and one remark
names it with what stands in it. A column without any filled cell can be anything.

A status of activity names activity in some cell ("Aktif", "Vakum"), or answers yes or no and says yes at least once; a
heading that asks for activity by name ("Masih aktif?") is believed with any answers of yes and no, and with "A" and
"N"; "A" and "TA" speak for themselves. So "N" beside "S",
"Belum" beside "Terverifikasi", "Swasta", "Lengkap" are no activity.

A bare "Nama" is that of a person if person columns stand beside it (gender, birth, post, NIK, telephone) and fewer than
half of its cells hold a word for an institution; the institution then stands in the one column whose cells hold such
words.

A heading that names persons, their numbers or homes drops its column (`personal_heading`); the telephone of an
institution is dropped as well. "Alamat" is that of the institution, also beside columns of persons; the home of a
person is told by its heading ("Alamat Rumah", "Alamat Ketua").

Gets wrong: a register of institutions without any such word in their names, beside the telephone of each; a status of
nothing but "Tidak" under a bare "Status" is taken for another thing, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from lks_geo.messages import Message, msg
from lks_geo.register.meaning.coordinates import without_unread_numbers
from lks_geo.register.meaning.dates import read_date
from lks_geo.register.meaning.pairs import Box
from lks_geo.register.meaning.services import read_services, read_system
from lks_geo.register.meaning.values import names_status, read_status
from lks_geo.register.reading.answers import READERS, short_answers
from lks_geo.register.reading.fields import HINTS, SERVICE_FIELDS, kind_of
from lks_geo.settings import Settings
from lks_geo.sheets.folding import fold, is_empty_marker, read_tick, split_words
from lks_geo.sheets.header import Parts
from lks_geo.sheets.personal import Guarded, guarded, is_number
from lks_geo.sheets.personal_rules import Kind, any_of

_PERSON = any_of("""ketua, pimpinan, pemimpin, pengurus, pengelola, penanggung jawab, pj, direktur, kepala, pengasuh,
    pendiri, pemilik, sekretaris, bendahara, petugas, narahubung, operator, notaris, contact person,
    person in charge, head,
    chairman, director, manager, owner, founder, pendamping, pembina, pengawas, kontak person""")
_HEADINGS = {
    "identity": any_of("""nik, no nik, nikk, ktp, e ktp, kk, no kk, kartu keluarga, nomor induk kependudukan,
        no identitas, nomor identitas, kartu identitas, nip, nuptk, paspor, passport, id card"""),
    "tax": "npwp",
    "phone": any_of("""hp, no hp, telp, telpon, telepon, tlp, tlpn, telephone, tel, phone, mobile, ponsel, handphone,
        hape,
        wa, no wa, whatsapp, whats app, kontak, contact, cp, seluler, fax, faks"""),
    "bank": any_of("rekening, no rek, rek bank, bank, bank account"),
    "email": any_of("e mail, surel"),
    "birth": any_of("tanggal lahir, tgl lahir, tempat lahir, ttl, date of birth"),
    "media": any_of("facebook, instagram, medsos, media sosial"),
}
"""Words of headings by reason; the reason is a catalogue key `sheets.personal_<reason>`."""
_NAME = re.compile(  # "nama ketua lks", "nama lengkap", "ketua nama"
    rf"^(?:(?:nama|nm|name of|name of the) )?(?:lengkap )?{_PERSON}(?: (?:dan )?{_PERSON})*"
    r"(?: (?:lks|lembaga|panti|yayasan|cabang|harian|umum|pelaksana|nama))?(?: (?:of )?\w+)?$"
    r"|^nama (?:lengkap|anak|klien|penerima manfaat|kepala|ibu|bapak|orang)\b|\bcontact person\b|^penanggung jawab\b"
    rf"|^{_PERSON} (?:nama|alamat|jabatan|nama lengkap)\b|\b(?:nama|alamat|jabatan) {_PERSON}\b"
)
_HOME = re.compile(  # "alamat rumah ketua", "domisili pimpinan", "tempat tinggal", "alamat orang tua"
    r"\b(?:alamat|domisili|desa|kelurahan|kecamatan|koordinat)(?: (?:rumah|tinggal|tempat tinggal))? "
    rf"(?:{_PERSON}|klien|penerima manfaat|orang tua|wali|siswa|santri|anak asuh)\b"
    r"|\balamat (?:rumah|tinggal|tempat tinggal)$|^tempat tinggal$|\bhome address\b"
)
_COUNTS = re.compile(r"^(?:jumlah|jml|total|banyaknya|number of|tahun|masa)\b")  # "jumlah pengurus"


def personal_heading(*parts: str) -> Message | None:
    """Why a column of this heading (upper rows first) is personal and dropped, or None."""
    words = split_words(" ".join(parts))
    if _COUNTS.search(words):
        return None
    for kind, pattern in _HEADINGS.items():
        if re.search(rf"\b{pattern}\b", words):  # "no hp pengurus"
            return msg(f"sheets.personal_{kind}")
    if _NAME.search(words):
        return msg("sheets.personal_name")
    if _HOME.search(words):
        return msg("sheets.personal_home")
    return None


_INSTEAD = ("badan_hukum", "akreditasi", "perkembangan")
"""What offices also call "Status"."""
_SEEN = 500
"""Filled cells by which the field of a column is told."""
_MOST = 0.6


def by_content(cells: pd.Series) -> Message | None:
    """Why a column with these cells (text) is personal, or None: more than half are telephone or identity numbers."""
    filled = cells.dropna()
    if filled.empty:
        return None
    sample = filled.iloc[:: max(1, len(filled) // 2000)].tolist()
    if sum(map(is_number, sample)) * 2 > len(sample):
        return msg("sheets.personal_content")
    return None


def guarded_columns(
    cells: Mapping[str, pd.Series], box: Box
) -> tuple[dict[str, pd.Series], dict[str, int], pd.Series | None]:
    """The columns of fields with what is personal inside masked, in how many cells of which, and marks that tell apart
    the names that are now equal. `box`: where coordinates lie (see `without_unread_numbers`)."""
    kinds: dict[Kind, list[str]] = {}
    for name in cells:
        kinds.setdefault(kind_of(name), []).append(name)
    found: dict[str, Guarded] = {}
    for kind, names in kinds.items():
        found |= zip(names, guarded([cells[name] for name in names], kind), strict=True)
    masked = {name: found[name][0] for name in cells}
    masked |= (numbers := without_unread_numbers(masked, box))
    counts = {name: count for name in cells if (count := found[name][1])}
    for name, texts in numbers.items():
        if count := int((texts.fillna("") != cells[name].fillna("")).sum()):
            counts[name] = count
    return masked, counts, found["nama"][2] if "nama" in found else None


def fits(cells: pd.Series, name: str) -> bool:
    """Whether most of the cells look like values of the field."""
    filled = cells.dropna().iloc[:_SEEN]
    if filled.empty:
        return False
    pattern = HINTS.get(name)
    looks_right = READERS.get(name) or (lambda text: bool(pattern and pattern.search(text.strip().casefold())))
    return sum(map(looks_right, filled)) >= _MOST * len(filled)


def status_field(cells: pd.Series, taken: Collection[str]) -> str:
    """The field of a column called "Status": another one than the active status only if most of the cells are values of
    it, more of them speak for it alone than for the active status alone, and no other column is that field."""
    counts = told(cells)
    total = sum(counts.values())
    if len(short_answers(cells)) > 1:
        return "status_aktif"
    for name in _INSTEAD:
        if name in taken:
            continue
        fitting = {text: count for text, count in counts.items() if READERS[name](text)}
        alone = sum(count for text, count in fitting.items() if read_status(text).active is None)
        against = sum(counts[text] for text in counts if text not in fitting and read_status(text).active is not None)
        if sum(fitting.values()) * 2 > total and alone > against:
            return name
    return "status_aktif"


def unreadable_status(cells: pd.Series) -> tuple[int, int]:
    """How many of the filled cells no reader takes for an active status, and how many are filled."""
    counts = told(cells)
    return sum(count for text, count in counts.items() if not read_status(text).understood), sum(counts.values())


def holds_only_status(cells: pd.Series) -> bool:
    """Whether every filled cell is a word of the active status ("Aktif", "Vakum"), and one at least is filled."""
    counts = told(cells)
    return bool(counts) and all(map(names_status, counts))


def told(cells: pd.Series) -> dict[str, int]:
    """The different texts of a column and how often each stands, without those that say nothing."""
    counts = cells.value_counts(sort=False).to_dict()
    return {str(text): int(count) for text, count in counts.items() if not is_empty_marker(str(text))}


def tells_activity(cells: pd.Series, *, by_name: bool) -> bool:
    """Whether a column can be the active status; `by_name`: its heading asks for activity, not only for a "Status"."""
    counts = told(cells)
    if short := short_answers(cells):
        return by_name or "ta" in short
    if not counts or any(map(names_status, counts)):
        return True
    understood = sum(count for text, count in counts.items() if read_status(text).understood)
    all_understood = understood == sum(counts.values())
    if by_name and all_understood:
        return True
    yes = {fold(text) for text in counts if read_status(text).active} - ({"ada", "sudah"} if not by_name else set())
    sure = all_understood or not all(text.strip(".0") in ("1", "") for text in yes)
    return bool(yes) and sure and understood >= _MOST * sum(counts.values())


_NUMBER = re.compile(r"\s*([-−]?\d+)(?:[.,]\d+)?\D{0,3}")  # "118,8934°"
_EXACT = re.compile(r"[.,]\d{4}")  # ",8934" of "118,8934": ten metres
_BOX = {"lintang": (-15, 15), "bujur": (90, 145)}
"""Degrees around Indonesia."""


def is_axis(cells: pd.Series, name: str, *, exact: bool = False) -> bool:
    """Whether most of the filled cells are degrees of latitude (`lintang`) or longitude (`bujur`) around Indonesia, not
    whole ones; `exact`: with four decimals, as only points have."""
    if exact and not cells.str.contains(_EXACT).any():
        return False
    counts = told(cells)
    least, most = _BOX[name]
    degrees = {text: int(match[1].replace("−", "-")) for text in counts if (match := _NUMBER.fullmatch(text))}
    precise = _EXACT.search if exact else (lambda text: not text.strip().isdecimal())
    inside = [text for text, whole in degrees.items() if least <= whole <= most and precise(text)]
    return bool(counts) and sum(counts[text] for text in inside) >= _MOST * sum(counts.values())


_DIGIT = re.compile(r"\d")  # "76.05"
_LETTER = re.compile(r"[^\W\d_]")  # "B" of "Binanga"
_LONG_NUMBER = re.compile(r"\d{4}")  # "7605011001" under "Desa"


def _has_digit(text: str) -> bool:
    return _DIGIT.search(text) is not None


def _is_name(text: str) -> bool:
    return read_tick(text) is None and _LETTER.search(text) is not None


def _names_area(text: str) -> bool:
    return _is_name(text) or _LONG_NUMBER.search(text) is not None


def _is_date(text: str) -> bool:
    return read_date(text).understood


CAN_BE: dict[str, Callable[[str], bool]] = {
    "badan_hukum": READERS["badan_hukum"],
    "perkembangan": READERS["perkembangan"],
    "akreditasi": READERS["akreditasi"],
    "sistem": lambda text: bool(read_system(text)) or fold(text).startswith("lain"),
    **dict.fromkeys(("berlaku_sampai", "tahun"), _is_date),
    **dict.fromkeys(("kapasitas", "klien", "klien_pria", "klien_perempuan"), _has_digit),
    **dict.fromkeys(("kode_desa", "kode_kecamatan", "kode_kabupaten"), _has_digit),
    **dict.fromkeys(("lintang", "bujur"), _has_digit),
    "koordinat": lambda text: _has_digit(text) or "://" in text,
    "nama": _is_name,
    **dict.fromkeys(("desa", "kecamatan", "kabupaten", "provinsi"), _names_area),
}
"""What at least one filled cell of a column must be; fields that are not here take any cell."""


def can_be(cells: pd.Series, name: str, *, by_name: bool = True) -> bool:
    """Whether a column can be a field. `by_name`: see `tells_activity`."""
    if name == "status_aktif":
        return tells_activity(cells, by_name=by_name)
    test = CAN_BE.get(name)
    if test is None:
        return True
    told_nothing = True
    for text in cells.dropna().unique():
        if not is_empty_marker(text):
            if test(text):
                return True
            told_nothing = False
    return told_nothing


def could_be(cells: pd.Series, name: str, settings: Settings) -> bool:
    """As `can_be`, for a heading that is only similar to that of the field: service cells must name a service too."""
    texts = told(cells)
    if name not in SERVICE_FIELDS:
        return can_be(cells, name)
    readings = (read_services(text, settings) for text in texts)
    return not texts or any(reading.services or reading.other or reading.general for reading in readings)


def names_other_group(cells: pd.Series, name: str, settings: Settings) -> bool:
    """Whether a column under the heading of one group ("tanda:anak") names other groups in its cells: no check marks,
    but the services of records whose first was taken for the headings."""
    words = [text for text in told(cells) if read_tick(text) is None and not text.isdecimal()]
    groups = {group for text in words for group, _ in read_services(text, settings).services}
    return not groups <= {name.split(":")[1]}


_BARE_NAME = frozenset(("nama", "name", "nm", "nama lengkap"))
_PERSON_BESIDE = re.compile(  # "jenis kelamin", "tgl lahir", "jabatan", "no hp"
    r"\b(?:jenis kelamin|jk|kelamin|gender|sex|l p|usia|umur|age|lahir|ttl|birth|agama|pendidikan(?: terakhir)?|ijazah"
    r"|jabatan|pangkat|golongan|masa kerja|status perkawinan|status kawin|pekerjaan|profesi|nik|nip|nuptk|ktp"
    r"|no kk|npwp|hp|telp|telepon|tlp|wa|whatsapp|handphone|phone|email|surel|gelar|gaji|honor)\b"
)
_NOT_OF_A_PERSON = re.compile(  # "jumlah pengurus laki-laki", "kelompok umur", "bidang pendidikan"
    r"\b(?:jumlah|jml|total|kelompok|sasaran|layanan|bidang|klien|lembaga|lks|panti|kantor|yayasan"
    r"|ketua|pimpinan|pengurus)\b"
)
_INSTITUTION = re.compile(  # "Panti Asuhan Melati", "LKSA X", "Al-Ikhlas Foundation"
    r"\b(?:lks\w*|panti\w*|yayasan|yay|lembaga|rumah|balai|upt\w*|ipwl|ps[abpm]\w+|pstw|pesantren|ponpes|pondok|asrama"
    r"|sekolah|slb\w*|tk|sd\w?|smp\w?|sma\w?|smk\w?|paud|perkumpulan|organisasi|komunitas|forum|ikatan|persatuan"
    r"|dinas|kantor|pusat|klinik|wadah|sanggar|taman|tpa|sentra|loka|griya|wisma|asuhan|werdha|wreda|jompo"
    r"|foundation|home|house|center|centre|institut\w*|orsos|karang taruna|pkbm|lk3|rpsa|shelter|dayah|wisma|tpq"
    r"|lp\w?s|lsm|rbm|posyandu|pos)\b"
)


def is_person(position: int, headings: Sequence[Parts], cells: pd.DataFrame) -> bool:
    """Whether the column at a position, headed with nothing but "Nama", holds the names of persons."""
    if split_words(" ".join(headings[position])) not in _BARE_NAME:
        return False
    words = (split_words(" ".join(parts)) for parts in headings)
    beside = any(_PERSON_BESIDE.search(text) and not _NOT_OF_A_PERSON.search(text) for text in words)
    return beside and not names_institutions(cells.iloc[:, position])


def names_institutions(cells: pd.Series) -> bool:
    """Whether at least half of the filled cells hold a word for an institution."""
    counts = told(cells)
    named = sum(count for text, count in counts.items() if _INSTITUTION.search(split_words(text)))
    return named > 0 and named * 2 >= sum(counts.values())


_OF_INSTITUTION = re.compile(r"\b(?:nama|lembaga|yayasan|panti|wadah|unit|instansi|organisasi|tempat)\b")  # "nama sp"


def institution_column(headings: Sequence[Parts], cells: pd.DataFrame, free: Sequence[int]) -> int | None:
    """The one of the `free` columns that names institutions, or the one of several whose heading says so."""
    found = [position for position in free if names_institutions(cells.iloc[:, position])]
    named = [position for position in found if _OF_INSTITUTION.search(split_words(" ".join(headings[position])))]
    best = found if len(found) == 1 else named
    return best[0] if len(best) == 1 else None
