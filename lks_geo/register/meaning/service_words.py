"""The one table of words that registers use for services: phrase -> what it says about whom is served and how.

A phrase is lower-case words; `&` stands for "dan", "&", "/" or "+". Official names come first: the 14 services of the
accreditation list, its clusters and the 26 PPKS types (with the older PMKS names). Decisions that the names leave open:

- ABH and AMPK are `anak`. A child victim of violence is `anak` and `kekerasan`; a child with a disability is `anak` and
  `disabilitas`, because both groups find a service there.
- Violence and trauma, trafficking, domestic violence (KDRT) and the protection of women and children (PPA) are
  `kekerasan`; the word "anak" in the name PPA does not make it a service for children at large.
- Psychosis and leprosy are `disabilitas` (UU 8/2016). HIV, homelessness, prostitution, former prisoners, disaster,
  poverty and remote communities are services outside the groups.
- "Rehabilitasi sosial", "umum", "semua kelompok" and the like are known but name no group: `GENERAL`.
"""

from __future__ import annotations

from lks_geo.settings import SYSTEMS

INSIDE, OUTSIDE = SYSTEMS

GROUP_PHRASES: dict[str, str] = {
    "anak": """
        anak berhadapan hukum | anak berkonflik dengan hukum | anak yang berkonflik dengan hukum | anak bermasalah hukum
        anak | anak anak | balita | bayi | remaja | yatim | piatu | yatim piatu | yatim & piatu | anak asuh
        anak balita | anak berhadapan dengan hukum | anak yang berhadapan dengan hukum | abh | ampk
        anak jalanan | anjal | anak nakal | anak memerlukan perlindungan khusus
        anak membutuhkan perlindungan khusus | anak yang memerlukan perlindungan khusus
        anak yang membutuhkan perlindungan khusus | anak terlantar | anak telantar | anak balita terlantar
        anak balita telantar | balita terlantar | balita telantar | lksa | lks a | taman anak sejahtera | tas
        taman penitipan anak | children | child | kids | orphan | orphans | youth | pengasuhan anak
        perlindungan anak | kesejahteraan sosial anak | lembaga kesejahteraan sosial anak | anak luar asuhan
    """,
    "lansia": """
        lansia | lanjut usia | lanjutusia | usia lanjut | manula | jompo | werdha | wredha | werda | wreda
        tresna werdha | lanjut usia terlantar | lanjut usia telantar | lansia terlantar | lansia telantar | lut
        lks lu | lkslu | lks lansia | lkslansia | elderly | older people | older persons | elder | elders
        seniors | aged | geriatri | lembaga kesejahteraan sosial lanjut usia
    """,
    "disabilitas": """
        disabilitas | penyandang disabilitas | difabel | difabilitas | kedisabilitasan | disable | disabled
        disability | disabilities | people with disabilities | persons with disabilities | penyandang cacat
        cacat | kecacatan | paca | penca | tuna netra | tunanetra | tuna rungu | tunarungu | tuna wicara
        tunawicara | tuna rungu wicara | tuna daksa | tunadaksa | tuna grahita | tunagrahita | tuna laras
        tunalaras | tuna ganda | autis | autisme | down syndrome | lks pd | lkspd | lks disabilitas | psikotik
        eks psikotik | odgj | orang dengan gangguan jiwa | gangguan jiwa | disabilitas mental
        disabilitas fisik | disabilitas sensorik | disabilitas intelektual | disabilitas ganda | kusta
        eks kusta | eks penderita kusta | cacat fisik | cacat mental | mental eks psikotik | netra | rungu
        penyandang cacat fisik | penyandang cacat mental | penyandang disabilitas terlantar
        penyandang disabilitas telantar | disabilitas terlantar | disabilitas telantar
    """,
    "napza": """
        napza | nafza | narkoba | narkotika | nza | naza | adiksi | ipwl | pecandu | penyalahguna
        penyalahguna napza | penyalahgunaan napza | penyalahgunaan narkoba | korban penyalahgunaan napza
        korban penyalahgunaan narkoba | korban penyalahgunaan narkotika | korban napza | korban narkoba | kpn
        drugs | drug | drug abuse | addiction | substance abuse | institusi penerima wajib lapor | psikotropika
        zat adiktif | eks pecandu | narkotika psikotropika & zat adiktif lainnya
        korban penyalahgunaan narkotika psikotropika & zat adiktif lainnya
    """,
    "kekerasan": """
        trauma healing | kekerasan | tindak kekerasan | korban kekerasan | korban tindak kekerasan | ktk | traumatik
        trauma | tindak kekerasan serta traumatik | tindak kekerasan & traumatik | korban traumatik | kdrt | violence
        abuse victims | kekerasan dalam rumah tangga | korban kekerasan dalam rumah tangga | perdagangan orang
        trafficking | traficking | korban perdagangan orang | korban trafficking | human trafficking | tppo
        tindak pidana perdagangan orang | ppa | perlindungan perempuan & anak | perempuan & perlindungan anak
        pemberdayaan perempuan & perlindungan anak | p2tp2a | eksploitasi | korban eksploitasi
        korban tindak kekerasan eksploitasi & diskriminasi | ktpa | rptc | rumah perlindungan trauma center
        victims of violence | victim of violence | perempuan korban kekerasan | kekerasan terhadap perempuan
        kekerasan perempuan | kekerasan seksual | korban kekerasan seksual | rumah aman
    """,
    "anak disabilitas": """
        adk | anak dengan kedisabilitasan | anak dengan disabilitas | anak penyandang disabilitas
        anak disabilitas | anak berkebutuhan khusus | abk | anak cacat | disabilitas anak | anak difabel
    """,
    "anak kekerasan": """
        kekerasan terhadap perempuan & anak | kekerasan perempuan & anak | korban kekerasan perempuan & anak
        korban kekerasan terhadap perempuan & anak | perempuan & anak korban kekerasan
        korban tindak kekerasan terhadap perempuan & anak | perempuan & anak korban tindak kekerasan
        anak korban tindak kekerasan | anak korban kekerasan | anak yang menjadi korban tindak kekerasan
        anak korban tindak kekerasan atau diperlakukan salah
        anak korban tindak kekerasan & diperlakukan salah | anak yang menjadi korban kekerasan
        kekerasan terhadap anak | kekerasan anak | kekerasan pada anak
        anak yang menjadi korban tindak kekerasan atau diperlakukan salah
    """,
}
"""Group keys (separated by blanks) -> phrases, separated by `|` or a line break."""

