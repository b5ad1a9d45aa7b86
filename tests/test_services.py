"""Service cells: official names, how offices shorten them, systems, unknown words; nothing lost or guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lks_geo.catalogue import Group
from lks_geo.register.meaning import lexicon
from lks_geo.register.meaning.services import ServicesReading, read_services, read_system, services_in_name
from lks_geo.settings import Settings

SETTINGS = Settings()
GROUPS = [group.key for group in SETTINGS.groups]


def read(text: str | None) -> ServicesReading:
    return read_services(text, SETTINGS)


def short(reading: ServicesReading) -> str:
    """The services as "anak:dalam lansia" and other services after a bar."""
    services = " ".join(f"{key}:{system}" if system else key for key, system in reading.services)
    return services + "".join(f" | {name}" for name in reading.other)


OFFICIAL = {
    "LKS Anak Dalam Panti": "anak:dalam",
    "LKS Anak Luar Panti": "anak:luar",
    "LKS Anak yang Berhadapan dengan Hukum (ABH)": "anak",
    "LKS Anak Membutuhkan Perlindungan Khusus (AMPK)": "anak",
    "LKS Taman Anak Sejahtera": "anak",
    "LKS Disabilitas Dalam Panti": "disabilitas:dalam",
    "LKS Disabilitas Luar Panti": "disabilitas:luar",
    "LKS Lanjut Usia Dalam Panti": "lansia:dalam",
    "LKS Lanjut Usia Luar Panti": "lansia:luar",
    "LKS Korban Penyalahgunaan NAPZA": "napza",
    "LKS Orang dengan HIV/AIDS (ODHA)": " | orang dengan HIV/AIDS",
    "LKS Gelandangan dan Pengemis": " | gelandangan dan pengemis",
    "LKS Tuna Sosial dan Korban Perdagangan Orang": "kekerasan | tuna sosial",
    "LKS BWBP Eks Napiter": " | bekas warga binaan pemasyarakatan",
}
PPKS = {
    "Anak Balita Terlantar": "anak",
    "Anak Terlantar": "anak",
    "Anak yang Berhadapan dengan Hukum": "anak",
    "Anak Jalanan": "anak",
    "Anak dengan Kedisabilitasan (ADK)": "anak disabilitas",
    "Anak Korban Tindak Kekerasan/diperlakukan salah": "anak kekerasan",
    "Anak Memerlukan Perlindungan Khusus": "anak",
    "Lanjut Usia Terlantar": "lansia",
    "Penyandang Disabilitas": "disabilitas",
    "Tuna Susila": " | tuna sosial",
    "Gelandangan": " | gelandangan dan pengemis",
    "Pengemis": " | gelandangan dan pengemis",
    "Pemulung": " | pemulung",
    "Kelompok Minoritas": " | kelompok minoritas",
    "Bekas Warga Binaan Lembaga Pemasyarakatan (BWBLP)": " | bekas warga binaan pemasyarakatan",
    "Orang dengan HIV/AIDS": " | orang dengan HIV/AIDS",
    "Korban Penyalahgunaan NAPZA": "napza",
    "Korban Trafficking": "kekerasan",
    "Korban Tindak Kekerasan": "kekerasan",
    "Pekerja Migran Bermasalah Sosial (PMBS)": " | pekerja migran bermasalah sosial",
    "Korban Bencana Alam": " | korban bencana",
    "Korban Bencana Sosial": " | korban bencana",
    "Perempuan Rawan Sosial Ekonomi": " | perempuan rawan sosial ekonomi",
    "Fakir Miskin": " | fakir miskin",
    "Keluarga Bermasalah Sosial Psikologis": " | keluarga bermasalah sosial psikologis",
    "Komunitas Adat Terpencil": " | komunitas adat terpencil",
}
WRITTEN = {
    "LKSA": "anak",
    "LKS-A": "anak",
    "LKS A": "anak",
    "LKSLU": "lansia",
    "LKS-LU": "lansia",
    "LKS LU": "lansia",
    "LKSPD": "disabilitas",
    "IPWL": "napza",
    "Panti Asuhan": "anak:dalam",
    "PSAA": "anak:dalam",
    "panti jompo": "lansia:dalam",
    "Panti Werdha": "lansia:dalam",
    "TAS": "anak",
    "Cluster Lanjut Usia": "lansia",
    "KLASTER ANAK": "anak",
    "anak yatim piatu": "anak",
    "anak-anak": "anak",
    "lanjut usia telantar": "lansia",
    "penyandang cacat": "disabilitas",
    "tuna netra/tuna rungu": "disabilitas",
    "ODGJ": "disabilitas",
    "narkoba": "napza",
    "KDRT": "kekerasan",
    "PPA": "kekerasan",
    "KTK": "kekerasan",
    "TPPO": "kekerasan",
    "Pelayanan tindak kekerasan serta traumatik": "kekerasan",
    "AMPK korban kekerasan": "anak kekerasan",
    "Children; Elderly": "anak lansia",
    "people with disabilities": "disabilitas",
    "Korban penyalahgunaan narkotika, psikotropika, dan zat adiktif lainnya": "napza",
    "Pengasuhan anak dan bantuan sosial": "anak",
    "disabilitas dewasa": "disabilitas",
    "dewasa": " | dewasa",
    "25 anak": "anak",
    "perempuan dan anak korban kekerasan": "anak kekerasan",
    "perlindungan perempuan dan anak": "kekerasan",
    "anak berhadapan hukum": "anak",
    "penyandang disabilitas mental": "disabilitas",
    "gelandangan psikotik": "disabilitas | gelandangan dan pengemis",
    "pengasuhan anak berbasis keluarga": "anak:luar",
    "Rumah singgah anak jalanan": "anak",
    "anak yatim, piatu, dhuafa": "anak | fakir miskin",
}
MANY = {
    "Anak; Lansia": "anak lansia",
    "Anak, Lansia": "anak lansia",
    "anak/lansia/disabilitas": "anak lansia disabilitas",
    "anak + napza": "anak napza",
    "anak dan lansia": "anak lansia",
    "Anak & Lansia": "anak lansia",
    "Anak\nLansia": "anak lansia",
    "1. Anak 2. Lansia": "anak lansia",
    "1) Anak\n2) Lansia": "anak lansia",
    "a. anak b. lansia": "anak lansia",
    "- Anak\n- Lansia": "anak lansia",
    "lansia, anak": "anak lansia",
    "LKSLU / LKSA": "anak lansia",
    "Gelandangan, pengemis dan anak": "anak | gelandangan dan pengemis",
    "HIV/AIDS dan napza": "napza | orang dengan HIV/AIDS",
    "LKS ANAK DALAM PANTI,LKS LANJUT USIA LUAR PANTI": "anak:dalam lansia:luar",
    "Anak (dalam panti) dan Lansia (luar panti)": "anak:dalam lansia:luar",
    "anak dan lansia dalam panti": "anak:dalam lansia:dalam",
    "Dalam panti: anak, lansia; Luar panti: disabilitas": "anak:dalam lansia:dalam disabilitas:luar",
    "Dalam panti:\n- anak\n- lansia\nLuar panti:\n- napza": "anak:dalam lansia:dalam napza:luar",
    "anak dalam dan luar panti": "anak:dalam anak:luar",
    "Anak Dalam Panti, Luar Panti": "anak:dalam anak:luar",
    "Anak_DP; Lansia_LP": "anak:dalam lansia:luar",
    "LANSIA LUAR PANTI": "lansia:luar",
    "lansia non panti": "lansia:luar",
    "lansia di luar lembaga": "lansia:luar",
    "home care lansia": "lansia:luar",
    "Disability (residential)": "disabilitas:dalam",
    "Gepeng dalam panti; anak": "anak | gelandangan dan pengemis",
    "Anak; Anak dalam panti": "anak:dalam",
}


@pytest.mark.parametrize(("text", "expected"), [*OFFICIAL.items(), *PPKS.items(), *WRITTEN.items(), *MANY.items()])
@pytest.mark.parametrize("case", [str, str.upper, str.lower])
def test_services(text: str, expected: str, case) -> None:  # type: ignore[no-untyped-def]
    reading = read(case(text))
    assert short(reading) == expected
    assert (reading.unknown, reading.inferred, reading.systems) == ((), (), ())


def test_outside_an_institution_is_never_read_as_inside() -> None:
    for group in ("Anak", "Lansia", "Disabilitas", "NAPZA", "Korban kekerasan"):
        for outside in (
            "luar panti",
            "Luar Lembaga",
            "non-panti",
            "di luar panti",
            "LP",
            "bukan panti",
            "tanpa panti",
            "diluar panti",
            "luarpanti",
        ):
            assert {system for _, system in read(f"{group} {outside}").services} == {"luar"}, (group, outside)


@pytest.mark.parametrize(
    ("text", "services", "unknown"),
    [
        ("Anak, bengkel motor", "anak", ("bengkel motor",)),
        ("xyz", "", ("xyz",)),
        ("12", "", ("12",)),
        ("keluarga berencana", "", ("keluarga berencana",)),
        ("Kecamatan Mambi", "", ("Kecamatan Mambi",)),
        ("anak; usaha jahit; lansia", "anak lansia", ("usaha jahit",)),
    ],
)
def test_unknown_words_are_reported_and_never_guessed(text: str, services: str, unknown: tuple[str, ...]) -> None:
    reading = read(text)
    assert (short(reading), reading.unknown) == (services, unknown)


@pytest.mark.parametrize(
    ("text", "services", "inferred"),
    [
        ("disabiltas", "disabilitas", (("disabiltas", "disabilitas"),)),
        ("penyandang dissabilitas", "disabilitas", (("dissabilitas", "disabilitas"),)),
        ("kekersan", "kekerasan", (("kekersan", "kekerasan"),)),
        ("lansai", "lansia", (("lansai", "lansia"),)),
    ],
)
def test_slips_in_long_words_are_mended_and_named(text: str, services: str, inferred: tuple[tuple[str, str]]) -> None:
    reading = read(text)
    assert (short(reading), reading.inferred, reading.unknown) == (services, inferred, ())


def test_panti_behind_an_unknown_word_is_no_system() -> None:
    reading = read("Lansia ekstra panti")
    assert (short(reading), reading.unknown) == ("lansia", ("ekstra panti",))
    assert short(read("lansia dlm panti")) == "lansia:dalam"


def test_known_words_that_name_no_group() -> None:
    for text in ("umum", "semua kelompok", "Rehabilitasi Sosial", "PMKS", "Perlindungan sosial; Jaminan Sosial"):
        reading = read(text)
        assert reading.general
        assert (reading.services, reading.other, reading.unknown) == ((), (), ())
    assert read("Rehabilitasi sosial anak").general == ()


def test_a_system_alone_is_handed_on() -> None:
    assert read("Dalam Panti").systems == ("dalam",)
    assert read("Luar panti / dalam panti").systems == ("dalam", "luar")
    assert read("Rehabilitasi sosial dalam panti").systems == ("dalam",)


@pytest.mark.parametrize("text", [None, "", "-", "Tidak ada", "belum tersedia"])
def test_empty_cells(text: str | None) -> None:
    assert read(text) == ServicesReading(empty=True)


def _group(key: str, name: str, *words: str) -> Group:
    return Group(
        key=key,
        name_id=name,
        name_en=name,
        short_id=name.lower(),
        short_en=name.lower(),
        definition_id=name,
        definition_en=name,
        words=words,
    )


def test_a_group_of_the_user_wins_over_the_table() -> None:
    own = _group("tuna_sosial", "Tuna sosial", "tuna sosial", "gepeng")
    with_own = replace(SETTINGS, groups=(*SETTINGS.groups, own))
    assert read_services("Gepeng; tuna_sosial luar panti; anak", with_own).services == (
        ("anak", None),
        ("tuna_sosial", "luar"),
    )
    assert read_services("Tuna Sosial", SETTINGS).services == ()
    alone = replace(
        SETTINGS, groups=(_group("anak_jalanan", "Anak jalanan", "anak jalanan", "anjal"), *SETTINGS.groups)
    )
    assert read_services("anjal", alone).services == (("anak_jalanan", None),)
    assert read_services("anak", alone).services == (("anak", None),)


def test_a_group_that_the_settings_lack_is_another_service() -> None:
    fewer = replace(SETTINGS, groups=SETTINGS.groups[:1])
    assert short(read_services("Anak; napza", fewer)) == "anak | napza"


def test_changed_words_of_a_usual_group_count() -> None:
    changed = replace(SETTINGS.groups[1], words=("opa oma",))
    settings = replace(SETTINGS, groups=(SETTINGS.groups[0], changed))
    assert read_services("Opa-Oma", settings).services == (("lansia", None),)


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("Dalam Panti", "dalam"),
        ("dalam lembaga", "dalam"),
        ("DP", "dalam"),
        ("Residensial", "dalam"),
        ("dalam", "dalam"),
        ("Luar Panti", "luar"),
        ("LUAR PANTI", "luar"),
        ("luar lembaga", "luar"),
        ("non panti", "luar"),
        ("Home Care", "luar"),
        ("Dalam dan Luar Panti", "dalam luar"),
        ("Dalam/Luar", "dalam luar"),
        ("keduanya", "dalam luar"),
        ("Dalam", "dalam"),
        ("LUAR", "luar"),
        ("luar / dalam", "dalam luar"),
        ("Dalam Lembaga; Luar Lembaga", "dalam luar"),
        ("Lainnya", ""),
        ("-", ""),
        ("", ""),
        ("di luar dugaan", ""),
    ],
)
def test_systems(text: str, systems: str) -> None:
    assert " ".join(read_system(text)) == systems


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("LKSA Harapan", (("anak", None),)),
        ("Panti Jompo Sejahtera", (("lansia", "dalam"),)),
        ("LKS-LU Melati (B)", (("lansia", None),)),
        ("Panti Asuhan Putra Harapan", (("anak", "dalam"),)),
        ("Yayasan Anak Bangsa", ()),
        ("Karya Lansia", ()),
        (None, ()),
    ],
)
def test_names_of_institutions_hint_only_by_their_kind(
    name: str | None, services: tuple[tuple[str, str | None]]
) -> None:
    assert services_in_name(name, SETTINGS) == services


def test_the_table_has_no_phrase_twice_among_groups() -> None:
    seen: dict[str, str] = {}
    for table in (lexicon.GROUP_PHRASES, lexicon.RESIDENTIAL_PHRASES, lexicon.OTHER_PHRASES):
        for named, listed in table.items():
            for phrase in (one.strip() for line in listed.splitlines() for one in line.split("|")):
                assert phrase == phrase.casefold()
                assert not phrase or phrase not in seen, (phrase, named, seen.get(phrase))
                seen[phrase] = named


@pytest.mark.parametrize(
    ("text", "services", "unknown"),
    [
        ("Bukan anak", "", ("Bukan anak",)),
        ("Tidak melayani anak", "", ("Tidak melayani anak",)),
        ("Anak tidak", "", ("Anak tidak",)),
        ("Anak: tidak; lansia: ya", "lansia", ()),
        ("Lansia, bukan anak", "lansia", ()),
        ("Lansia dan bukan anak", "lansia", ()),
        ("Semua kecuali LKS anak", "", ("kecuali LKS anak",)),
        ("Non disabilitas", "", ("Non disabilitas",)),
        ("Anak tidak mampu", "anak", ()),
        ("Anak tanpa orang tua", "anak", ("tua",)),
        ("Lansia bukan panti", "lansia:luar", ()),
        ("Anak non panti", "anak:luar", ()),
        ("Tidak dalam panti: anak", "anak:luar", ()),
    ],
)
def test_what_is_denied_is_not_served(text: str, services: str, unknown: tuple[str, ...]) -> None:
    reading = read(text)
    assert (short(reading).split(" | ")[0], reading.unknown) == (services, unknown)


@pytest.mark.parametrize(
    ("text", "services", "slip"),
    [
        ("Anakk", "anak", ("anakk", "anak")),
        ("Lanjut Usai", "lansia", ("usai", "usia")),
        ("Lanssia", "lansia", ("lanssia", "lansia")),
        ("LKS Anakk Dalam Panti", "anak:dalam", ("anakk", "anak")),
    ],
)
def test_obvious_slips_in_short_words(text: str, services: str, slip: tuple[str, str]) -> None:
    reading = read(text)
    assert (short(reading), reading.inferred, reading.unknown) == (services, (slip,), ())


@pytest.mark.parametrize(
    ("text", "services", "rest"),
    [
        ("Rehab Narkoba", "napza", ()),
        ("Drug rehabilitation", "napza", ()),
        ("Anak korban kekerasan seksual", "anak kekerasan", ()),
        ("Lanjut usia (60 tahun ke atas)", "lansia", ()),
        ("Kessos Lansia", "lansia", ()),
        ("Panti Asuhan Muhammadiyah", "anak:dalam", ("Muhammadiyah",)),
        ("SLB", "disabilitas", ()),
        ("Lansia (non anak)", "lansia", ("non anak",)),
        ("Panti Asuhan Bhinneka", "anak:dalam", ("Bhinneka",)),
        ("Anak Bhinneka, lansia", "anak lansia", ("Bhinneka",)),
    ],
)
def test_what_is_left_over_beside_a_group_is_no_doubt(text: str, services: str, rest: tuple[str, ...]) -> None:
    reading = read(text)
    assert (short(reading), reading.rest, reading.unknown) == (services, rest, ())


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Anak dan Bhinneka", "Bhinneka"),
        ("Anak; Bhinneka", "Bhinneka"),
        ("Anak korban bhinneka", "bhinneka"),
        ("Lansia ekstra panti", "ekstra panti"),
    ],
)
def test_what_may_be_a_group_of_its_own_stays_unknown(text: str, unknown: str) -> None:
    assert read(text).unknown == (unknown,)


OPEN_STREET_MAP = {
    "amenity=social_facility; social_facility=nursing_home": "lansia:dalam",
    "social_facility:for=senior": "lansia",
    "social_facility=orphanage": "anak:dalam",
    "social_facility:for=child;juvenile": "anak",
    "social_facility:for=drug_addicted": "napza",
    "social_facility:for=disabled": "disabilitas",
    "social_facility:for=mental_health": "disabilitas",
    "social_facility:for=abused": "kekerasan",
    "amenity=childcare": "anak",
    "social_facility=group_home; social_facility:for=disabled": "disabilitas",
}


@pytest.mark.parametrize(("text", "services"), OPEN_STREET_MAP.items())
def test_the_words_of_open_street_map(text: str, services: str) -> None:
    assert (short(read(text)), read(text).unknown) == (services, ())


@pytest.mark.parametrize(
    ("text", "services"),
    [("LU", "lansia"), ("PACD", "disabilitas"), ("PKSA", "anak"), ("TPA", "anak"), ("ODGJ", "disabilitas")],
)
def test_short_forms(text: str, services: str) -> None:
    assert short(read(text)) == services


words = st.sampled_from(
    [
        "anak",
        "lansia",
        "napza",
        "dalam panti",
        "luar panti",
        "dan",
        ",",
        ";",
        "/",
        "\n",
        ":",
        "1.",
        "gepeng",
        "xyz",
        "umum",
        "(",
        ")",
        "disabilitas",
        "LKS",
        "panti asuhan",
        "&",
        "-",
        "b.",
        "korban",
        "kekerasan",
        "tidak",
        "bukan",
        "melayani",
        "dalam",
        "luar",
        "panti",
        "dewasa",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(words, max_size=12).map(" ".join)))
def test_any_text_is_read_whole_and_in_order(text: str) -> None:
    reading = read(text)
    told = reading.services or reading.other or reading.general or reading.systems or reading.unknown or reading.rest
    assert bool(told) != reading.empty
    assert [GROUPS.index(key) for key, _ in reading.services] == sorted(
        GROUPS.index(key) for key, _ in reading.services
    )
    assert all(system in ("dalam", "luar", None) for _, system in reading.services)
    assert len(set(reading.services)) == len(reading.services)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["anak", "lansia", "napza", "disabilitas"]), min_size=1, unique=True), st.data())
def test_separators_do_not_matter(groups: list[str], data: st.DataObject) -> None:
    separator = data.draw(st.sampled_from([";", ", ", "/", " + ", " & ", " dan ", "\n"]))
    assert {key for key, _ in read(separator.join(groups)).services} == set(groups)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [("Dapur umum", "Dapur umum"), ("anak; Dapur  Umum", "Dapur  Umum"), ("umum, bengkel motor", "bengkel motor")],
)
def test_unknown_services_are_quoted_as_written(text: str, unknown: str) -> None:
    assert read_services(text, Settings()).unknown == (unknown,)
