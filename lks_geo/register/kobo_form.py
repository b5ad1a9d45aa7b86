"""Writes the register as a form for KoboToolbox and ODK (XLSForm): sheets survey, choices, settings.

The questions are those of the empty register. Kecamatan follow the chosen kabupaten, desa the chosen kecamatan; areas
are answered by their code, groups and statuses by words that the readers of the register understand, so that the export
of the form, by names or by labels, is a register. Labels and hints are in both languages, that of the settings first.

Gets wrong: a choice that the office adds by itself may be a word that nobody knows; `check` says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lks_geo.errors import RequestError
from lks_geo.files import whole_file
from lks_geo.messages import LANGUAGES, Texts, msg
from lks_geo.register.reading.fields import FIELD_BY_KEY
from lks_geo.register.template import CHOICES, choices
from lks_geo.settings import Settings
from lks_geo.sheets.folding import split_words
from lks_geo.tables import Boundaries

_LANGUAGE_NAMES = {"id": "Bahasa Indonesia (id)", "en": "English (en)"}
_GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "identitas": (("text", "id"), ("text", "nama")),
    "layanan": (
        ("select_multiple kelompok", "kelompok"), ("select_one sistem", "sistem"),
        ("select_one status_aktif", "status_aktif"), ("integer", "kapasitas"), ("integer", "klien"),
    ),
    "lokasi": (
        ("select_one kabupaten", "kabupaten"), ("select_one kecamatan", "kecamatan"), ("select_one desa", "desa"),
        ("text", "alamat"), ("geopoint", "koordinat"),
    ),
    "legalitas": (
        ("select_one badan_hukum", "badan_hukum"), ("select_one perkembangan", "perkembangan"),
        ("select_one akreditasi", "akreditasi"), ("date", "berlaku_sampai"),
    ),
}  # fmt: skip
"""Groups of questions: the type of each and the field of the register that it asks for."""
_NAMES = {"id": "id_lks", "kabupaten": "kode_kabupaten", "kecamatan": "kode_kecamatan", "desa": "kode_desa"}
"""Field -> name of its question, where it is another word."""
_NEEDED = ("nama", "kelompok", "status_aktif", "kabupaten", "kecamatan")
_PARENTS = {"kecamatan": "kabupaten", "desa": "kecamatan"}
_MORE_THAN_ONE = ("both",)
"""Words of a list of the empty register that a form asks otherwise."""


def write_kobo_form(path: Path, boundaries: Boundaries, settings: Settings, *, overwrite: bool = False) -> None:
    """The form (.xlsx) with the groups of `settings` and the areas of `boundaries`."""
    import xlsxwriter

    if path.suffix.casefold() != ".xlsx":
        raise RequestError(msg("template.only_xlsx", path=path.name))
    sheets = {
        "survey": list(_survey(settings)),
        "choices": list(_choices(boundaries, settings)),
        "settings": [_settings_row(settings)],
    }
    with whole_file(path, overwrite=overwrite) as temporary, xlsxwriter.Workbook(temporary) as book:
        book.set_properties({"title": "XLSForm", "created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001  # office files know no time zones
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            heads = list(dict.fromkeys(head for row in rows for head in row))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(heads) - 1, 24)
            for number, line in enumerate([{head: head for head in heads}, *rows]):
                for column, head in enumerate(heads):
                    if head in line:
                        sheet.write_string(number, column, line[head])


def _languages(settings: Settings) -> list[str]:
    return sorted(LANGUAGES, key=lambda lang: lang != settings.lang)


def _labels(kind: str, words: dict[str, str]) -> dict[str, str]:
    return {f"{kind}::{_LANGUAGE_NAMES[lang]}": text for lang, text in words.items()}


def _survey(settings: Settings) -> Iterator[dict[str, str]]:
    languages = _languages(settings)
    for group, questions in _GROUPS.items():
        titles = {lang: Texts(lang)(f"template.kobo_{group}") for lang in languages}
        yield {"type": "begin_group", "name": group} | _labels("label", titles)
        for kind, field in questions:
            yield {"type": kind, "name": _NAMES.get(field, field)} | _question(field, kind, languages)
        yield {"type": "end_group", "name": group}


def _question(field: str, kind: str, languages: Sequence[str]) -> dict[str, str]:
    """What stands beside a question: labels, hints, checks, and which choices it offers."""
    hint = f"hint_{field}" if field not in (*_PARENTS, "kabupaten", "koordinat", "kelompok") else f"kobo_hint_{field}"
    row = _labels("label", {lang: FIELD_BY_KEY[field].title(lang) for lang in languages})
    row |= _labels("hint", {lang: Texts(lang)(f"template.{hint}") for lang in languages})
    if field in _NEEDED:
        row["required"] = "yes"
    if kind == "integer":
        row["constraint"] = ". >= 0"
        row |= _labels("constraint_message", {lang: Texts(lang)("template.kobo_not_negative") for lang in languages})
    if field in _PARENTS:
        parent = _PARENTS[field]
        row["choice_filter"] = f"{parent} = ${{{_NAMES[parent]}}}"
    if field in (*_PARENTS, "kabupaten"):
        row["appearance"] = "minimal autocomplete"
    return row


def _choices(boundaries: Boundaries, settings: Settings) -> Iterator[dict[str, str]]:
    languages = _languages(settings)
    for group in settings.groups:
        labels = _labels("label", {lang: group.name(lang) for lang in languages})
        yield {"list_name": "kelompok", "name": group.key} | labels
    own = {lang: replace(settings, lang=lang) for lang in languages}
    for field, keys in CHOICES.items():
        words = {lang: choices(field, own[lang]) for lang in languages}
        for at, key in enumerate(keys):
            if key not in _MORE_THAN_ONE:
                name = "_".join(split_words(words["id"][at]).split())
                labels = _labels("label", {lang: words[lang][at] for lang in languages})
                yield {"list_name": field, "name": name} | labels
    for level in ("kabupaten", "kecamatan", "desa"):
        names = boundaries.names(level).sort_values("nama", kind="stable")
        for code, area in names.iterrows():
            row = {"list_name": level, "name": str(code)}
            row |= _labels("label", dict.fromkeys(languages, str(area["nama"])))
            if level in _PARENTS:
                row[_PARENTS[level]] = str(area[f"kode_{_PARENTS[level]}"])
            yield row


def _settings_row(settings: Settings) -> dict[str, Any]:
    return {
        "form_title": Texts(settings.lang)("template.title"),
        "form_id": "register_lks",
        "default_language": _LANGUAGE_NAMES[settings.lang],
    }
