"""Every text is there in both languages, with the same placeholders, and is used; every key used is there."""

import gettext
import io
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lks_geo.messages import Texts, catalogue_entries, catalogue_rooms, msg

PACKAGE = Path(__file__).parent.parent / "lks_geo"
ENTRIES = {key: entry for room in catalogue_rooms() for key, entry in catalogue_entries(room).items()}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def faults(entry: dict[str, str]) -> Iterator[str]:
    """What is wrong with one entry of a catalogue."""
    if set(entry) - {"en_one"} != {"id", "en"}:
        yield "needs id and en (and may have en_one)"
        return
    if bool(entry["id"].strip()) != bool(entry["en"].strip()):
        yield "empty (nothing to add) in both, or in neither"
    if placeholders(entry["id"]) != placeholders(entry["en"]):
        yield "the languages have other placeholders"
    if not placeholders(entry.get("en_one", "")) <= placeholders(entry["en"]):
        yield "en_one has a placeholder of its own"


def test_entries_have_both_languages_with_equal_placeholders() -> None:
    assert len(ENTRIES) > 100
    assert [f"{key}: {fault}" for key, entry in sorted(ENTRIES.items()) for fault in faults(entry)] == []


@pytest.mark.parametrize(
    "entry",
    [{"id": "a"}, {"id": "a", "en": " "}, {"id": "{a}", "en": "{b}"}, {"id": "{a}", "en": "{a}", "en_one": "{b}"}],
)
def test_a_faulty_entry_is_found(entry: dict[str, str]) -> None:
    assert len(list(faults(entry))) == 1


def source_keys() -> set[str]:
    """Words in the Python sources that look like keys of an existing catalogue."""
    rooms = "|".join(catalogue_rooms())
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        found |= set(re.findall(rf'["\']((?:{rooms})\.[a-z][a-z0-9_.]*)["\']', path.read_text(encoding="utf-8")))
    return found


def test_every_key_in_the_code_is_in_a_catalogue() -> None:
    file_names = (".py", ".toml", ".xlsx", "_", ".")
    missing = {key for key in source_keys() if key not in ENTRIES and not key.endswith(file_names)}
    assert not missing


def test_every_entry_is_used() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.py", "*.js", "*.html")
        for path in (*PACKAGE.rglob(pattern), *PACKAGE.parent.glob(f"scripts/{pattern}"))
    )
    quoted = {word for _, word in re.findall(r"""(["'])([a-z0-9_.]+)(?=\1)""", code)}
    stems = set(re.findall(r'["\'`]([a-z]+\.[a-z0-9_.]*?)[{$]', code))  # f"style.status_{key}" and the like

    def used(key: str) -> bool:
        _, rest = key.split(".", 1)
        return key in quoted or rest in quoted or any(key.startswith(stem) for stem in stems if "." in stem)

    unused = sorted(key for key in ENTRIES if not used(key))
    assert not unused


@pytest.mark.parametrize(
    ("lang", "number", "share", "day"),
    [("id", "1.234,5", "12,5\u00a0%", "24 November 2026"), ("en", "1,234.5", "12.5%", "24 November 2026")],
)
def test_numbers_and_dates_follow_the_language(lang: str, number: str, share: str, day: str) -> None:
    t = Texts(lang)
    assert t.number(1234.5, 1) == number
    assert t.percent(0.125, 1) == share
    assert t.date(date(2026, 11, 24)) == day


def test_halves_are_rounded_as_browsers_do() -> None:
    t = Texts("en")
    shown = [t.number(value, digits) for value, digits in ((0.5, 0), (2.5, 0), (-2.5, 0), (0.25, 1), (1.005, 2))]
    assert shown == ["1", "3", "-3", "0.3", "1.01"]
    assert t.percent(0.125) == "13%"
    assert t.plain(0.0000005) == "0.000001"


def test_english_singular_and_nested_messages() -> None:
    assert Texts("en")("cli.step_clean", n=1) == "Checking 1 row …"
    assert Texts("en")("cli.step_clean", n=2000) == "Checking 2,000 rows …"
    assert "Written: x" in Texts("en")(msg("cli.error", text=msg("cli.made", name="x")))


def test_placeholders_cannot_reach_attributes() -> None:
    with pytest.raises(KeyError):
        Texts()(msg("cli.made", other="x"))
    assert Texts()("cli.made", name="{0.__class__}") == "Ditulis: {0.__class__}"


def test_click_translation_is_compiled() -> None:
    """The .mo file is what the .po file compiles to."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    folder = PACKAGE / "messages" / "locale" / "id" / "LC_MESSAGES"
    with (folder / "command_line.po").open("rb") as stream:
        catalog = read_po(stream)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    with (folder / "command_line.mo").open("rb") as stream:
        stored, fresh = gettext.GNUTranslations(stream), gettext.GNUTranslations(compiled)
    for message in catalog:
        if not message.id:
            continue
        if isinstance(message.id, str):
            assert stored.gettext(message.id) == fresh.gettext(message.id) != message.id
        else:
            assert stored.ngettext(*message.id, 2) == fresh.ngettext(*message.id, 2) != message.id[1]
