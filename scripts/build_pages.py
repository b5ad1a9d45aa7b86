"""Makes the parts of the docs' pages that the code knows, in both languages: what stands between the lines

    <!-- made: measures -->
    <!-- made: end -->

of a page is replaced by what the function of that name in MADE gives. Run it after changing measures, settings,
headings, words, remarks, commands or options: a test fails until the pages are made anew. Pages in Bahasa Indonesia
stand in docs/, English ones in docs/en/.
"""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from importlib.metadata import Distribution, distribution
from pathlib import Path
from types import FunctionType

import click
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import lks_geo
from lks_geo.catalogue import DEFAULT_GROUPS, MEASURES, Measure
from lks_geo.cli.program import build, translate_click
from lks_geo.messages import Texts, catalogue_entries
from lks_geo.register.issues import ISSUE_KINDS
from lks_geo.register.meaning import coordinates, lexicon, values
from lks_geo.register.reading.fields import FIELDS
from lks_geo.register.template import CHOICES
from lks_geo.settings_file import GROUP_SETTINGS, PLAN_SETTINGS, SEND_SETTINGS, SETTINGS, SettingSpec
from lks_geo.tables import OUTCOMES

DOCS = Path(__file__).parent.parent / "docs"
_MARK = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- made: end -->)", re.DOTALL)  # "<!-- made: measures --> ..."
OFFERED = (FunctionType, property, cached_property)  # what a class of the Python door offers
_SHARED_BY = 4  # commands: an option of so many is told once for all

SETTING_EXAMPLES = {
    "bahasa": '"id"', "instansi": '"Dinas Sosial Provinsi Sulawesi Barat"', "judul": '"Layanan LKS 2026"',
    "sumber": '["Register LKS Dinas Sosial", "Dukcapil 2025"]', "lambang": '"lambang.png"',
    "alamat": '"Jl. Contoh No. 1, Mamuju"', "tanggal_register": "2026-06-30", "jangkauan_km": "7.5",
    "ambang_terjangkau": "0.8", "hanya_aktif": "true", "hanya_terakreditasi": "false", "berbadan_hukum": "true",
    "sistem": '"luar"', "perkembangan": '["berkembang", "mandiri"]', "tanggal": "2026-12-31",
    "model_penduduk": '"point"', "raster_penduduk": '"penduduk.tif"', "jalan": '"jalan.gpkg"',
    "latar": '"sungai.gpkg"', "jembatan": '"jembatan.csv"', "akses": '"gauss"', "akses_pasokan": '"lks"',
    "tampilkan_sensitif": "false", "alamat_publik": '["LKS-012", "LKS-047"]', "register_lengkap": "false",
}  # fmt: skip
GROUP_EXAMPLES = {
    "nama": '"Orang dengan gangguan jiwa"', "nama_en": '"People with mental disorders"', "nama_pendek": '"ODGJ"',
    "nama_pendek_en": '"people with mental disorders"', "definisi": '"orang yang dicatat puskesmas"',
    "definisi_en": '"people whom health centres record"',
    "sinonim": '["odgj", "gangguan jiwa", "psikotik"]', "simbol": '"diamond"', "warna": '"#7A4B9A"',
    "jangkauan_km": "15", "jangkauan_dalam_panti_km": "25", "jangkauan_luar_panti_km": "7.5", "sensitif": "false",
}  # fmt: skip
PLAN_EXAMPLES = {
    "lokasi": "3", "biaya_baru": "1", "biaya_aktifkan": "0.2", "biaya_akreditasi": "0.3", "biaya_tambah": "0.5",
}  # fmt: skip
SEND_EXAMPLES = {
    "batas_waktu": "2026-12-15", "kepada": '"Dinas Sosial kabupaten"', "kembali_ke": '"data@contoh.go.id"',
}  # fmt: skip
_TABLES = (  # heading of the file, its keys, where their help stands, an example for each
    ("", SETTINGS, "help", SETTING_EXAMPLES),
    ("[kelompok.odgj]", GROUP_SETTINGS, "group_help", GROUP_EXAMPLES),
    ("[rencana]", PLAN_SETTINGS, "plan_help", PLAN_EXAMPLES),
    ("[kirim]", SEND_SETTINGS, "send_help", SEND_EXAMPLES),
)
_NOT_ALWAYS = (
    "berbadan_hukum",
    "sistem",
    "perkembangan",
    "model_penduduk",
    "raster_penduduk",
    "jalan",
    "latar",
    "jembatan",
)
"""Keys that narrow the result or need a file: switched off in the full example."""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    titles = list(heads)
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"|{'|'.join(cell if cell == '---' else f' {cell} ' for cell in line)}|\n" for line in lines)


