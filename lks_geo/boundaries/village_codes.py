"""The codes of a layer: which cells are codes of villages, of larger areas, of ground without people; which system.

Kemendagri codes are dotted (76.05.01.1001), BPS codes are ten digits (7601010001). `EVIDENCE` is asked in order, once
per layer, and the first that answers decides; a single odd cell decides nothing. A layer that only its digits speak for
is not sure, and follows the layers beside it.
Gets wrong: a BPS layer of desa whose kecamatan codes all end in 1, 2 or 3, without names, headings or larger codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from lks_geo.boundaries.country import PROVISIONAL, country_names, shipped_villages, upper_names
from lks_geo.sheets.folding import compact, is_empty_marker

DIGITS = 10
"""How many digits the code of a village has."""

MOST, SOME = 0.9, 0.6
"""From this share of codes that can be Kemendagri's they are; below the other they are not; between, who knows."""

PARTS = (
    ("kdprov", "kdprop", "kodeprov", "kodeprop", "kodeprovinsi", "kodepropinsi", "noprop", "noprov", "provno"),
    ("kdkab", "kdkabkota", "kodekab", "kodekabupaten", "kodekabkota", "nokab", "kabkotno", "kabno"),
    ("kdkec", "kodekec", "kodekecamatan", "nokec", "kecno"),
    ("kddesa", "kddes", "kdkel", "kddesakel", "kdkeldesa", "kodedesa", "kodekel", "kodekelurahan", "nokel", "nodesa",
     "desano", "kelno"),
)  # fmt: skip
"""Headings of a code in four columns: province, kabupaten, kecamatan, desa."""

_LETTERS = re.compile(r"^['’]?(?:ID)?(?=\d)|(?<=\d)\.0+$", re.IGNORECASE)  # "ID7605011001", "7605011001.0"
_BLOCKS = re.compile(r"[.\s/_-]")  # "76.05.01.1001", "76 05 01 1001"
_PROVINCE = r"(?:1[1-9]|[2-9]\d)"  # 11 Aceh to 97; the drawn world of the tests is 99
_CODE = re.compile(rf"{_PROVINCE}\d{{8}}")  # "7605011001"
_UPPER = {4: "kabupaten", 6: "kecamatan", 7: "kecamatan", 2: "provinsi"}
_DOTTED = re.compile(r"\d\d\D\d\d\D\d\d\D\d{4}")  # Kemendagri: "76.05.01.1001"
_DOTTED_BPS = re.compile(r"\d\d\D\d\d\D\d{3}\D\d{3}")  # BPS: "76.01.010.001"
_EMPTY_BLOCK = re.compile(r"..(?:88|99)(?:8{6}|9{6})|....(?:888|999|555)...|.{7}(?:888|999|555)")
"""BPS: "7601010888" lake, "7601999999" forest, "3388888888" a reservoir between kabupaten."""
_GROUND = re.compile(  # "Kawasan Hutan Lindung", "Tubuh Air"
    r"(?:kawasan )?hutan(?: (?:lindung|negara|produksi|konservasi|adat).*)?|(?:tubuh|badan) air.*|perairan.*"
)
_PERHAPS_GROUND = re.compile(r"(?:danau|waduk|laut|rawa|sungai)\b.*")
"""Names of ground if the code is none of a village too ("Danau" and "Waduk" are also names of desa)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSystem:
    """A way to number areas: the length of the code of each upper level, which is how a desa code begins."""

    key: str
    lengths: dict[str, int]


KEMENDAGRI = CodeSystem(key="kemendagri", lengths={"kecamatan": 8, "kabupaten": 5, "provinsi": 2})
BPS = CodeSystem(key="bps", lengths={"kecamatan": 7, "kabupaten": 4, "provinsi": 2})


@dataclass(frozen=True, kw_only=True)
class CodeCells:
    """What a layer says about its codes: digits and text of each village code, the heading, what stands beside them.

    `parents` are digits of kecamatan codes, the others names; None if the layer has no such column.
    """

    digits: pd.Series[str]
    written: pd.Series[str]
    heading: str = ""
    parents: pd.Series[str] | None = None
    kecamatan: pd.Series[str] | None = None
    kabupaten: pd.Series[str] | None = None
    nama: pd.Series[str] | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The system of a layer's codes; not `sure` if nothing but the digits speaks for it."""

    system: CodeSystem
    sure: bool


def is_blank(text: object) -> bool:
    """Whether a code cell says nothing: blank, "-", "NA", "0"."""
    return not isinstance(text, str) or is_empty_marker(text) or not text.strip("0. ")


def digits_of(cells: pd.Series[str]) -> pd.Series[str]:
    """Code cells as bare digits, NA where they say nothing; what is no code keeps its letters."""
    texts = cells.astype("str").str.strip()
    plain = texts.str.replace(_LETTERS, "", regex=True).str.replace(_BLOCKS, "", regex=True)
    unclear = ~are_codes(plain)
    blank = texts[unclear].map(is_blank).astype(bool)
    return plain.mask(blank.reindex(texts.index, fill_value=False))


