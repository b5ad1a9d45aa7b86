"""Writes docs/service-words.md from the words of service cells. Run it after changing them: a test compares."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lks_geo.catalogue import DEFAULT_GROUPS
from lks_geo.register.meaning import lexicon

HEAD = """# The words of services that are recognised

A cell of "Kelompok sasaran" or "Jenis layanan" may list several services (`;` `,` `/` `+` `dan`, a line break). At each
place the longest phrase below is taken, whatever its case and punctuation; `&` stands for "dan", "&", "/" and "+". The
tags of OpenStreetMap (`social_facility=nursing_home`, `social_facility:for=senior`) are read as words. Slips of a
letter in long words are mended, and said so. A word of another kind beside a recognised one in the same item ("Kessos
Lansia") is told once for the file; alone in its item it makes the row doubtful. Words of one's own groups are added in
the settings file (`sinonim`, [settings.md](settings.md)). "PACD" is taken for a way of writing "PACA" (penyandang
cacat); no official list has it.
"""


def phrases(listed: str) -> list[str]:
    """The phrases of a table entry."""
    return [" ".join(phrase) for phrase in lexicon.phrases_of(listed)]


def line(title: str, found: Iterable[str]) -> str:
    """One row of a table, without repeats."""
    return f"| {title} | {', '.join(dict.fromkeys(found))} |"


def of_groups() -> Iterator[str]:
    """Per group its own words, those of the table and those that name a home; then phrases of two groups."""
    for group in DEFAULT_GROUPS:
        own = [" ".join(phrase) for phrase in lexicon.words_of(group)]
        yield line(f"`{group.key}`", [*own, *phrases(lexicon.GROUP_PHRASES.get(group.key, ""))])
    for named in (named for named in lexicon.GROUP_PHRASES if " " in named):
        yield line(" and ".join(f"`{key}`" for key in named.split()), phrases(lexicon.GROUP_PHRASES[named]))


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## Groups", "", "| group | words |", "|---|---|", *of_groups()]
    parts += ["", "## Homes: the group, and the system `dalam`", "", "| group | words |", "|---|---|"]
    homes = lexicon.RESIDENTIAL_PHRASES.items()
    parts += [line(f"`{key}`", phrases(listed)) for key, listed in homes if phrases(listed)]
    parts += ["", "## Systems", "", "| system | words |", "|---|---|"]
    parts += [line(" and ".join(key), phrases(listed)) for key, listed in lexicon.SYSTEM_PHRASES.items()]
    parts += ["", "## Known services outside the groups: listed, not counted", "", "| service | words |", "|---|---|"]
    parts += [line(name, phrases(listed)) for name, listed in lexicon.OTHER_PHRASES.items()]
    parts += ["", "## Known words that name no group", "", ", ".join(phrases(lexicon.GENERAL)), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    (Path(__file__).parent.parent / "docs" / "service-words.md").write_text(page(), encoding="utf-8")