def plain(text: str) -> str:
    """Text that no table splits and that is no markup."""
    return text.replace("|", "&#124;").replace("<", "&lt;")


def measures(lang: str) -> str:
    """One row per measure."""
    heads, source, yes = {
        "id": (("kolom", "judul", "satuan", "peta", "arti"), "Sumber", "ya"),
        "en": (("column", "title", "unit", "maps", "definition"), "Source", "yes"),
    }[lang]

    def cells(one: Measure) -> tuple[str, ...]:
        title, unit, definition = (getattr(one, f"{part}_{lang}") for part in ("title", "unit", "definition"))
        words = definition + (f" {source}: {one.source}." if one.source else "")
        return f"`{one.key}`", title, unit or "-", yes if one.map else "", words

    return table(heads, map(cells, MEASURES))


def accepted(spec: SettingSpec, lang: str) -> str:
    """What a value may be: a sentence of the catalogue, else the words to choose from."""
    sentence = f"settings.accepts_{spec.accepts}"
    return Texts(lang)(sentence) if f"accepts_{spec.accepts}" in _SETTINGS_TEXTS else spec.accepts


_SETTINGS_TEXTS = {key.rpartition(".")[2] for key in catalogue_entries("settings")}


def keys_of(number: int) -> Callable[[str], str]:
    """The function that makes the table of one part of the settings file."""

    def made(lang: str) -> str:
        _, specs, help_of, examples = _TABLES[number]
        heads = {"id": ("kunci", "arti", "isi", "contoh"), "en": ("key", "meaning", "values", "example")}[lang]
        words = {spec.key: Texts(lang)(f"settings.{help_of}_{spec.key}") for spec in specs}
        shown = {spec.key: f"`{spec.key} = {examples[spec.key]}`" for spec in specs}
        return table(heads, ((f"`{one.key}`", words[one.key], accepted(one, lang), shown[one.key]) for one in specs))

    return made


def full_settings(lang: str) -> str:
    """A settings file that holds every key."""
    lines = ["```toml"]
    for title, specs, help_of, examples in _TABLES:
        lines += ["", title] if title else []
        for spec in specs:
            off = "# " if not title and spec.key in _NOT_ALWAYS else ""
            lines.append(f"{off}{spec.key} = {examples[spec.key]}  # {Texts(lang)(f'settings.{help_of}_{spec.key}')}")
    return "\n".join([*lines, "```", ""])


def group_keys(_: str) -> str:
    return ", ".join(f"`{group.key}`" for group in DEFAULT_GROUPS) + "\n"


def fields(lang: str) -> str:
    """One row per field of a register: key, title, what to write."""
    t = Texts(lang)
    hints = {key.rpartition(".")[2] for key in catalogue_entries("template")}
    heads = {"id": ("isian", "judul kolom", "cara mengisi"), "en": ("field", "heading", "what to write")}[lang]
    rows = []
    for field in FIELDS:
        hint = t(f"template.hint_{field.key}") if f"hint_{field.key}" in hints else ""
        listed = ", ".join(t(f"template.choice_{key}") for key in CHOICES.get(field.key, ()))
        rows.append((f"`{field.key}`", field.title(lang), f"{hint} {listed}".strip()))
    return table(heads, rows)


def headings(lang: str) -> str:
    """One row per field of a register: every heading that is recognised."""
    heads = {"id": ("isian", "judul", "judul yang dikenali"), "en": ("field", "title", "headings that are recognised")}[
        lang
    ]
    return table(heads, ((f"`{field.key}`", field.title(lang), ", ".join(field.synonyms)) for field in FIELDS))


def outcomes(lang: str) -> str:
    heads = {"id": ("hasil", "artinya"), "en": ("outcome", "meaning")}[lang]
    return table(heads, ((f"`{outcome}`", Texts(lang)(f"screen.means_{outcome}")) for outcome in OUTCOMES))