def are_codes(digits: pd.Series[str]) -> pd.Series[bool]:
    """Which digits are the code of a village."""
    return digits.str.fullmatch(_CODE).fillna(False).astype(bool)


def upper_level(digits: object) -> str | None:
    """The level of a code that is shorter than a village's: "760501" is a kecamatan."""
    return _UPPER.get(len(digits)) if isinstance(digits, str) and digits.isdecimal() else None


def is_ground(digits: object, name: object) -> bool:
    """Whether an area is forest, lake or other ground without people, by its code or its name."""
    code = digits if isinstance(digits, str) else ""
    text = name.casefold().strip() if isinstance(name, str) else ""
    if _EMPTY_BLOCK.fullmatch(code) or _GROUND.fullmatch(text):
        return True
    return not _CODE.fullmatch(code) and _PERHAPS_GROUND.fullmatch(text) is not None


def decide(cells: CodeCells) -> Verdict:
    """The system of a layer by the first evidence that answers."""
    for evidence in EVIDENCE:
        system = evidence(cells)
        if system is not None:
            return Verdict(system=system, sure=True)
    return Verdict(system=KEMENDAGRI if _like_kemendagri(cells) >= MOST else BPS, sure=False)


def _blocks(cells: CodeCells) -> CodeSystem | None:
    """Dots: "76.05.01.1001" is Kemendagri, "76.01.010.001" BPS."""
    half = len(cells.written) / 2
    if cells.written.str.fullmatch(_DOTTED).sum() > half:
        return KEMENDAGRI
    return BPS if cells.written.str.fullmatch(_DOTTED_BPS).sum() > half else None


def _impossible(cells: CodeCells) -> CodeSystem | None:
    """Nearly no code with a seventh digit of Kemendagri's (1 to 3), whatever name or heading stands beside it."""
    return BPS if _like_kemendagri(cells) <= 1 - MOST else None


def _parents(cells: CodeCells) -> CodeSystem | None:
    """The kecamatan codes beside them: six digits are Kemendagri, seven BPS."""
    if cells.parents is None:
        return None
    lengths = cells.parents.str.len()
    fits = [code.startswith(parent) for code, parent in zip(cells.digits, cells.parents.fillna("?"), strict=True)]
    counts = {length: int((lengths[fits] == length).sum()) for length in (6, 7)}
    if max(counts.values()) <= len(cells.digits) / 2:
        return None
    return KEMENDAGRI if counts[6] > counts[7] else BPS


def _names(cells: CodeCells) -> CodeSystem | None:
    """Names of villages (those that ship): those of their codes in one system, and not in the other."""
    if cells.nama is None:
        return None
    known = shipped_villages()
    names = cells.nama.map(compact, na_action="ignore")
    by_bps = known.dropna(subset=["kode_bps"]).drop_duplicates("kode_bps").set_index("kode_bps")["folded"]
    same = {
        KEMENDAGRI.key: int((cells.digits.map(known.set_index("digits")["folded"]) == names).sum()),
        BPS.key: int((cells.digits.map(by_bps) == names).sum()),
    }
    if max(same.values()) < max(1, len(names) / 5) or same[KEMENDAGRI.key] == same[BPS.key]:
        return None
    return KEMENDAGRI if same[KEMENDAGRI.key] > same[BPS.key] else BPS


def _kecamatan_names(cells: CodeCells) -> CodeSystem | None:
    """Names of kecamatan: those of their Kemendagri codes, or only names of others in the province (then BPS).

    That a single kecamatan is named so can be chance, unless BPS calls the one of these digits something else.
    """
    if cells.kecamatan is None:
        return None
    system = _country(cells.digits.str[:6], cells.kecamatan, "kecamatan")
    begins = set(cells.digits.str[:7].dropna())
    if system is not KEMENDAGRI or len(begins) > 1:
        return system
    known = upper_names("kecamatan", 7, bps=True)
    others = {compact(known[code]) for code in begins if code in known}
    return KEMENDAGRI if others and others.isdisjoint(cells.kecamatan.dropna().map(compact)) else None


def _kabupaten_names(cells: CodeCells) -> CodeSystem | None:
    """Names of kabupaten that their Kemendagri codes never have speak for BPS; equal ones for neither, as most are."""
    return BPS if _country(cells.digits.str[:4], cells.kabupaten, "kabupaten") is BPS else None


def _country(codes: pd.Series[str], names: pd.Series[str] | None, level: str) -> CodeSystem | None:
    if names is None:
        return None
    known = {code.replace(".", ""): compact(name) for code, name in country_names(level).items()}
    held = {(code[:2], name) for code, name in known.items()}
    written = names.str.replace(r"(?i)^(?:kecamatan|kec\.?|kabupaten|kab\.?)\s+", "", regex=True)  # "Kab. Mamuju"
    table = pd.DataFrame({"code": codes, "nama": written}).dropna().drop_duplicates()
    table["nama"] = table["nama"].map(compact)
    same = int((table["code"].map(known) == table["nama"]).sum())
    if same:
        return KEMENDAGRI if same >= len(table) / 2 else None
    elsewhere = sum((code[:2], name) in held for code, name in zip(table["code"], table["nama"], strict=True))
    return BPS if elsewhere > len(table) / 2 else None