RESIDENTIAL_PHRASES: dict[str, str] = {
    "anak": """
        panti asuhan | panti asuhan anak | panti anak | panti sosial anak | psaa | panti sosial asuhan anak
        panti yatim | panti asuhan yatim | panti asuhan yatim piatu | panti yatim piatu | psbr
        panti sosial bina remaja | psmp | rpsa | rumah perlindungan sosial anak | panti sosial marsudi putra
        rumah yatim | panti sosial petirahan anak | pspa | orphanage | panti balita | panti sosial asuhan balita
        dalam panti asuhan | di dalam panti asuhan
    """,
    "lansia": """
        panti jompo | panti werdha | panti wredha | panti werda | panti wreda | panti lansia | panti lanjut usia
        pstw | panti tresna werdha | panti sosial tresna werdha | panti sosial lanjut usia | nursing home
        panti sosial lansia | dalam panti jompo | dalam panti werdha
    """,
    "disabilitas": """
        psbd | psbn | psbrw | psbg | psbl | panti sosial bina daksa | panti sosial bina netra
        panti sosial bina grahita | panti sosial bina rungu wicara | panti sosial bina laras | panti disabilitas
        panti sosial disabilitas
    """,
    "napza": "panti rehabilitasi napza | panti rehabilitasi narkoba | panti napza | pspp | panti sosial pamardi putra",
    "kekerasan": "",
}
"""Phrases that name a home and so the group and the system `dalam`."""