_NOTATIONS = (  # as the table of the module writes them; in Bahasa Indonesia
    ("decimal, point or comma", "desimal, titik atau koma"),
    ("degrees, minutes, seconds with symbols", "derajat, menit, detik dengan lambang"),
    ("... with words or letters", "... dengan kata atau huruf"),
    ("... with other separators", "... dengan pemisah lain"),
    ("degrees and minutes", "derajat dan menit"),
    ("without ° the repair", "tanpa ° perbaikan"),
    ("side, before or behind", "arah, di depan atau di belakang"),
    ("also beside the sign", "juga di samping tanda"),
    ("| axis |", "| sumbu |"),
    ("both in one cell, cut at", "keduanya dalam satu sel, dipisah"),
    ("blank, line break, `dan`", "spasi, ganti baris, `dan`"),
    ("... cut at letters or a sign", "... dipisah huruf atau tanda"),
    ("maps link", "tautan peta"),
    ("geo data", "data geo"),
    ("of form apps", "dari aplikasi formulir"),
    ("metric (repair", "meter (perbaikan"),
    ("| notation | examples |", "| cara tulis | contoh |"),
)


def notations(lang: str) -> str:
    """The table of the module that reads coordinates."""
    made = "".join(f"{line}\n" for line in (inspect.getdoc(coordinates) or "").splitlines() if line.startswith("|"))
    for english, bahasa in _NOTATIONS if lang == "id" else ():
        assert english in made, f"the table of coordinates no longer says {english!r}"
        made = made.replace(english, bahasa)
    return made


def remarks(lang: str) -> str:
    heads = {"id": ("`jenis`", "catatan", "hasil"), "en": ("`jenis`", "remark", "outcome")}[lang]
    return table(
        heads, ((f"`{kind}`", Texts(lang)(f"register.kind_{kind}"), f"`{end}`") for kind, end in ISSUE_KINDS.items())
    )


def phrases(listed: str) -> list[str]:
    """The phrases of an entry of the table of words."""
    return [" ".join(phrase) for phrase in lexicon.phrases_of(listed)]


def line(title: str, found: Iterable[str]) -> tuple[str, str]:
    """One row of words, without repeats."""
    return title, ", ".join(dict.fromkeys(found))


def of_groups(lang: str) -> Iterator[tuple[str, str]]:
    """Per group its own words and those of the table; then phrases of two groups."""
    for group in DEFAULT_GROUPS:
        own = [" ".join(phrase) for phrase in lexicon.words_of(group)]
        yield line(f"`{group.key}`", [*own, *phrases(lexicon.GROUP_PHRASES.get(group.key, ""))])
    both = {"id": " dan ", "en": " and "}[lang]
    for named in (named for named in lexicon.GROUP_PHRASES if " " in named):
        yield line(both.join(f"`{key}`" for key in named.split()), phrases(lexicon.GROUP_PHRASES[named]))


def group_words(lang: str) -> str:
    return table({"id": ("kelompok", "kata"), "en": ("group", "words")}[lang], of_groups(lang))


def home_words(lang: str) -> str:
    homes = ((key, phrases(listed)) for key, listed in lexicon.RESIDENTIAL_PHRASES.items())
    return table(
        {"id": ("kelompok", "kata"), "en": ("group", "words")}[lang],
        (line(f"`{key}`", found) for key, found in homes if found),
    )


def system_words(lang: str) -> str:
    both = {"id": " dan ", "en": " and "}[lang]
    rows = (line(both.join(key), phrases(listed)) for key, listed in lexicon.SYSTEM_PHRASES.items())
    return table({"id": ("sistem", "kata"), "en": ("system", "words")}[lang], rows)


def other_words(lang: str) -> str:
    rows = (line(name, phrases(listed)) for name, listed in lexicon.OTHER_PHRASES.items())
    return table({"id": ("layanan", "kata"), "en": ("service", "words")}[lang], rows)


def general_words(_: str) -> str:
    return ", ".join(phrases(lexicon.GENERAL)) + "\n"


