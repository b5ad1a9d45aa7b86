"""Makes registers as offices keep them, for tests: twelve invented LKS at real villages, and dirt by name.

    written = write_register(tmp_path / "lks.xlsx", dirt=["title_rows", "comma_decimals", "total_row"])
    written.numbers   # row number of each LKS as the file's program shows it

New dirt in the cells is one line in CELL_DIRT, new dirt in the layout one line in LAYOUT_DIRT (a function of one page).
Dirt is put on in the order of the tables. The file's ending decides the format; `.csv` takes `delimiter` and
`encoding`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from register_files import Grid, write_file

HEADINGS = {
    "no": "No", "id": "ID LKS", "nama": "Nama LKS", "jenis_layanan": "Jenis Layanan", "sistem": "Sistem Layanan",
    "status_aktif": "Status Aktif", "badan_hukum": "Badan Hukum", "akreditasi": "Akreditasi",
    "berlaku_sampai": "Berlaku Sampai", "kapasitas": "Kapasitas", "klien": "Jumlah Klien", "alamat": "Alamat",
    "desa": "Desa/Kelurahan", "kecamatan": "Kecamatan",
    "kabupaten": "Kabupaten", "kode_desa": "Kode Desa", "lintang": "Lintang", "bujur": "Bujur",
}  # fmt: skip
"""Columns of a clean page, in order, with their headings."""

_PLACES = (
    ("76.03.01.1002", "Talipukki", "Mambi", "Mamasa", -2.946669, 119.13793),
    ("76.03.03.2002", "Rambusaratu", "Mamasa", "Mamasa", -2.851448, 119.408304),
    ("76.03.06.1002", "Tabone", "Sumarorong", "Mamasa", -3.174468, 119.332019),
    ("76.02.12.2004", "Saletto", "Simboro", "Mamuju", -2.728276, 118.839152),
    ("76.02.03.1001", "Sinyonyoi", "Kalukku", "Mamuju", -2.562884, 119.048614),
    ("76.02.02.1002", "Kasambang", "Tapalang", "Mamuju", -2.875612, 118.909529),
    ("76.05.08.1001", "Baurung", "Banggae Timur", "Majene", -3.545469, 118.993715),
    ("76.05.02.1001", "Lalampanua", "Pamboang", "Majene", -3.484378, 118.895934),
    ("76.04.03.1001", "Sidodadi", "Wonomulyo", "Polewali Mandar", -3.39954, 119.215226),
    ("76.04.12.2001", "Tammajarra", "Balanipa", "Polewali Mandar", -3.486588, 119.031706),
    ("76.01.01.2004", "Randomayang", "Bambalamotu", "Pasangkayu", -1.049035, 119.485058),
    ("76.06.04.2001", "Budong-Budong", "Topoyo", "Mamuju Tengah", -2.056397, 119.221917),
)
_KINDS = (
    ("LKSA Kasih Bunda", "LKS Anak Dalam Panti", "Dalam panti"),
    ("LKS-LU Sejahtera", "LKS Lanjut Usia Luar Panti", "Luar panti"),
    ("Panti Asuhan Melati", "Anak", "Dalam panti"),
    ("LKSPD Mandiri Jaya", "LKS Disabilitas Dalam Panti", "Dalam panti"),
    ("IPWL Harapan Baru", "LKS Korban Penyalahgunaan NAPZA", "Luar panti"),
    ("Jumlah Kasih Lestari", "Anak; Lansia", "Luar panti"),
)

Line = dict[str, Any]
"""One line of a page: column key -> cell."""


@dataclass(kw_only=True)
class Block:
    """Lines with what is merged in them: (line, column key, lines down, columns across). `hidden`: hidden lines."""

    lines: list[Line] = field(default_factory=list)
    merges: list[tuple[int, str, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)


@dataclass(kw_only=True)
class Page:
    """One sheet. In `body` the lines that are LKS carry `is_lks`; column "" is one more to the right of all."""

    name: str = "Data LKS"
    columns: list[str]
    above: Block = field(default_factory=Block)
    header: Block
    body: Block
    below: Block = field(default_factory=Block)
    is_lks: list[bool]

    def insert(self, at: int, line: Line) -> None:
        """A line that is no LKS, before position `at` of the body."""
        self.body.lines.insert(at, line)
        self.is_lks.insert(at, False)
        self.body.merges = [(row + (row >= at), *rest) for row, *rest in self.body.merges]  # type: ignore[misc]


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written: the file, the row number of each LKS, and the values put in (by column key)."""

    path: Path
    numbers: tuple[int, ...]
    rows: tuple[Line, ...]


