"""Writes docs/register.md from the tables of the register room. Run it after changing them: a test compares."""

import inspect
from pathlib import Path

from lks_geo.messages import Texts
from lks_geo.register.issues import ISSUE_KINDS
from lks_geo.register.meaning import coordinates
from lks_geo.register.reading.fields import FIELDS
from lks_geo.tables import OUTCOMES

HEAD = r"""# The register: what is read, and what becomes of each row

Any .xlsx, .xls, .ods, .csv (comma, semicolon, tab or bar), .geojson, .gpkg or .parquet; the content counts, not the
ending (an .xls may be a web page or text). Text may be UTF-8, UTF-16, cp1252 or a code page of DOS. The table is found:
title rows, merged two-row headings, section lines ("KECAMATAN MAMBI", or only "MAJENE"), column numbers, lines of
instructions and tags, blank lines, sums, legends and the signature block are no rows; how many were passed over is
shown. Every sheet that has register headings is read (`--sheet` picks one), and so are tables side by side and
delimited text that stands in one column. Hidden sheets and rows are read too, and named. Headings are matched as in
the table below, whatever their case and punctuation; a similar heading is taken only when it can mean one field.
One column per group with check marks works as well as one cell.

A formula without a stored value (a workbook that a program wrote and no office program saved) and an error such as
#N/A are not blank: they are told, and a row is doubtful where they hide a name of an area, a point, a service or the
status. Provinces, kabupaten and kecamatan that are written only in the first row of each block hold for the rows
below, and that is told; so does the cell above one that says "sda", "idem" or `"`. Cells far away from the table are
not read, and are named. What is too large is refused:
files above 200 MB or that unfold beyond 1,000 MB, sheets of more than 16,000,000 filled cells or 4,000 columns, cells
of more than 100,000 characters.

What a column is, its cells decide with its heading: a "Status" of Negeri and Swasta is no activity, a column without a
digit no code, a bare "Nama" beside birth, post or telephone no LKS; "A" and "TA" in a column of activity are active
and not. What was refused is told. By hand:

| `--column` | meaning |
|---|---|
| `lintang=Y` | the heading "Y" is the latitude |
| `"desa=Desa\\|Kelurahan"` | several headings of one field, the most trusted first (also as two `--column`) |
| `status_aktif=` | the register has no such field, whatever a heading says |

Columns that name a person, a telephone, an identity or bank number are dropped on reading, by heading and by content,
and named in the report. "Alamat" is the address of the LKS, also beside columns of persons; "Alamat Rumah", "Alamat
Ketua" and the like are homes and dropped. Inside other cells, in names of sheets and files, headings and titles,
telephones, identity, tax and account numbers, mails, links to chats and names that are labelled ("Ketua: ...", "a.n.
...", "Bu ...") become "[…]", however they are spelled; how many cells of which column is told. An LKS or a street that
bears a person's name keeps it ("LKS Ibu Kartini", "Jl. Pak Kasih"). A name without any such word stays: it looks like
every other word. What you write into the settings yourself is printed as it stands.

## Outcomes

Every row ends in exactly one, the worst of its remarks. rows = accepted + repaired + doubtful + rejected, always.

| outcome | meaning |
|---|---|
"""