def status_words(lang: str) -> str:
    """Words of activity, legal form, stage and accreditation, as `lks_geo/register/meaning/values.py` has them."""
    heads = {"id": ("isian", "arti", "kata"), "en": ("field", "meaning", "words")}[lang]
    yes = {
        "id": ("aktif", "tidak aktif", "berbadan hukum", "tidak"),
        "en": ("active", "not active", "legal entity", "none"),
    }
    stages = dict.fromkeys(values._STAGES.values())
    ranks = dict.fromkeys(values._RANKS.values())
    rows = [
        ("`status_aktif`", yes[lang][0], sorted(values._ACTIVE)),
        ("`status_aktif`", yes[lang][1], sorted(values._INACTIVE)),
        ("`badan_hukum`", yes[lang][2], sorted({*values._LEGAL, *values._LEGAL_YES})),
        ("`badan_hukum`", yes[lang][3], sorted(values._LEGAL_NO)),
        *(
            ("`perkembangan`", stage, [word for word, meant in values._STAGES.items() if meant == stage])
            for stage in stages
        ),
        *(
            (
                "`akreditasi`",
                rank,
                [word for word, meant in (values._RANKS | values._NOT_RANKED).items() if meant == rank],
            )
            for rank in [*ranks, "belum"]
        ),
    ]
    return table(heads, ((field, meaning, ", ".join(words)) for field, meaning, words in rows))