ADULTS = "dewasa"
"""Another service only where no group is named ("disabilitas dewasa" is one of disabilitas)."""

OTHER_PHRASES: dict[str, str] = {
    "tuna sosial": """
        tuna sosial | tunasosial | ketunaan sosial | ketunaan sosial & penyimpangan perilaku | tuna susila
        tunasusila | wanita tuna susila | wts | pskw | panti sosial karya wanita | penyimpangan perilaku
    """,
    "gelandangan dan pengemis": """
        gelandangan | pengemis | gelandangan & pengemis | gelandangan pengemis | gepeng | psbk
        panti sosial bina karya | homeless | beggars
    """,
    "pemulung": "pemulung",
    "orang dengan HIV/AIDS": """
        odha | odhiv | orang dengan hiv | orang dengan hiv & aids | orang dengan hiv aids | hiv | aids
        hiv & aids | hiv aids | penderita hiv & aids | penyandang hiv & aids | penderita hiv aids
    """,
    "bekas warga binaan pemasyarakatan": """
        bwbp | bwblp | eks napiter | napiter | bwbp eks napiter | eks narapidana | eks napi | bekas narapidana
        bekas warga binaan pemasyarakatan | bekas warga binaan lembaga pemasyarakatan | mantan narapidana
        bekas warga binaan lembaga kemasyarakatan | eks narapidana terorisme | bwbp & eks napiter
    """,
    "korban bencana": """
        korban bencana | bencana | korban bencana alam | korban bencana sosial | bencana alam | bencana sosial
        disaster | korban bencana alam & sosial | pengungsi | disaster victims | kebencanaan
    """,
    "pekerja migran bermasalah sosial": "pmbs | pekerja migran | pekerja migran bermasalah sosial | tki",
    "perempuan rawan sosial ekonomi": "prse | perempuan rawan sosial ekonomi | wrse | wanita rawan sosial ekonomi",
    "fakir miskin": "fakir miskin | kemiskinan | keluarga miskin | dhuafa | duafa | kaum dhuafa | poor",
    "keluarga bermasalah sosial psikologis": """
        kbsp | keluarga bermasalah sosial psikologis | keluarga bermasalah psikologis | konsultasi keluarga
        lk3 | lembaga konsultasi kesejahteraan keluarga | konsultasi kesejahteraan keluarga
    """,
    "komunitas adat terpencil": "kat | komunitas adat terpencil | adat terpencil | keterpencilan",
    "kelompok minoritas": "kelompok minoritas | minoritas | waria",
    ADULTS: "dewasa | orang dewasa | usia produktif | adults",
}
"""Known services outside the groups: their name in reports -> phrases."""

GENERAL = """
    penyandang masalah kesejahteraan sosial | pemerlu pelayanan kesejahteraan sosial | rehsos | rehabsos | linjamsos
    dayasos | rehabilitasi sosial | perlindungan sosial | jaminan sosial | pemberdayaan sosial | pelayanan sosial
    pemberdayaan | kesejahteraan sosial | umum | masyarakat | masyarakat umum | masyarakat luas | semua
    semua kelompok | semua ppks | ppks | pmks | semua umur | semua usia | lintas kelompok | multi layanan
    ketelantaran | keterlantaran | terlantar | telantar | perseorangan | keluarga | kelompok | rehabilitasi
    perlindungan | social services | all groups | general | semua sasaran | perempuan | wanita | rumah singgah
    pendidikan | kesehatan | pelatihan | keterampilan | keagamaan | ekonomi | usaha | bantuan sosial | santunan
    bimbingan sosial | sosial
"""
"""Known words that name no group."""