def _letters(cells: CodeCells) -> CodeSystem | None:
    """OCHA writes "ID" before BPS codes."""
    return BPS if cells.written.str.match(r"ID\d", case=False).sum() > len(cells.written) / 2 else None


def _grouping(cells: CodeCells) -> CodeSystem | None:
    """One name per kecamatan: the beginning of the codes that gives one name to each, and one code to each name."""
    if cells.kecamatan is None:
        return None
    table = pd.DataFrame({"kabupaten": cells.digits.str[:4], "nama": cells.kecamatan, "digits": cells.digits}).dropna()
    wrong = {}
    for system, length in ((KEMENDAGRI, 6), (BPS, 7)):
        pairs = table.assign(code=table["digits"].str[:length])[["kabupaten", "nama", "code"]].drop_duplicates()
        wrong[system.key] = int(pairs.duplicated(["kabupaten", "nama"]).sum() + pairs.duplicated("code").sum())
    if wrong[KEMENDAGRI.key] == wrong[BPS.key]:
        return None
    return KEMENDAGRI if wrong[KEMENDAGRI.key] < wrong[BPS.key] else BPS


HEADING_SYSTEM = {
    "kdepum": KEMENDAGRI, "kodekemendagri": KEMENDAGRI, "kodedagri": KEMENDAGRI, "kodedukcapil": KEMENDAGRI,
    "iddesa": BPS, "idsls": BPS, "idsubsls": BPS, "kodesls": BPS,
    "kdebps": BPS, "kodebps": BPS, "idbps": BPS, "cc4": BPS, "adm4pcode": BPS,
}  # fmt: skip
"""Headings (letters and digits only) that belong to one system."""


def _heading(cells: CodeCells) -> CodeSystem | None:
    """The heading: KDEPUM is Kemendagri, iddesa BPS."""
    return HEADING_SYSTEM.get(compact(cells.heading))


def _seventh(cells: CodeCells) -> CodeSystem | None:
    """The seventh digit: 1 to 3 in most Kemendagri codes (kelurahan, desa, desa adat), mostly 0 in BPS codes."""
    share = _like_kemendagri(cells)
    if share < SOME:
        return BPS
    return KEMENDAGRI if share >= MOST and cells.digits.str[:6].nunique() > 1 else None


def _like_kemendagri(cells: CodeCells) -> float:
    return float(cells.digits.str[6].isin(["1", "2", "3"]).mean()) if len(cells.digits) else 1.0


EVIDENCE: tuple[Callable[[CodeCells], CodeSystem | None], ...] = (
    _blocks,  # 76.05.01.1001
    _impossible,  # 7601010001
    _parents,  # 7604022 beside 7604022001
    _names,  # 7604022001 is called Botteng: BPS
    _kecamatan_names,  # 7604022001 lies in Campalagian: Kemendagri; in Simboro: BPS
    _kabupaten_names,  # 7604022001 lies in Mamuju: BPS
    _letters,  # ID7604022001
    _grouping,  # 7601012001 and 7601011001 both "Tapalang": Kemendagri
    _heading,  # iddesa
    _seventh,  # 7601010001
)
"""From sure to weak; only the first that answers counts."""


def odd_codes(digits: pd.Series[str], system: CodeSystem) -> pd.Series[bool]:
    """Which codes can't be of the system: its seventh digit is 1 to 3 in Kemendagri codes (or PROVISIONAL in all)."""
    seventh = digits.str[6]
    return (system is KEMENDAGRI) & ~seventh.isin(["1", "2", "3"]) & (not (seventh == PROVISIONAL).all())


def in_form(digits: pd.Series[str], system: CodeSystem) -> pd.Series[str]:
    """Digits as codes of the system are written: 7605011001 becomes 76.05.01.1001 in Kemendagri's."""
    if system is BPS:
        return digits
    return digits.str.replace(r"(\d\d)(\d\d)(\d\d)(\d{4})", r"\1.\2.\3.\4", regex=True)


def joined_parts(
    headings: Sequence[str], column: Callable[[str], pd.Series[str]]
) -> tuple[list[str], pd.Series[str]] | None:
    """Codes in four columns, put together: (76, 1, 10, 1) is 7601010001, (76, 5, 1, 2001) 7605012001.

    `column` gives the text cells of a heading. None if one of the four is missing.
    """
    names = [next((name for name in headings if compact(name) in part), None) for part in PARTS]
    if any(name is None for name in names):
        return None
    parts = [digits_of(column(str(name))).fillna("") for name in names]
    kemendagri = parts[3].str.len().max() == 4
    for at, width in enumerate((2, 2, 2, 4) if kemendagri else (2, 2, 3, 3)):
        parts[at] = parts[at].str.zfill(width)
    joined = parts[0] + parts[1] + parts[2] + parts[3]
    return [str(name) for name in names], digits_of(joined)