def every_command(program: click.Group) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Each command with its whole name, a group before its own commands."""

    def below(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            own = click.Context(command, info_name=name, parent=context, terminal_width=100)
            yield own.command_path, command, own
            if isinstance(command, click.Group):
                yield from below(command, own)

    yield from below(program, click.Context(program, info_name="lks-geo", terminal_width=100))


def options_of(command: click.Command, context: click.Context) -> list[tuple[str, str]]:
    """(how it is written, help) of every option, as `--help` tells them: "[id|en]" as "id/en"."""
    records = (param.get_help_record(context) for param in command.params)
    found = (record for record in records if record and record[1] and "--help" not in record[0])
    return [
        (re.sub(r"\[([^\]]+)\]", lambda m: m[1].replace("|", "/"), written), plain(text)) for written, text in found
    ]


def told(text: str | None) -> str:
    """Help as Markdown: paragraphs, and what begins with a mark of Click as a block of commands."""
    parts = []
    for part in re.split(r"\n\s*\n", inspect.cleandoc(text or "")):
        if part.startswith("\b"):
            lines = part.splitlines()[1:]
            parts.append("\n".join([lines[0], "", "```sh", *(entry.strip() for entry in lines[1:]), "```"]))
        elif found := re.fullmatch(r"(\w+:) (lks-geo .*)", part):  # "Contoh: lks-geo run register.xlsx"
            parts.append(f"{found[1]}\n\n```sh\n{found[2]}\n```")
        else:
            parts.append(" ".join(part.split()))
    return "\n\n".join(part for part in parts if part)


def commands(lang: str) -> str:
    """The whole help: what each command does, its own options, and once those that many share."""
    translate_click(lang)
    program = build(Texts(lang))
    every = [
        (name, command, options_of(command, context), context) for name, command, context in every_command(program)
    ]
    times = Counter(option for _, _, options, _ in every for option in options)
    shared = [option for option in times if times[option] >= _SHARED_BY]
    heads = {"id": ("pilihan", "arti"), "en": ("option", "meaning")}[lang]
    of_all = {"id": "Pilihan semua perintah", "en": "Options of every command"}[lang]
    of_many = {"id": "Pilihan bersama", "en": "Options that many commands share"}[lang]
    also = {"id": "Juga", "en": "Also"}[lang]

    def listed(options: Iterable[tuple[str, str]]) -> str:
        return table(heads, ((f"`{written}`", meaning) for written, meaning in options))

    root = click.Context(program, info_name="lks-geo", terminal_width=100)
    parts = [f"## {of_all}\n", listed(options_of(program, root)), f"## {of_many}\n", listed(shared)]
    for name, command, options, context in every:
        usage = " ".join(command.collect_usage_pieces(context))
        parts.append(f"## `{name}`\n\n{told(command.help)}\n\n`{name} {usage}`\n")
        own = [option for option in options if option not in shared]
        parts += [listed(own)] if own else []
        names = ", ".join(f"`{option[0].split()[0].strip(',')}`" for option in options if option in shared)
        parts += [f"{also}: {names}.\n"] if names else []
        parts += [f"{told(command.epilog)}\n"] if command.epilog else []
    return "\n".join(parts)


def api(_: str) -> str:
    """Every name of `import lks_geo` with its docstring; of a class also what it offers."""
    parts = []
    for name in sorted(lks_geo.__all__, key=str.casefold):
        thing = getattr(lks_geo, name)
        if inspect.isfunction(thing):
            parts.append(f"## `{name}{signature(thing)}`\n\n{docstring(thing)}\n")
        elif inspect.isclass(thing):
            parts.append(f"## `{name}`\n\n{docstring(thing)}\n")
            own = (
                (key, one) for key, one in vars(thing).items() if isinstance(one, OFFERED) and not key.startswith("_")
            )
            parts += [f"- `.{key}{signature(one)}`: {docstring(one, short=True)}" for key, one in own if one.__doc__]
            parts.append("")
    return "\n".join(parts)


def signature(thing: object) -> str:
    """The arguments of a function, without types; nothing of a property."""
    if not inspect.isfunction(thing):
        return ""
    given = inspect.signature(thing).parameters.values()
    shown = [one.replace(annotation=inspect.Parameter.empty) for one in given if one.name != "self"]
    return str(inspect.Signature(shown)).replace(", /", "").replace(", *,", ",")


def docstring(thing: object, *, short: bool = False) -> str:
    """What it says of itself, examples as a block of code; in short: without examples, in one line."""
    text, _, example = (inspect.getdoc(thing) or "").partition("\n>>> ")
    if short or not example:
        return " ".join(text.split()) if short else text.strip()
    return f"{text.strip()}\n\n```pycon\n>>> {example.strip()}\n```"


_LINUX = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "python_version": "3.11",
    "extra": "",
}
_CLASSIFIER = "License :: OSI Approved :: "


def runtime_packages() -> dict[str, Distribution]:
    """What is installed with `pip install lks-geo[grid]` on Linux, by name."""
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["grid"]]
    found: dict[str, Distribution] = {}
    while asked:
        one = Requirement(asked.pop())
        name = canonicalize_name(one.name)
        if name not in found and (one.marker is None or one.marker.evaluate(_LINUX)):
            found[name] = distribution(name)
            asked += found[name].requires or []
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """The licence as a package states it: the expression, else the classifier, else the first line of its text."""
    about = package.metadata
    named = [text.removeprefix(_CLASSIFIER) for text in about.get_all("Classifier") or () if _CLASSIFIER in text]
    text = (about.get("License") or "?").strip().partition("\n")[0]
    return about.get("License-Expression") or ", ".join(named) or text


def licences(_: str) -> str:
    """One row per package that is installed with the program; in English only."""
    rows = ((name, plain(licence(package))) for name, package in runtime_packages().items())
    return table(("package", "licence"), rows)


MADE: dict[str, Callable[[str], str]] = {
    "measures": measures, "keys": keys_of(0), "group_settings": keys_of(1), "plan_settings": keys_of(2),
    "send_settings": keys_of(3), "full_settings": full_settings, "group_keys": group_keys, "fields": fields,
    "headings": headings, "outcomes": outcomes, "notations": notations, "remarks": remarks, "group_words": group_words,
    "home_words": home_words, "system_words": system_words, "other_words": other_words, "general_words": general_words,
    "status_words": status_words, "commands": commands, "api": api, "licences": licences,
}  # fmt: skip


def page(path: Path) -> str:
    """A page with its made parts made anew."""
    lang = "en" if path.parent.name == "en" else "id"
    return _MARK.sub(lambda mark: f"{mark[1]}\n{MADE[mark[2]](lang)}\n{mark[3]}", path.read_text(encoding="utf-8"))


def pages() -> list[Path]:
    """Every page that has a made part."""
    return [path for path in sorted(DOCS.rglob("*.md")) if _MARK.search(path.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    if sys.argv[1:] == ["--runtime"]:  # for `.ci/run`
        print("\n".join(f"{name}=={one.version}" for name, one in runtime_packages().items()))
        sys.exit()
    for path in pages():
        path.write_text(page(path), encoding="utf-8")