def clean_rows(count: int = 12) -> list[Line]:
    """Invented LKS, one per real village (from the 13th on the same villages again, other names)."""
    rows: list[Line] = []
    for n in range(count):
        code, desa, kecamatan, kabupaten, lat, lon = _PLACES[n % 12]
        nama, layanan, sistem = _KINDS[n % 6]
        rows.append({
            "no": n + 1, "id": f"LKS-{n + 1:03}", "nama": f"{nama} {desa}" + (f" {n // 12 + 1}" if n >= 12 else ""),
            "jenis_layanan": layanan, "sistem": sistem, "status_aktif": "Aktif" if n % 4 else "Tidak aktif",
            "badan_hukum": "Ya", "akreditasi": "ABC"[n % 3], "berlaku_sampai": "2028-05-01", "kapasitas": 20 + n,
            "klien": 15 + n, "alamat": f"Jl. Poros {kecamatan} No. {n + 1}", "desa": desa, "kecamatan": kecamatan,
            "kabupaten": kabupaten, "kode_desa": code, "lintang": lat, "bujur": round(lon + n // 12 * 0.002, 6),
        })  # fmt: skip
    return rows


def page(rows: Sequence[Line] | None = None, columns: Sequence[str] | None = None) -> Page:
    """A clean page: one header row, one line per LKS."""
    rows = [dict(row) for row in (clean_rows() if rows is None else rows)]
    keys = list(columns or HEADINGS)
    header = Block(lines=[{key: HEADINGS.get(key, key) for key in keys}])
    return Page(columns=keys, header=header, body=Block(lines=rows), is_lks=[True] * len(rows))


def _dms(value: float, positive: str, negative: str) -> str:
    seconds = round(abs(value) * 3600, 2)
    return (
        f"{int(seconds // 3600)}°{int(seconds // 60 % 60)}'{seconds % 60:.2f}\" {positive if value >= 0 else negative}"
    )


CELL_DIRT: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "comma_decimals_lat": ("lintang", lambda v: str(v).replace(".", ",")),
    "comma_decimals_lon": ("bujur", lambda v: str(v).replace(".", ",")),
    "dms_lat": ("lintang", lambda v: _dms(v, "LU", "LS")),
    "dms_lon": ("bujur", lambda v: _dms(v, "BT", "BB")),
    "question_marks_lat": ("lintang", lambda v: _dms(v, "LU", "LS").translate(str.maketrans("°'\"", "???"))),
    "side_lat": ("lintang", lambda v: f"{-v} LS"),
    "typographic_minus": ("lintang", lambda v: str(v).replace("-", "−")),
    "guarded_lon": ("bujur", lambda v: f'="{v}"'),
    "unseen_marks_lon": ("bujur", lambda v: f"\u202a{v}\u202c"),
    "missing_minus": ("lintang", abs),
    "glued_lat": ("lintang", lambda v: int(f"{v:.6f}".replace(".", ""))),
    "glued_lon": ("bujur", lambda v: int(f"{v:.6f}".replace(".", ""))),
    "undotted_codes": ("kode_desa", lambda v: v.replace(".", "")),
    "codes_as_numbers": ("kode_desa", lambda v: float(v.replace(".", ""))),
    "upper_desa": ("desa", str.upper),
    "desa_prefix": ("desa", lambda v: f"Desa {v}"),
    "kec_prefix": ("kecamatan", lambda v: f"Kec. {v}"),
    "kab_prefix": ("kabupaten", lambda v: f"Kab. {v}"),
    "polman": ("kabupaten", lambda v: "Polman" if v == "Polewali Mandar" else v),
    "padded": ("kabupaten", lambda v: f"{v}          "),
    "capacity_words": ("kapasitas", lambda v: f"±{v} orang"),
    "dates_dmy": ("berlaku_sampai", lambda v: "1/5/2028"),
    "status_upper": ("status_aktif", str.upper),
    "address_with_phone": ("alamat", lambda v: f"{v}, HP 081200001234"),
    "no_street": ("alamat", lambda v: "-"),
}
"""Dirt in the cells of one column: name -> (column key, what becomes of each value)."""


def _titles(sheet: Page) -> None:
    sheet.above.lines += [
        {"no": "DAFTAR LEMBAGA KESEJAHTERAAN SOSIAL (LKS)"},
        {"no": "PROVINSI SULAWESI BARAT TAHUN 2026"},
        {},
    ]
    sheet.above.merges += [(line, "no", 1, len(sheet.columns)) for line in (0, 1)]


