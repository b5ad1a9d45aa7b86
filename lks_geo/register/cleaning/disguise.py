"""Places of sensitive groups become "somewhere in this kecamatan", right after they are located.

Nothing behind this room knows more, so everything behind it may be shown. Hiding numbers in outputs cannot do that:
from exact distances, counts and shares of the desa around it a place is found to the metre, from rounded ones to 100 m.

Decides: a row is secret if it serves a sensitive group, alone or beside others, or if its own words say so ("Rumah
Aman", "korban KDRT" in name, service or address; never "korban" alone) or those above it (names of sheet and file,
titles, section). A group that the settings do not know is taken as sensitive, and so is one of the user's own that
takes the words of a sensitive one, unless outputs are for internal use. Rows are one institution by an official id in
one kabupaten or by an equal name (but for its legal form) in one kecamatan, never by their points; if one of them is
secret, all are disguised.
A place whose address is public stays in sight for its other services, unless it has none or its words say what it is.
An address of another row that holds the name of a disguised place is blanked, the name cut out of all its other cells.

Gets wrong: an institution under two names and no id is two, and only the secret one is disguised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lks_geo.catalogue import DEFAULT_GROUPS
from lks_geo.geo import IntArray, linked
from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.register.identity import kin_key, name_key, naming, spoken_cores, spoken_names, spoken_words
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.meaning.lexicon import (
    TELLING,
    Lexicon,
    Meaning,
    Phrase,
    hints_of,
    lexicon_of,
    phrases_of,
    speaker,
    words_of,
)
from lks_geo.register.meaning.services import read_services
from lks_geo.register.reading.fields import SERVICE_FIELDS
from lks_geo.register.reading.headings import SAID
from lks_geo.register.reading.raw import PARTS, TITLES
from lks_geo.settings import Settings
from lks_geo.sheets.folding import read_tick
from lks_geo.sheets.sheet import column, read_each, texts_of
from lks_geo.sheets.sheet_tables import HEADING

BoolArray = npt.NDArray[np.bool_]
Centres = Callable[[Sequence[str]], pd.DataFrame]
"""From codes of kecamatan to `lintang`, `bujur` of the centre of their people, index `kode`."""

Told = Literal["", "unclear", "all"]
_TOLD: tuple[Told, ...] = ("", "unclear", "all")
_ASIDE = re.compile(  # "DINAS SOSIAL DAN PERLINDUNGAN ANAK", "Catatan: ..."; not "DINAS SOSIAL: DAFTAR LKS ANAK"
    r"(?i)\W*(?:(?:pemerintah|dinas|dinsos|badan|kantor|kementerian|bidang|seksi|upt|uptd)\b(?!.*\b(?:lks|lembaga|daftar|data)\b)"
    r"|(?:catatan|keterangan|ket|nb|note|petunjuk)\b|\*)"
)
_WORD_START = re.compile(r"(?<=[a-z])(?=[A-Z]|\d{4})")  # "lksKorban", "lks2026"

BLANKED = ("nama", "alamat", "desa", "kecamatan", "kabupaten", "kode_tertulis", "kode_desa", "id_tertulis")
"""Columns of a disguised row that are not known; what stays of its place are the codes from kecamatan up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrecy:
    """Per row: `secret` (serves a sensitive group or says so), and of these `public` (its address is public)."""

    secret: BoolArray
    public: BoolArray
    harmless: frozenset[str]
    """The groups that are not sensitive."""


def secrecy(cells: pd.DataFrame, services: pd.DataFrame, file_name: str, settings: Settings, ledger: Ledger) -> Secrecy:
    """Which rows are secret: `cells` as read, `services` as `read_service_rows` gives them, both RangeIndex."""
    harmless = _harmless(settings)
    size = len(cells)
    if settings.show_sensitive:
        return Secrecy(secret=np.zeros(size, dtype=bool), public=np.zeros(size, dtype=bool), harmless=harmless)
    words = _Words(settings, harmless)
    names, addresses = (words.perhaps(column(cells, field)) for field in ("nama", "alamat"))
    service_cells = zip(*(column(cells, field) for field in (*SERVICE_FIELDS, SAID)), strict=True)
    service_texts = [" ; ".join(filter(None, texts)) for texts in service_cells]
    tells_shelter, tells_service = (read_each(service_texts, said) for said in (words.shelter, words.in_name))
    unread = ledger.rows_with(("layanan_tak_dikenal", "layanan_tanpa_kelompok"))
    unread |= frozenset(row for row, words in enumerate(services["sisa"]) if words)
    groups = services["kelompok"].tolist()
    by_group = np.array([bool(set(served) - harmless) for served in groups], dtype=bool)
    around = _told_around(cells, file_name, words, settings, harmless)
    by_word, by_service = np.zeros((2, size), dtype=bool)
    for row, (name, address, served) in enumerate(zip(names, addresses, groups, strict=True)):
        unclear = not served or row in unread
        by_word[row] = tells_shelter[row] or words.in_name(name)
        if address is not None:
            by_word[row] |= words.anywhere(address) or words.kept_back(address) or (unclear and words.in_name(address))
        by_service[row] = tells_service[row] or around[row] == "all" or (unclear and around[row] == "unclear")
    others = services["layanan_lain"].tolist()
    mixed = np.array([bool(set(served) & harmless or other) for served, other in zip(groups, others, strict=True)])
    asked = _public_addresses(cells, settings)
    public = asked & by_group & ~by_word & mixed.astype(bool)
    secret = by_group | by_word | by_service
    for ignored in np.flatnonzero(asked & secret & ~public).tolist():
        ledger.add(ignored, Remark(jenis="alamat_publik_diabaikan", kolom="alamat_publik"))
    return Secrecy(secret=secret, public=public, harmless=harmless)