LOCATION = """
## Where a place is

| `lokasi` | meaning |
|---|---|
| `titik` | its point decides; on a shared border the lowest code, up to 500 m outside every desa the nearest one |
| `perkiraan` | no usable point but a sure desa: the interior point of that desa. It counts like any other |
| `tanpa_titik` | only its kecamatan or kabupaten is known: in no desa, reaches nobody, counted as `lks_tanpa_titik` |
| `luar_wilayah` | its point lies outside: counted in no area, but it still reaches people across the border |
| `disamarkan` | it serves a sensitive group: somewhere in its kecamatan; see [safeguarding.md](safeguarding.md) |

## What decides

- **Codes**: whether bare digits are Kemendagri or BPS codes is decided once for a file (forms that only one system
  has, then agreement with the names), never per row. If nothing settles it, such codes are not used.
- **Names** are looked for in the stated kecamatan, else in the stated kabupaten; case, blanks, hyphens,
  "Desa/Kel./Kec." and the usual short forms say nothing. Inside a kecamatan a similar name is taken as repaired; in a
  kabupaten only the exact name that exists once is sure. A name with two meanings is never settled in silence.
  "Barat" and "Utara", "I" and "II" are never similar.
- **A point against the stated area**: the point decides, the row is doubtful, both are shown. A repair of coordinates
  counts only if it lands in the stated area; of two readings that both do, or neither, none is used. Points on the
  middle of an area are doubtful.
- **An address** places a row whose cells state no desa, and makes a row doubtful whose point or columns lie elsewhere.
  Streets and landmarks don't count ("Jl. Desa Lama", "samping Kantor Kec. Mamuju"); a part without "Desa" or "Kel." is
  a desa if it is the name of one in the kecamatan that is sure ("Orobatu, Kec. Tapalang"). Two known desa in one
  address are not guessed between.
- **Titles, tabs and the file's name** give a kabupaten or kecamatan to tables without that column, unless their names
  and points lie elsewhere; a note says so.
- **Another province**: a province or kabupaten outside the map (all 514 are known) keeps equal names of kecamatan and
  desa from being looked for here. If nearly all rows state one other province, that is said once.
- **Codes in parts** (76, 02, 02, 2003 in four columns) are one code. A column without a single code of the map is not
  used, which is said once.
- **Services**: the groups of all cells of a row count ([the words](service-words.md)). A known service outside the
  groups is no fault; an unknown word is a doubt, unless it is left over beside a known one or fills the whole column:
  then it is told once for the file.
- **Status**: without any status column every place counts as active, and every output says so. A status column has a
  cell that says active or not. A blank cell in it is not known, and what is not known is not counted as active. Any
  other blank is not known and no fault; an unknown word for legal form, stage, accreditation, system or clients is a
  remark.
- **One LKS on several rows**: same id, or same name within 200 m or in one desa, with services that overlap, unless
  they state another kabupaten, bear another official number (six digits and more), or share only the name and state
  another kecamatan. The newest year counts, at a tie the row that contradicts itself least; older rows are `ditolak`
  and name the row that replaces them. Names that are only similar are doubtful. Two LKS at one address are fine; three
  names on one point are doubtful, and of two stated desa on one point the one that is not the desa of the point.
- **Ids** that restart in every sheet are numbering of the sheet; ids that start again for other names or in other
  kabupaten are no ids. A place without an id is called by its desa and a
  number.
- **A kabupaten is reported** if any row, also a rejected one, states it or lies in it.

Each room says more about what it decides and what it gets wrong in the first lines of its file (`lks_geo/register/`).
"""


def page() -> str:
    """The whole page."""
    t = Texts("en")
    notations = inspect.getdoc(coordinates) or ""
    table = [line for line in notations.splitlines() if line.startswith("|")]
    parts = [HEAD.rstrip("\n")]
    parts += [f"| `{outcome}` | {t(f'screen.means_{outcome}')} |" for outcome in OUTCOMES]
    parts += [LOCATION, "## Headings", "", "| field | meaning | some headings that are recognised |", "|---|---|---|"]
    parts += [f"| `{field.key}` | {field.title_en} | {', '.join(field.synonyms[:8])} |" for field in FIELDS]
    parts += ["", "## Coordinates", "", *table, ""]
    parts += ["## Remarks", "", "| `jenis` | remark | outcome |", "|---|---|---|"]
    parts += [f"| `{kind}` | {t(f'register.kind_{kind}')} | `{outcome}` |" for kind, outcome in ISSUE_KINDS.items()]
    return "\n".join([*parts, ""])


if __name__ == "__main__":
    (Path(__file__).parent.parent / "docs" / "register.md").write_text(page(), encoding="utf-8")