SYSTEM_PHRASES: dict[tuple[str, ...], str] = {
    (INSIDE,): """
        rawat inap | dalam panti | di dalam panti | dalam lembaga | di dalam lembaga | residensial | residential | dp
        panti | dalam lks | berbasis panti | sistem panti | berbasis lembaga | institutional | panti sosial
        dalam balai
    """,
    (OUTSIDE,): """
        rawat jalan | luar panti | di luar panti | luar lembaga | di luar lembaga | non panti | nonpanti | lp
        home care | homecare | luar lks | tanpa panti | non residensial | non residential | nonresidential | bukan panti
        day care | daycare | layanan harian | pelayanan harian | perawatan di rumah | perawatan rumah
        berbasis keluarga | berbasis masyarakat | berbasis komunitas | non institutional | community based
        luar balai | non lembaga | family based | asuhan keluarga | pengasuhan berbasis keluarga
        tidak dalam panti | bukan dalam panti | tidak di dalam panti
    """,
    (INSIDE, OUTSIDE): """
        dalam & luar panti | luar & dalam panti | dalam & luar lembaga | luar & dalam lembaga | dalam & luar
        luar & dalam | di dalam & di luar panti | di dalam & luar panti | dalam panti & luar panti
        luar panti & dalam panti | panti & non panti | panti & luar panti | dalam maupun luar panti | dp & lp
        lp & dp | dalam serta luar panti | dalam luar panti | residensial & non residensial
        dalam lembaga & luar lembaga
    """,
}
"""Systems -> phrases; "LUAR PANTI" is a phrase of its own, longer than "PANTI"."""

NOISE_WORDS = """
    bina masalah potensial melalui lewat wicara mental fisik sensorik intelektual ganda psikososial berat ringan
    lks lembaga kesejahteraan sosial layanan pelayanan jenis cluster klaster kluster klater cluter sasaran
    kelompok bidang penerima manfaat klien rehabilitasi perlindungan jaminan pemberdayaan pengasuhan perawatan
    pembinaan bimbingan pondok pendampingan bantuan penanganan santunan asuhan dasar penyandang orang korban
    dengan yang untuk bagi di ke dari pada dan serta sistem para kaum warga binaan terlantar telantar berbasis
    tahun usia umur tahap program service services of for with and the people group groups laki perempuan wanita
    pria putra putri dewasa putus sekolah miskin tidak mampu asuh rumah yayasan wilayah daerah khusus lain
    lainnya lainlain atau dll dsb care eks bekas mantan ppks pmks ada
"""
"""Words (separated by blanks) that may stand beside a known phrase without meaning anything more."""

SPELLINGS = {
    "diluar": "di luar", "didalam": "di dalam", "dlm": "dalam", "luarpanti": "luar panti", "dalampanti": "dalam panti",
    "diluarpanti": "di luar panti", "didalampanti": "di dalam panti", "yg": "yang", "dgn": "dengan", "utk": "untuk",
    "tdk": "tidak", "lanjutusia": "lanjut usia", "anak2": "anak",
}  # fmt: skip
"""Other spellings of single words, and words written as one."""

FALSE_FRIENDS = frozenset(("kecamatan", "rencana", "kurban", "pelayaran", "berencana"))
"""Right words that look like a misspelt known one."""

STRONG_IN_NAMES = """
    lksa | lks a | lks lu | lkslu | lks lansia | lks pd | lkspd | ipwl | psaa | pstw | psbd | psbn | psbl | psbg
    psbrw | psbr | panti asuhan | panti jompo | panti werdha | panti wredha | panti werda | panti wreda
    panti lansia | panti lanjut usia | panti tresna werdha | panti sosial tresna werdha | panti asuhan anak
    panti asuhan yatim | panti asuhan yatim piatu | panti yatim piatu | panti sosial asuhan anak | rpsa | rptc
    panti rehabilitasi napza | panti rehabilitasi narkoba | taman anak sejahtera | panti disabilitas
    panti anak
    """
"""Phrases that tell the service even within the name of an institution ("Yayasan Anak Bangsa" does not)."""