def _harmless(settings: Settings) -> frozenset[str]:
    """The groups that are not sensitive; also by their words, unless the outputs are for internal use anyway."""
    plain = [group for group in settings.groups if not group.sensitive]
    taking = (
        ()
        if settings.internal
        else [group for group in plain if any(phrase in _USUAL_PHRASES for phrase in words_of(group))]
    )
    return frozenset(group.key for group in plain if group not in taking)


def _told_around(
    cells: pd.DataFrame, file_name: str, words: _Words, settings: Settings, harmless: frozenset[str]
) -> list[Told]:
    """Of which rows the sheet's name or section heading, the titles or the file's name says that they serve a sensitive
    group: all, or, where it names others too, those whose own service is not clear. The nearest titles decide."""

    def told(text: str) -> tuple[Told, bool]:
        served = {group for group, _ in read_services(text, settings).services}
        return ("" if not words.in_name(text) else "unclear" if served & harmless else "all"), bool(served)

    def told_above(text: str) -> Told:
        for lines in (part.splitlines() for part in reversed(text.split(PARTS))):
            said, ends = told(" ; ".join(line for line in lines if not _ASIDE.match(line)))
            if not said and any(words.anywhere(line) for line in lines):
                return "unclear"
            if said or ends:
                return said
        return ""

    of_file = told_above(_WORD_START.sub(" ", file_name.rsplit(".", maxsplit=1)[0]))
    around = list(zip(column(cells, "lembar"), column(cells, HEADING), column(cells, TITLES), strict=True))
    telling: dict[tuple[str | None, ...], Told] = {}
    for texts in set(around):
        beside = told(" ; ".join(filter(None, texts[:2])))[0]
        telling[texts] = max(of_file, beside, told_above(texts[2] or ""), key=_TOLD.index)
    return [telling[texts] for texts in around]


def _public_addresses(cells: pd.DataFrame, settings: Settings) -> BoolArray:
    """Whether the office marked each row: in the register or by its id in the settings."""
    public = {text.strip().casefold() for text in settings.public_addresses}
    ids = column(cells, "id")
    marks = [bool(read_tick(text)) for text in column(cells, "alamat_publik")]
    named = [text is not None and text.strip().removesuffix(".0").casefold() in public for text in ids]
    return np.array([mark or listed for mark, listed in zip(marks, named, strict=True)], dtype=bool)


class _Words:
    """Phrases that speak of a sensitive group: of a `shelter`, `anywhere`, or `in_name` (or a service) only."""

    def __init__(self, settings: Settings, harmless: frozenset[str]) -> None:
        usual = [group for group in DEFAULT_GROUPS if group.sensitive and group.key not in harmless]
        lexicon = _telling_phrases(lexicon_of((*settings.groups, *usual)), harmless)
        if usual and not settings.internal:
            lexicon |= _USUAL_PHRASES
        shelters, telling, by_name, kept_back, harmless_words = (
            dict.fromkeys(phrases_of(TELLING[name]), Meaning()) if usual else {}
            for name in ("shelters", "anywhere", "names", "kept_back", "harmless")
        )
        self.shelter = speaker(shelters)
        self.anywhere = speaker(telling | shelters, harmless_words)
        self.kept_back = speaker(kept_back)
        self.in_name = speaker(lexicon | by_name | telling | shelters, harmless_words)
        self._hints = hints_of(lexicon | by_name | telling | shelters | kept_back)

    def perhaps(self, texts: Sequence[str | None]) -> list[str | None]:
        """The texts with None for those that say none of the phrases, told all at once; most are such."""
        told = pa.array(texts, type=pa.large_string())
        plain = pc.string_is_ascii(told)
        hinted = pc.match_substring_regex(told, self._hints, ignore_case=True)
        silent = pc.fill_null(pc.and_not(plain, hinted), False).to_pylist()
        return [None if is_silent else text for text, is_silent in zip(texts, silent, strict=True)]


