"""The table of measures: one entry per column of the coverage table, in the order of its columns.

Legends, help, the method sheet and docs/measures.md read it, so that no output can show a number it cannot explain.
"""

from __future__ import annotations

from typing import TypedDict

from lks_geo.tables import Measure


class _Look(TypedDict):
    unit_id: str
    unit_en: str
    kind: str


_PLACES: _Look = {"unit_id": "LKS", "unit_en": "LKS", "kind": "count"}
_PEOPLE: _Look = {"unit_id": "orang", "unit_en": "people", "kind": "people"}
_SHARE: _Look = {"unit_id": "%", "unit_en": "%", "kind": "share"}
_TEXT: _Look = {"unit_id": "", "unit_en": "", "kind": "text"}
_FLAG: _Look = {"unit_id": "", "unit_en": "", "kind": "flag"}

MEASURES = (
    Measure(
        key="jumlah_lks",
        title_id="Jumlah LKS",
        title_en="Number of LKS",
        definition_id="LKS terhitung yang melayani kelompok ini dan berada di wilayah ini.",
        definition_en="Counted LKS that serve the group and stand in the area.",
        gap_high=False,
        **_PLACES,
    ),
    Measure(
        key="lks_disamarkan",
        title_id="LKS disamarkan",
        title_en="Disguised LKS",
        definition_id=(
            "LKS terhitung yang disamarkan karena melayani kelompok sensitif: dihitung di pusat penduduk kecamatannya. "
            "Termasuk dalam jumlah LKS. Tidak ada pada tingkat desa."
        ),
        definition_en=(
            "Counted LKS that are disguised because they serve a sensitive group: counted at the centre of the people "
            "of their kecamatan. Part of the number of LKS. Not at desa level."
        ),
        **_PLACES,
    ),
    Measure(
        key="lks_tanpa_titik",
        title_id="LKS tanpa titik",
        title_en="LKS without a point",
        definition_id=(
            "LKS terhitung yang hanya diketahui kecamatan atau kabupatennya; tidak masuk ukuran lain. Tidak ada pada "
            "tingkat desa."
        ),
        definition_en=(
            "Counted LKS of which only the kecamatan or kabupaten is known; in no other measure. Not at desa level."
        ),
        **_PLACES,
    ),
    Measure(
        key="sasaran",
        title_id="Sasaran",
        title_en="Target population",
        definition_id=(
            "Jumlah orang kelompok ini yang tinggal di wilayah ini; kosong bila tidak diketahui untuk satu desa pun."
        ),
        definition_en="People of the group living in the area; blank if not known for any of its desa.",
        **_PEOPLE,
    ),
    Measure(
        key="sasaran_lengkap",
        title_id="Sasaran lengkap",
        title_en="Target complete",
        definition_id=(
            "Benar bila sasaran semua desa di wilayah ini diketahui; bila tidak, ukuran orang memakai desa yang "
            "diketahui."
        ),
        definition_en=(
            "True if the target of every desa of the area is known; otherwise the people measures rest on the known "
            "ones."
        ),
        **_FLAG,
    ),
    Measure(
        key="desa_diketahui",
        title_id="Desa dengan sasaran diketahui",
        title_en="Desa with a known target",
        definition_id="Berapa desa di wilayah ini yang sasarannya diketahui; ukuran orang memakai desa itu saja.",
        definition_en="How many desa of the area have a known target; the people measures rest on these alone.",
        unit_id="desa",
        unit_en="desa",
        kind="count",
    ),
    Measure(
        key="jarak_km",
        title_id="Jarak ke LKS terdekat",
        title_en="Distance to the nearest LKS",
        unit_id="km",
        unit_en="km",
        definition_id=(
            "Jarak lurus (geodesik, elipsoid WGS 84) dari titik penduduk desa ke LKS terhitung terdekat yang melayani"
            " kelompok ini, melintasi batas mana pun. Tingkat di atasnya: rata-rata tertimbang sasaran yang "
            "diketahui, atau luas bila sasaran 0 atau tidak diketahui."
        ),
        definition_en=(
            "Straight-line distance (geodesic, WGS 84 ellipsoid) from the population point of the desa to the nearest"
            " counted LKS that serves the group, across any border. Higher levels: mean weighted by known target, or "
            "by area where that is 0 or not known."
        ),
        kind="km",
        digits=1,
        source="Karney (2013), Algorithms for geodesics, doi:10.1007/s00190-012-0578-z",
        gap_high=True,
    ),
    Measure(
        key="lks_terdekat",
        title_id="LKS terdekat",
        title_en="Nearest LKS",
        definition_id="ID LKS pada jarak itu (tingkat desa); bila sama jauh, ID terendah.",
        definition_en="Id of the LKS at that distance (desa level); if equally far, the lowest id.",
        **_TEXT,
    ),
    Measure(
        key="pangsa_terjangkau",
        title_id="Pangsa wilayah terjangkau",
        title_en="Share of the area within reach",
        definition_id=(
            "Bagian desa dalam jangkauan sekurangnya satu LKS terhitung: pangsa luas dalam gabungan lingkaran "
            "jangkauan (penduduk dianggap tersebar merata), atau 0/1 menurut titik penduduk, atau menurut raster "
            "penduduk. Tingkat di atasnya: rata-rata tertimbang luas. Jangkauan adalah asumsi."
        ),
        definition_en=(
            "Part of the desa within reach of at least one counted LKS: share of its area inside the union of reach "
            "circles (people taken as evenly spread), or 0/1 for its population point, or by a grid of people. Higher"
            " levels: area-weighted mean. Reach is an assumption."
        ),
        digits=1,
        gap_high=False,
        **_SHARE,
    ),
    Measure(
        key="terjangkau",
        title_id="Sasaran terjangkau",
        title_en="Target within reach",
        definition_id="Sasaran x pangsa terjangkau; tingkat di atasnya: jumlah desanya.",
        definition_en="Target x share within reach; higher levels: the sum over the desa.",
        gap_high=False,
        **_PEOPLE,
    ),
    Measure(
        key="cakupan",
        title_id="Cakupan",
        title_en="Coverage",
        definition_id=(
            "Sasaran terjangkau / sasaran. Bila sasaran tidak diketahui: pangsa luas terjangkau. Kosong bila sasaran "
            "0. Ini bukan capaian SPM."
        ),
        definition_en=(
            "Target within reach / target. Where the target is not known: share of area within reach. Blank where the"
            " target is 0. This is not SPM achievement."
        ),
        digits=1,
        gap_high=False,
        **_SHARE,
    ),
    Measure(
        key="cakupan_terendah",
        title_id="Cakupan terendah",
        title_en="Lowest coverage",
        definition_id=(
            "Cakupan tanpa LKS yang meragukan, disamarkan, atau lokasinya perkiraan: ujung bawah rentang yang ujung "
            "atasnya cakupan."
        ),
        definition_en=(
            "Coverage without doubtful LKS and those at an approximate location: the low end of the range up to "
            "coverage."
        ),
        digits=1,
        gap_high=False,
        **_SHARE,
    ),
    Measure(
        key="cakupan_dari_luas",
        title_id="Cakupan dari luas",
        title_en="Coverage from area",
        definition_id="Benar bila sasaran tidak diketahui sehingga cakupan adalah pangsa luas, bukan pangsa orang.",
        definition_en="True if the target is not known, so that coverage is a share of area, not of people.",
        **_FLAG,
    ),
    Measure(
        key="belum_terjangkau",
        title_id="Sasaran belum terjangkau",
        title_en="Target out of reach",
        definition_id="Sasaran - sasaran terjangkau.",
        definition_en="Target - target within reach.",
        gap_high=True,
        **_PEOPLE,
    ),
    Measure(
        key="lks_melapor",
        title_id="LKS yang melapor melayani",
        title_en="LKS that report serving it",
        definition_id=(
            "LKS terhitung yang cakupan wilayah pelayanannya menurut register memuat wilayah ini, bagiannya, atau "
            "induknya, di mana pun LKS itu berada. Pembanding; tidak dicampur dengan jangkauan."
        ),
        definition_en=(
            "Counted LKS whose declared service area includes the area, one of its parts or its parent, wherever they"
            " stand. A second opinion; never mixed into reach."
        ),
        gap_high=False,
        **_PLACES,
    ),
    Measure(
        key="kapasitas",
        title_id="Kapasitas",
        title_en="Capacity",
        unit_id="orang",
        unit_en="people",
        definition_id=(
            "Jumlah kapasitas yang diketahui dari LKS terhitung di wilayah ini. LKS dengan beberapa kelompok dihitung"
            " penuh pada tiap kelompok. Kosong bila tidak ada yang diketahui."
        ),
        definition_en=(
            "Sum of the known capacities of the counted LKS in the area. An LKS with several groups counts in full in"
            " each. Blank if none is known."
        ),
        kind="count",
        gap_high=False,
    ),
    Measure(
        key="rasio_lks_per_1000",
        title_id="Rasio LKS per 1.000 sasaran",
        title_en="LKS per 1,000 target",
        unit_id="per 1.000",
        unit_en="per 1,000",
        definition_id="LKS terhitung di wilayah ini per 1.000 sasaran; kosong bila sasaran 0 atau tidak diketahui.",
        definition_en="Counted LKS in the area per 1,000 target; blank where the target is 0 or not known.",
        kind="ratio",
        digits=2,
        gap_high=False,
    ),
    Measure(
        key="rasio_kapasitas_per_1000",
        title_id="Rasio kapasitas per 1.000 sasaran",
        title_en="Capacity per 1,000 target",
        unit_id="per 1.000",
        unit_en="per 1,000",
        definition_id=(
            "Kapasitas di wilayah ini per 1.000 sasaran; kosong bila salah satunya tidak diketahui atau sasaran 0."
        ),
        definition_en="Capacity in the area per 1,000 target; blank where either is not known or the target is 0.",
        kind="ratio",
        digits=1,
        gap_high=False,
    ),
    Measure(
        key="akses_2sfca",
        title_id="Akses (2SFCA)",
        title_en="Access (2SFCA)",
        unit_id="per 1.000",
        unit_en="per 1,000",
        definition_id=(
            "LKS (atau kapasitas) dalam jangkauan per 1.000 sasaran yang berbagi: two-step floating catchment area "
            "dengan peluruhan Gauss menurut jarak, atau tanpa peluruhan bila dipilih. Tingkat di atasnya: rata-rata "
            "tertimbang seperti jarak."
        ),
        definition_en=(
            "LKS (or capacity) within reach per 1,000 target sharing them: two-step floating catchment area with "
            "Gaussian decay by distance, or without decay if chosen. Higher levels: mean weighted like the distance."
        ),
        kind="ratio",
        digits=2,
        source="Luo & Wang (2003), doi:10.1068/b29120; Dai (2010), doi:10.1016/j.healthplace.2010.06.012",
        gap_high=False,
    ),
    Measure(
        key="jumlah_desa",
        title_id="Jumlah desa",
        title_en="Number of desa",
        unit_id="desa",
        unit_en="desa",
        definition_id="Banyaknya desa/kelurahan di wilayah ini.",
        definition_en="How many desa/kelurahan the area has.",
        kind="count",
    ),
    Measure(
        key="desa_belum_terlayani",
        title_id="Desa belum terlayani",
        title_en="Unserved desa",
        unit_id="desa",
        unit_en="desa",
        definition_id="Berapa di antaranya berstatus belum terlayani untuk kelompok ini.",
        definition_en="How many of them are unserved for the group.",
        kind="count",
        gap_high=True,
    ),
    Measure(
        key="status",
        title_id="Status layanan",
        title_en="Service status",
        definition_id=(
            "Tidak dilaporkan (register tidak memuat satu baris pun dari kabupaten itu); tidak ada sasaran; ada LKS di "
            "wilayah (tingkat desa saja); terjangkau (cakupan mencapai ambang, bawaan "
            "80 %); terjangkau sebagian; belum terlayani (cakupan di bawah 0,05 %). Yang pertama cocok berlaku; bila "
            "sasaran tidak diketahui, pangsa luas yang menentukan."
        ),
        definition_en=(
            "Not reported (the register has no row of that kabupaten); no target people; LKS inside (desa level only); "
            "within reach (coverage at the threshold, by default "
            "80%); partly within reach; unserved (coverage below 0.05%). The first that fits applies; where the "
            "target is not known the share of area decides."
        ),
        **_TEXT,
    ),
    Measure(
        key="prioritas",
        title_id="Prioritas",
        title_en="Priority",
        unit_id="peringkat",
        unit_en="rank",
        definition_id=(
            "Peringkat desa yang belum terlayani atau terjangkau sebagian, per kelompok se-provinsi: sasaran belum "
            "terjangkau terbanyak, lalu terjauh, lalu kode; desa yang sasarannya tidak diketahui sesudahnya."
        ),
        definition_en=(
            "Rank of the desa that are unserved or partly within reach, per group over the whole province: most "
            "target out of reach, then farthest, then code; desa whose target is not known come after."
        ),
        kind="count",
        gap_high=False,
    ),
)
"""All measures, in the order of the columns of `Coverage.table`."""