def _metadata(sheet: Page) -> None:
    sheet.above.lines += [{"no": "BULAN", "id": ": MEI 2026"}, {"no": "INSTANSI:", "id": "Dinas Sosial"}]


def _two_row_header(sheet: Page, *, merged: bool = True) -> None:
    points = [key for key in sheet.columns if key in ("lintang", "bujur")]
    upper = {**sheet.header.lines[0], **dict.fromkeys(points), **dict.fromkeys(points[:1], "Titik Koordinat")}
    lower = {key: HEADINGS[key] for key in points}
    if merged:
        sheet.header.merges = [(0, key, 1, 2) for key in points[:1]]
        sheet.header.merges += [(0, key, 2, 1) for key in sheet.columns if key not in lower and upper.get(key)]
    sheet.header.lines = [upper, lower]


def _column_numbers(sheet: Page) -> None:
    sheet.insert(0, {key: n for n, key in enumerate(sheet.columns, start=1)})


def _repeated_header(sheet: Page) -> None:
    for line in reversed(sheet.header.lines):
        sheet.insert(len(sheet.is_lks) // 2, dict(line))


def _blank_lines(sheet: Page) -> None:
    for at in (len(sheet.is_lks), len(sheet.is_lks) // 2, 0):
        sheet.insert(at, {})


def _sections(sheet: Page, key: str, word: str) -> None:
    for at in reversed(range(len(sheet.is_lks))):
        row = sheet.body.lines[at]
        if sheet.is_lks[at] and (at == 0 or row.get(key) != sheet.body.lines[at - 1].get(key)):
            sheet.insert(at, {"no": f"{word} {row[key]}".upper()})
    sheet.columns.remove(key)


def _merged_down(sheet: Page, key: str) -> None:
    start = 0
    for at in range(1, len(sheet.body.lines) + 1):
        if at == len(sheet.body.lines) or sheet.body.lines[at].get(key) != sheet.body.lines[start].get(key):
            if at - start > 1:
                sheet.body.merges.append((start, key, at - start, 1))
                for line in sheet.body.lines[start + 1 : at]:
                    line[key] = None
            start = at


def _total(sheet: Page) -> None:
    sheet.below.lines.append({"no": "TOTAL", "kapasitas": 306, "klien": 246})


def _signature(sheet: Page) -> None:
    sheet.below.lines += [
        {}, {"desa": "Mamuju, 3 Januari 2026"}, {"nama": "Diketahui:", "desa": "Petugas Pendata"},
        {"nama": "Kepala Dinas Sosial"}, {}, {},
        {"nama": "Nama Pejabat Contoh, M.Si", "desa": "Nama Petugas Contoh"}, {"nama": "NIP. 19700101 199001 1 001"},
    ]  # fmt: skip


def _marks(sheet: Page) -> None:
    at = sheet.columns.index("jenis_layanan")
    groups = {"Anak": "anak", "Lansia": "lan", "Disabilitas": "disab", "NAPZA": "napza", "Korban Kekerasan": "keras"}
    for line, is_lks in zip(sheet.body.lines, sheet.is_lks, strict=True):
        served = str(line.pop("jenis_layanan", "")).casefold() if is_lks else ""
        line.update({title: "V" for title, word in groups.items() if word in served})
    sheet.columns[at : at + 1] = list(groups)
    sheet.header.lines[0] = {key: HEADINGS.get(key, key) for key in sheet.columns}


def _status_ticks(sheet: Page) -> None:
    if "status_aktif" not in sheet.columns:
        return
    at = sheet.columns.index("status_aktif")
    titles = ("Aktif", "Tidak Aktif")
    for line, is_lks in zip(sheet.body.lines, sheet.is_lks, strict=True):
        status = str(line.pop("status_aktif", "")).casefold() if is_lks else ""
        line.update({title: "V" for title in titles if title.casefold() == status})
    sheet.columns[at : at + 1] = list(titles)
    sheet.header.lines[0] = {key: sheet.header.lines[0].get(key, key) for key in sheet.columns}


def _service_sections(sheet: Page) -> None:
    sheet.insert(len(sheet.is_lks) // 2, {"nama": "B. LKS LANJUT USIA"})
    sheet.insert(0, {"nama": "A. LKS ANAK"})
    sheet.below.lines.append({"nama": "*) belum diverifikasi"})


def _personal(sheet: Page) -> None:
    for title, value in (
        ("Nama Ketua", "Nama Orang"),
        ("NIK", "7601014101700001"),
        ("No. HP", "0812 0000 1234"),
        ("Rekening", "0011223344"),
    ):
        sheet.columns.append(title)
        sheet.header.lines[0][title] = title
        for line, is_lks in zip(sheet.body.lines, sheet.is_lks, strict=True):
            line.update({title: value} if is_lks else {})


def _retitled(sheet: Page, headings: dict[str, str]) -> None:
    sheet.header.lines[0].update(headings)


def _moved(sheet: Page, key: str, before: str) -> None:
    sheet.columns.remove(key)
    sheet.columns.insert(sheet.columns.index(before), key)


def _without(sheet: Page, *keys: str) -> None:
    sheet.columns = [key for key in sheet.columns if key not in keys]


def _side_column(sheet: Page, title: str, values: Sequence[object]) -> None:
    """One more column, whose values take turns."""
    sheet.columns.append(title)
    sheet.header.lines[0][title] = title
    lines = [line for line, is_lks in zip(sheet.body.lines, sheet.is_lks, strict=True) if is_lks]
    for at, line in enumerate(lines):
        line[title] = values[at % len(values)]


def _other_status(sheet: Page) -> None:
    _without(sheet, "status_aktif")
    _side_column(sheet, "Status", ["N", "S", "N", "N"])


def _counted_ids(sheet: Page) -> None:
    """Ids that start again in every kabupaten."""
    counts: dict[str, int] = {}
    for line in sheet.body.lines:
        counts[line["kabupaten"]] = line["id"] = counts.get(line["kabupaten"], 0) + 1


def _persons(sheet: Page) -> None:
    _retitled(sheet, {"nama": "Nama Wadah"})
    _side_column(sheet, "Nama", ["Orang Satu", None, "Orang Tiga"])
    _side_column(sheet, "Jenis Kelamin", ["L", "P"])


def _hidden(sheet: Page) -> None:
    sheet.body.hidden |= {1, 3}


def _swapped_axes(sheet: Page) -> None:
    for line in sheet.body.lines:
        if "lintang" in line:
            line["lintang"], line["bujur"] = line["bujur"], line["lintang"]


def _one_cell(sheet: Page) -> None:
    for line in sheet.body.lines:
        line["lintang"] = f"{line.get('lintang')}, {line.get('bujur')}"
    _retitled(sheet, {"lintang": "Titik Koordinat"})
    _without(sheet, "bujur")


def _areas_in_address(sheet: Page) -> None:
    for line in sheet.body.lines:
        line["alamat"] = "{alamat} {desa}, Kec. {kecamatan}, Kab. {kabupaten} 91511".format(**line)
    _without(sheet, "desa", "kecamatan", "kabupaten", "kode_desa")


PLACE_DIRT: dict[str, Callable[[Page], None]] = {
    "swapped_axes": _swapped_axes,
    "one_cell": _one_cell,
    "areas_in_address": _areas_in_address,
}
"""Dirt in the columns that say where an LKS is: name -> what it does to the page, before the layout."""

LAYOUT_DIRT: dict[str, Callable[[Page], None]] = {
    "english_headings": lambda sheet: _retitled(
        sheet, {"nama": "Institution name", "jenis_layanan": "Services", "kecamatan": "District"}
    ),
    "typo_headings": lambda sheet: _retitled(
        sheet, {"nama": "Nama Lembga", "jenis_layanan": "Jenis Layananan", "kecamatan": "Kecamtan"}
    ),
    "snake_headings": lambda sheet: _retitled(
        sheet, {"nama": "nama_lembaga", "jenis_layanan": "jenis_layanan", "lintang": "latitude"}
    ),
    "portal_headings": lambda sheet: _retitled(
        sheet,
        {
            "desa": "kemendagri_nama_desa_kelurahan",
            "kecamatan": "bps_nama_kecamatan",
            "kabupaten": "kab_kota.nama",
            "kode_desa": "kemendagri_kode_desa_kelurahan",
        },
    ),
    "map_headings": lambda sheet: _retitled(
        sheet,
        {"desa": "WADMKD", "kecamatan": "WADMKC", "kabupaten": "WADMKK", "lintang": "POINT_Y", "bujur": "POINT_X"},
    ),
    "form_headings": lambda sheet: _retitled(
        sheet,
        {
            "nama": "identitas/nama_lks",
            "jenis_layanan": "grup/layanan",
            "lintang": "_gps_latitude",
            "bujur": "_gps_longitude",
            "status_aktif": "Apakah LKS masih aktif?",
        },
    ),
    "persons_beside": _persons,
    "counted_ids": _counted_ids,
    "other_status": _other_status,
    "filled_with_a_word": lambda sheet: _side_column(sheet, "Kelompok Sasaran", ["Lengkap"]),
    "legality_complete": lambda sheet: _side_column(sheet, "Legalitas", ["Lengkap"]),
    "xy_headings": lambda sheet: _retitled(sheet, {"lintang": "Y", "bujur": "X"}),
    "idm_headings": lambda sheet: _retitled(sheet, {"lintang": "Latitude (LU/LS)", "bujur": "Longitude (BB/BT)"}),
    "longitude_first": lambda sheet: _moved(sheet, "bujur", "lintang"),
    "no_status": lambda sheet: _without(sheet, "status_aktif"),
    "no_codes": lambda sheet: _without(sheet, "kode_desa"),
    "no_points": lambda sheet: _without(sheet, "lintang", "bujur"),
    "check_marks": _marks,
    "status_ticks": _status_ticks,
    "personal_columns": _personal,
    "blank_first_column": lambda sheet: sheet.columns.insert(0, " "),
    "two_row_header": _two_row_header,
    "two_row_header_unmerged": lambda sheet: _two_row_header(sheet, merged=False),
    "sections_kabupaten": lambda sheet: _sections(sheet, "kabupaten", "Kabupaten"),
    "sections_kecamatan": lambda sheet: _sections(sheet, "kecamatan", "Kecamatan:"),
    "service_sections": _service_sections,
    "column_numbers": _column_numbers,
    "repeated_header": _repeated_header,
    "blank_lines": _blank_lines,
    "merged_kabupaten": lambda sheet: _merged_down(sheet, "kabupaten"),
    "title_rows": _titles,
    "metadata_rows": _metadata,
    "total_row": _total,
    "signature": _signature,
    "hidden_rows": _hidden,
}
"""Dirt in the layout: name -> what it does to the page. In the order in which it is put on: headings and columns, then
the header, then the lines of the body, then what stands around it."""


def soil(sheet: Page, dirt: Sequence[str]) -> Page:
    """The page with dirt put on it: cells first (one kind per column), then the layout, in the order of its table."""
    dirty = copy.deepcopy(sheet)
    if unknown := set(dirt) - CELL_DIRT.keys() - PLACE_DIRT.keys() - LAYOUT_DIRT.keys():
        raise KeyError(*unknown)
    chosen = {key: change for name, (key, change) in reversed(CELL_DIRT.items()) if name in dirt}
    for line in dirty.body.lines:
        line.update({key: change(line[key]) for key, change in chosen.items() if line.get(key) is not None})
    for name, put_on in (PLACE_DIRT | LAYOUT_DIRT).items():
        if name in dirt:
            put_on(dirty)
    return dirty


def write_register(
    path: Path,
    rows: Sequence[Line] | None = None,
    *,
    dirt: Sequence[str] = (),
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Written:
    """A register of one sheet."""
    return write_pages(path, [soil(page(rows), dirt)], delimiter=delimiter, encoding=encoding)[0]


def write_pages(path: Path, pages: Sequence[Page], *, delimiter: str = ",", encoding: str = "utf-8") -> list[Written]:
    """A register of one or several sheets (.csv: the first one)."""
    laid = [_laid_out(one) for one in pages]
    write_file(path, laid, delimiter=delimiter, encoding=encoding)
    written = []
    for one, grid in zip(pages, laid, strict=True):
        first = len(one.above.lines) + len(one.header.lines)
        lks = [at for at, is_lks in enumerate(one.is_lks) if is_lks]
        numbers = (
            tuple(grid.lines_before(first + at) + 1 for at in lks)
            if path.suffix == ".csv"
            else tuple(first + at + 1 for at in lks)
        )
        written.append(Written(path=path, numbers=numbers, rows=tuple(one.body.lines[at] for at in lks)))
    return written


def _laid_out(sheet: Page) -> Grid:
    grid = Grid(name=sheet.name, cells=[], merges=[], hidden=set())
    for block in (sheet.above, sheet.header, sheet.body, sheet.below):
        top = len(grid.cells)
        for line, key, down, across in block.merges:
            if key in sheet.columns:
                left = sheet.columns.index(key)
                grid.merges.append(
                    (top + line, left, top + line + down - 1, min(left + across, len(sheet.columns)) - 1)
                )
        grid.hidden |= {top + line for line in block.hidden}
        grid.cells += [[line.get(key) for key in sheet.columns] for line in block.lines]
    return grid