def _telling_phrases(lexicon: Lexicon, harmless: frozenset[str]) -> dict[Phrase, Meaning]:
    """The phrases that name a sensitive group."""
    return {phrase: meaning for phrase, meaning in lexicon.phrases.items() if set(meaning.groups) - harmless}


_USUAL_PHRASES = _telling_phrases(
    lexicon_of(DEFAULT_GROUPS), frozenset(group.key for group in DEFAULT_GROUPS if not group.sensitive)
)


def alike_rows(cells: pd.DataFrame, secret: BoolArray) -> BoolArray:
    """The secret rows, all that bear the id or the name of one, and so on: rows that must not decide anything for the
    file. Only the secret rows if there are no others, and none if all are."""
    if not secret.any():
        return secret
    names = column(cells, "nama")
    ids = [text and text.strip().removesuffix(".0") for text in column(cells, "id")]
    told = ids, *zip(*((name_key(name) or None, kin_key(name)) for name in names), strict=True)
    everywhere = np.zeros(len(cells), dtype=np.int64)
    label = linked(np.concatenate([_joined(_numbers(texts), everywhere) for texts in told]), len(cells))
    wide = np.isin(label, label[secret])
    biased = secret if wide.all() else wide
    return biased & ~biased.all()


def hidden_rows(rows: pd.DataFrame, known: Secrecy) -> BoolArray:
    """The rows of every secret institution; `rows`: `nama`, `id_tertulis` and the codes of kecamatan and kabupaten."""
    label = institutions(rows, kin=True)
    return np.isin(label, label[known.secret & ~known.public])


def disguise(
    rows: pd.DataFrame, hidden: BoolArray, known: Secrecy, centres: Centres, gazetteer: Gazetteer, ledger: Ledger,
    elsewhere: Sequence[str | None] = (),
) -> tuple[pd.DataFrame, pd.Series]:  # fmt: skip
    """The rows with the `hidden` ones disguised, and the services withheld from rows with a public address.

    `rows`: RangeIndex, the columns of a register with `id_tertulis` instead of `id`. Returned rows have `disamarkan`.
    Remarks on disguised rows lose their values. `baris_ganda` among disguised rows goes by `id_tertulis`, which is one
    for all rows of an institution and says nothing else. `elsewhere`: names of disguised places of other sheets.
    """
    label = institutions(rows)
    shown, groups = rows["layanan"].tolist(), rows["kelompok"].tolist()
    withheld: list[tuple[Any, ...]] = [()] * len(rows)
    for row in np.flatnonzero(known.public & ~hidden).tolist():
        ledger.withhold(row, ("kelompok", "jenis_layanan"))
        withheld[row] = tuple(service for service in shown[row] if service[0] not in known.harmless)
        shown[row] = tuple(service for service in shown[row] if service not in withheld[row])
        groups[row] = tuple(key for key in groups[row] if key not in dict(withheld[row]))
    rows = rows.assign(layanan=_tuples(shown, rows), kelompok=_tuples(groups, rows), disamarkan=False)
    if hidden.any() or elsewhere:
        rows["alamat"] = rows["alamat"].mask(_neighbours(rows, hidden, elsewhere, gazetteer))
    if hidden.any():
        covered = as_disguised(rows[hidden], centres, gazetteer)
        institution = pd.Series([f"institusi{number}" for number in label[hidden]], index=covered.index, dtype="str")
        covered["nama"] = institution.where(rows["nama"][hidden].notna())
        covered["id_tertulis"] = "\0" + institution
        open_rows = rows[~hidden]
        rows = pd.concat([open_rows, covered]).sort_index()
        located = covered["kode_kecamatan"].notna()
        ledger.hide(dict(zip(np.flatnonzero(hidden).tolist(), located.tolist(), strict=True)))
    return rows, _tuples(withheld, rows)


def _neighbours(
    rows: pd.DataFrame, hidden: BoolArray, elsewhere: Sequence[str | None], gazetteer: Gazetteer
) -> BoolArray:
    """Which addresses name a disguised place, in its own kabupaten also without what kind of place it is."""
    told, home = texts_of(rows["nama"][hidden]), rows["kode_kabupaten"].fillna("")
    addresses = spoken_words(texts_of(rows["alamat"]))
    found = naming(addresses, spoken_names([*told, *elsewhere]))
    at_home: dict[str | None, list[str | None]] = {"": [*elsewhere]}
    for code, name in zip(texts_of(home[hidden]), told, strict=True):
        at_home.setdefault(code, []).append(name)
    cores = {
        code: {core for core in spoken_cores(names) if not gazetteer.exact("desa", " ".join(core))}
        for code, names in at_home.items()
    }
    anywhere = {core for some in cores.values() for core in some}
    for there, near in home.groupby(home).indices.items():
        asked = cores[""] | cores.get(str(there), set()) if there else anywhere
        found[near] |= naming([addresses[row] for row in near], asked, streets=False)
    return found & ~hidden


def as_disguised(rows: pd.DataFrame, centres: Centres, gazetteer: Gazetteer) -> pd.DataFrame:
    """The rows as somewhere in their kecamatan: nothing finer is left of them (see BLANKED)."""
    kecamatan = rows["kode_kecamatan"]
    points = centres(sorted(set(kecamatan.dropna()))).reindex(kecamatan)
    unplaced = rows["lokasi"].where(rows["lokasi"] == "luar_wilayah", "tanpa_titik")
    raised = [tuple(sorted({_raised(code, gazetteer) for code in codes})) for codes in rows["cakupan_wilayah"]]
    return rows.assign(
        **{name: pd.array([None] * len(rows), dtype="str") for name in BLANKED if name in rows},
        lintang=points["lintang"].to_numpy(dtype=float),
        bujur=points["bujur"].to_numpy(dtype=float),
        lokasi=unplaced.mask(kecamatan.notna(), "disamarkan"),
        cakupan_wilayah=_tuples(raised, rows),
        disamarkan=True,
    )


def disguised_ids(rows: pd.DataFrame) -> pd.Series:
    """What a disguised row is called: "disamarkan 76.05.01"."""
    area = rows["kode_kecamatan"].fillna(rows["kode_kabupaten"]).fillna("")
    return ("disamarkan " + area).str.strip()


def _tuples(values: Sequence[tuple[Any, ...]], rows: pd.DataFrame) -> pd.Series:
    return pd.Series(list(values), index=rows.index, dtype=object)


def _raised(code: str, gazetteer: Gazetteer) -> str:
    return (gazetteer.upper(code, "kecamatan") or code) if gazetteer.areas[code].level == "desa" else code


def institutions(rows: pd.DataFrame, *, kin: bool = False) -> IntArray:
    """A number per row, the same for all rows of one institution; `kin`: also under another legal form."""
    told = texts_of(rows["nama"])
    names, ids = _numbers([name_key(name) or None for name in told]), _numbers(rows["id_tertulis"])
    kabupaten, kecamatan = _numbers(rows["kode_kabupaten"]), _numbers(rows["kode_kecamatan"])
    links = [*_links(names, ids, kabupaten, kecamatan)]
    if kin:
        links.append(_joined(_numbers([kin_key(name) for name in told]), kecamatan))
    return linked(np.concatenate(links), len(rows))


def _links(names: IntArray, ids: IntArray, kabupaten: IntArray, kecamatan: IntArray) -> Iterator[IntArray]:
    """Pairs of rows that are one institution, enough to join all of them.

    A row of which the kecamatan (the kabupaten) is not known may be that of any row with its name in the kabupaten
    (with its id).
    """
    everywhere = np.zeros(len(names), dtype=np.int64)
    yield _joined(names, kecamatan)
    yield _joined(np.where(_open_ended(names, kabupaten, kecamatan), names, -1), kabupaten)
    yield _joined(ids, kabupaten)
    yield _joined(np.where(_open_ended(ids, everywhere, kabupaten), ids, -1), everywhere)


def _numbers(texts: Sequence[str | None] | pd.Series) -> IntArray:
    """A number per text, the same for equal ones; -1 where nothing is known, and so in all that follows."""
    return pd.factorize(texts if isinstance(texts, pd.Series) else np.array(texts, dtype=object))[0]


def _open_ended(key: IntArray, wide: IntArray, narrow: IntArray) -> BoolArray:
    """Whether any row with this key in this wide area has no known narrow area."""
    group = _together(key, wide)
    return np.isin(group, group[narrow < 0])


def _joined(key: IntArray, scope: IntArray) -> IntArray:
    """Neighbouring pairs of row positions with one key in one scope; what is not known joins nothing."""
    group = _together(key, scope)
    order = np.argsort(group, kind="stable")
    same = (group[order][1:] == group[order][:-1]) & (group[order][1:] >= 0)
    return np.column_stack([order[:-1][same], order[1:][same]])


def _together(key: IntArray, scope: IntArray) -> IntArray:
    """A number per pair of numbers, -1 where one of them is."""
    return np.where((key < 0) | (scope < 0), -1, key.astype(np.int64) * (scope.max(initial=0) + 1) + scope)
