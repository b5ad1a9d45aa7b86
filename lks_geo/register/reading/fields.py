"""The fields of a register: what each is called, and by which headings offices write it.

`FIELDS` is the one table of headings. Synonyms are written as people read them; they are compared without case, spaces
and punctuation (`headings.py`), earlier ones win over later ones. `AMBIGUOUS` holds the short headings that mean
different things in different offices; the cells below decide (`HINTS`), else the heading is reported and not used.
`OTHER` are headings that look like a field and are none, so that similarity never claims them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field: `key` in code and on the command line, title on screen and in the template, seen headings.

    `text`: free text in which a telephone or identity number may hide (see personal.py).
    """

    key: str
    title_id: str
    title_en: str
    synonyms: tuple[str, ...] = ()
    text: bool = False

    def title(self, lang: str) -> str:
        """The title in a language."""
        return self.title_en if lang == "en" else self.title_id


def _words(text: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(" ".join(word.split()) for word in text.split(","))


FIELDS = (
    FieldSpec(
        key="id", title_id="ID LKS", title_en="LKS ID", text=True,
        synonyms=_words("""
            id lks, id lembaga, id, kode lks, kode lembaga, id panti, nomor lks, no lks, no lembaga, nomor
            lembaga, nomor induk lks, nomor induk lembaga, no induk lks, nomor registrasi, no registrasi, no reg,
            nomor register, no register, nomor tanda daftar, no tanda daftar, nomor tanda pendaftaran, tanda
            daftar, lks id, institution id, registration number
        """),
    ),
    FieldSpec(
        key="nama", title_id="Nama LKS", title_en="LKS name", text=True,
        synonyms=_words("""
            nama lks, nama lembaga, nama lembaga kesejahteraan sosial, nama lembaga kesejahteraan sosial lks, nama
            lks lembaga, nama panti, nama panti lks, nama lks panti, nama lksa, nama lembaga panti, nama yayasan
            panti, nama institusi, nama yayasan, nama organisasi, nama orsos, nama panti asuhan, panti asuhan,
            nama lembaga lks, lembaga kesejahteraan sosial, nama, lks, lembaga, panti, nama lks lksa, name,
            institution, institution name, name of institution, lks name, name of lks, organization, organisation,
            organization name, organisation name
        """),
    ),
    FieldSpec(
        key="kelompok", title_id="Kelompok sasaran", title_en="Target group", text=True,
        synonyms=_words("""
            kelompok sasaran, kelompok, kelompok sasaran layanan, kelompok sasaran pelayanan, sasaran, sasaran
            layanan, sasaran pelayanan, kelompok layanan, klaster, cluster, cluter, kluster, klaster layanan,
            kelompok penerima manfaat, jenis klien, kelompok klien, jenis ppks, ppks, ppks yang ditangani, jenis
            ppks yang dilayani, jenis ppks yang ditangani, jenis pmks yang ditangani, sasaran garapan, jenis pmks,
            pmks, sasaran ppks, ppks yang dilayani, jenis sasaran, jenis penerima manfaat, target group, target
            groups, group, groups, population group
        """),
    ),
    FieldSpec(
        key="jenis_layanan", title_id="Jenis layanan", title_en="Type of service", text=True,
        synonyms=_words("""
            jenis layanan, nama layanan, jenis pelayanan, layanan, kategori layanan, jenis layanan sosial, jenis
            pelayanan sosial, pelayanan sosial, bidang layanan, bidang pelayanan, bidang garapan, bentuk layanan,
            jenis kegiatan pelayanan, kegiatan pelayanan, layanan sosial, layanan yang diberikan, jenis layanan
            lks, layanan lks, macam layanan, jenis layanan akreditasi, jenis usaha kesejahteraan sosial, jenis
            uks, jenis layanan yang diberikan, type of service, service type, service, services, types of service,
            kind of service
        """),
    ),
    FieldSpec(
        key="sistem", title_id="Sistem layanan", title_en="Service system", text=True,
        synonyms=_words("""
            sistem layanan, sistem pelayanan, sistem, dalam luar panti, dalam atau luar panti, dalam panti luar
            panti, panti non panti, panti atau non panti, model layanan, sifat layanan, dp lp, jenis panti,
            service system, residential or not
        """),
    ),
    FieldSpec(
        key="status_aktif", title_id="Status aktif", title_en="Active status",
        synonyms=_words("""
            status aktif, status keaktifan, status aktif tidak, status aktif ya tidak, keaktifan, aktif, aktif
            tidak aktif, aktif tidak, status kinerja, status operasional, status kegiatan, kondisi lks, aktif non
            aktif, status aktif tidak aktif, keterangan aktif, ket aktif, keterangan aktif tidak aktif, status
            keaktifan lks, masih aktif, operasional, active, active status, is active, aktif nonaktif, status
            aktif nonaktif, status aktif non aktif, keterangan aktif tidak, ket aktif tidak, ket aktif tidak aktif,
            keterangan keaktifan, status aktivitas, status keberadaan
        """),
    ),
    FieldSpec(
        key="badan_hukum", title_id="Badan hukum", title_en="Legal entity",
        synonyms=_words("""
            badan hukum, status badan hukum, berbadan hukum, status hukum, berbadan hukum tidak, berbadan hukum
            tidak berbadan hukum, status berbadan hukum, bentuk badan hukum, legalitas, status legalitas, legal
            entity, legal status
        """),
    ),
    FieldSpec(
        key="perkembangan", title_id="Tahap perkembangan", title_en="Stage of development",
        synonyms=_words("""
            tahap perkembangan, perkembangan, tingkat perkembangan, status perkembangan, perkembangan lks,
            kategori perkembangan, klasifikasi perkembangan, tumbuh berkembang mandiri, tipologi perkembangan,
            stage of development, development, development stage
        """),
    ),
    FieldSpec(
        key="akreditasi", title_id="Akreditasi", title_en="Accreditation",
        synonyms=_words("""
            akreditasi, peringkat akreditasi, nilai akreditasi, nilai peringkat akreditasi, status akreditasi,
            peringkat, hasil akreditasi, hasil akreditasi terakhir, predikat akreditasi, tingkat akreditasi,
            kategori akreditasi, predikat, akreditai, terakreditasi, accreditation, accreditation rank,
            accreditation status, rank
        """),
    ),
    FieldSpec(
        key="berlaku_sampai", title_id="Akreditasi berlaku sampai", title_en="Accreditation valid until",
        synonyms=_words("""
            akreditasi berlaku sampai, berlaku sampai, masa berlaku, berlaku sampai dengan, berlaku s d, berlaku
            hingga, masa berlaku akreditasi, akreditasi masa berlaku, tanggal berakhir akreditasi, tahun
            akreditasi berakhir, tanggal berakhir, akhir masa berlaku, tanggal kedaluwarsa, kedaluwarsa, tgl
            berlaku sampai, tanggal berlaku sampai, masa berlaku sampai, tanggal kadaluarsa, valid until, expiry,
            expiry date, accreditation valid until
        """),
    ),
    FieldSpec(
        key="tahun", title_id="Tahun", title_en="Year",
        synonyms=_words("""
            tahun akreditasi, tahun terakreditasi, tahun pengajuan, tahun, akreditasi tahun, tahun data, tahun
            pendataan, thn, thn akreditasi, tahun penilaian, year, year of accreditation
        """),
    ),
    FieldSpec(
        key="kapasitas", title_id="Kapasitas (orang)", title_en="Capacity (people)",
        synonyms=_words("""
            kapasitas, daya tampung, kapasitas tampung, kapasitas orang, kapasitas panti, kapasitas layanan,
            kapasitas lembaga, daya tampung orang, kapasitas tempat tidur, jumlah kapasitas, capacity, beds
        """),
    ),
    FieldSpec(
        key="klien", title_id="Jumlah klien", title_en="Clients",
        synonyms=_words("""
            jumlah klien, klien, jumlah penerima manfaat, penerima manfaat, jumlah pm, jumlah warga binaan, warga
            binaan, jumlah kelayan, kelayan, jumlah binaan, jumlah anak asuh, anak asuh, jumlah ppks, jumlah klien
            jumlah, jumlah klien total, total klien, jml klien, jumlah klien binaan, jumlah penghuni, jumlah yang
            dilayani, penerima manfaat per tahun, jumlah klien orang, jumlah seluruh klien, clients, number of
            clients, beneficiaries, number of beneficiaries, residents
        """),
    ),
    FieldSpec(
        key="klien_pria", title_id="Klien pria", title_en="Male clients",
        synonyms=_words("""
            jumlah klien pria, klien pria, jumlah klien laki laki, klien laki laki, jumlah klien l, klien l,
            jumlah klien lk, jumlah pm laki laki, penerima manfaat laki laki, jumlah penerima manfaat laki laki,
            male clients, clients male
        """),
    ),
    FieldSpec(
        key="klien_perempuan", title_id="Klien perempuan", title_en="Female clients",
        synonyms=_words("""
            jumlah klien perempuan, klien perempuan, jumlah klien wanita, klien wanita, jumlah klien p, klien p,
            jumlah klien pr, jumlah pm perempuan, penerima manfaat perempuan, jumlah penerima manfaat perempuan,
            female clients, clients female
        """),
    ),
    FieldSpec(
        key="alamat", title_id="Alamat", title_en="Address", text=True,
        synonyms=_words("""
            alamat, alamat lengkap, alamat lks, alamat lembaga, alamat lengkap lembaga, alamat panti, alamat
            kantor, alamat sekretariat, alamat lokasi, jalan, alamat jalan, alamat surat, tempat kedudukan,
            address, full address, street address
        """),
    ),
    FieldSpec(
        key="desa", title_id="Desa/Kelurahan", title_en="Village", text=True,
        synonyms=_words("""
            desa kelurahan, desa, kelurahan, kelurahan desa, desa kel, kel desa, nama desa, nama kelurahan, nama
            desa kelurahan, ds kel, kel, desa atau kelurahan, nama kelurahan desa, kelurahan atau desa, village,
            village name
        """),
    ),
    FieldSpec(
        key="kecamatan", title_id="Kecamatan", title_en="District", text=True,
        synonyms=_words("""
            kecamatan, kec, nama kecamatan, distrik, kecamtan, kecematan, district, subdistrict
        """),
    ),
    FieldSpec(
        key="kabupaten", title_id="Kabupaten/Kota", title_en="Regency", text=True,
        synonyms=_words("""
            kabupaten kota, kabupaten, kab kota, kab, nama kabupaten, kota kabupaten, nama kabupaten kota, kota,
            kabupten, daerah kabupaten, kabupaten atau kota, regency, regency city, city
        """),
    ),
    FieldSpec(
        key="provinsi", title_id="Provinsi", title_en="Province", text=True,
        synonyms=_words("""
            provinsi, prov, nama provinsi, propinsi, provini, province
        """),
    ),
    FieldSpec(
        key="kode_desa", title_id="Kode desa", title_en="Village code",
        synonyms=_words("""
            kode desa, kode desa kelurahan, kode kelurahan, id kelurahan, id desa, kode wilayah, kode kel desa,
            kode desa kel, kode wilayah desa, kode kemendagri, kode bps, kode bps desa, kode desa bps, kode desa
            kelurahan bps, kode desa kemendagri, kode wilayah administrasi, kode kelurahan desa, kd desa, kode
            administrasi, village code, area code
        """),
    ),
    FieldSpec(
        key="kode_kecamatan", title_id="Kode kecamatan", title_en="District code",
        synonyms=_words("""
            kode kecamatan, id kecamatan, kd kecamatan, kode kec, kd kec, district code
        """),
    ),
    FieldSpec(
        key="kode_kabupaten", title_id="Kode kabupaten", title_en="Regency code",
        synonyms=_words("""
            kode kabupaten, id kabupaten, kode kabupaten kota, kode kab, kode kab kota, kd kab, regency code
        """),
    ),
    FieldSpec(
        key="lintang", title_id="Lintang", title_en="Latitude",
        synonyms=_words("""
            lintang, latitude, lat, koordinat lintang, garis lintang, lintang selatan, koordinat latitude, titik
            koordinat lintang, ls, lintang ls, latitude ls, latitude lu ls, lintang lu ls, latitute, latitud,
            lattitude, latittude, latitide, y, koordinat y, titik koordinat y, koordinat ls, koordinat lat, titik
            koordinat latitude, titik koordinat ls, lokasi latitude, gps lat, y lat, y latitude, y lintang, lat y,
            koordinat n, koordinat s, titik koordinat n, titik koordinat s
        """),
    ),
    FieldSpec(
        key="bujur", title_id="Bujur", title_en="Longitude",
        synonyms=_words("""
            bujur, longitude, long, lng, lon, koordinat bujur, garis bujur, bujur timur, koordinat longitude,
            titik koordinat bujur, bt, bujur bt, longitude bt, longitude bb bt, bujur bb bt, longitud, longtitude,
            longitute, longitudinal, longitide, x, koordinat x, titik koordinat x, koordinat bt, koordinat long,
            titik koordinat longitude, titik koordinat bt, lokasi longitude, gps long, gps lng, x long, x
            longitude, x bujur, long x, koordinat e, koordinat timur, titik
            koordinat e
        """),
    ),
    FieldSpec(
        key="koordinat", title_id="Koordinat", title_en="Coordinates",
        synonyms=_words("""
            koordinat, titik koordinat, koordinat lokasi, lat long, latitude longitude, lat lng, lat lon, lintang
            bujur, long lat, longitude latitude, bujur lintang, titik lokasi, koordinat gps, gps, titik gps,
            koordinat lks, kordinat, titik kordinat, koordinat lat long, koordinat latitude longitude, titik
            koordinat lokasi, koordinat lintang bujur, link google maps, google maps, coordinates, coordinate,
            share loc, share lok, share location, share lokasi, link share loc, link share lokasi, maps, gmaps, google
            map, link maps, link map, link google map, link lokasi, titik maps, tikor, ls bt, bt ls, n e, s e,
            koordinat n e, koordinat s e, koordinat ls bt, koordinat maps, koordinat google maps, koordinat peta
        """),
    ),
    FieldSpec(
        key="cakupan_wilayah", title_id="Cakupan wilayah pelayanan", title_en="Declared service area", text=True,
        synonyms=_words("""
            cakupan wilayah pelayanan, cakupan wilayah, wilayah pelayanan, wilayah layanan, cakupan wilayah
            layanan, cakupan pelayanan, cakupan layanan, wilayah kerja, jangkauan pelayanan, wilayah jangkauan,
            area layanan, daerah layanan, wilayah cakupan, service area, declared service area
        """),
    ),
    FieldSpec(
        key="alamat_publik", title_id="Alamat publik", title_en="Public address",
        synonyms=_words("""
            alamat publik, alamat boleh dipublikasikan, alamat terbuka, alamat boleh ditampilkan, lokasi publik,
            lokasi boleh ditampilkan, public address, address is public
        """),
    ),
)  # fmt: skip
"""Every field that the register room knows. The template writes the titles, so titles are headings as well."""

FIELD_KEYS = tuple(field.key for field in FIELDS)
FIELD_BY_KEY = {field.key: field for field in FIELDS}

SERVICE_FIELDS = ("kelompok", "jenis_layanan")
"""A register needs `nama` and one of these, or check-mark columns."""

MARK = "tanda:"
"""Column prefix of check-mark columns: `tanda:anak`; `tanda:anak:dalam` or `:luar` where the heading says so."""

OTHER = _words("""
    tahun berdiri, tahun pendirian, tanggal berdiri, tanggal pendirian, status kepemilikan, kepemilikan, status
    tanah, status gedung, status lahan, nomor akta, tanggal akta, no akta, nomor sk, no sk, tanggal sk, no sk
    kemenkumham, nomor izin, keterangan, ket, catatan, lingkup kerja, posisi lks, jumlah pengurus, jumlah pegawai,
    jumlah sdm, jumlah pekerja sosial, jumlah kamar, jumlah tempat tidur, rw, rt, rt rw, kode pos, jenis kelamin,
    sumber dana, jumlah, sumber data, tanggal pendataan, tanggal input, foto, website, id provinsi, kode provinsi,
    id akreditasi, id akreditai, nama lembaga akreditasi, lembaga akreditasi, nama layanan akreditasi, visi, misi,
    luas tanah, tanggal akreditasi, tanggal sertifikat, nomor sertifikat, no sertifikat akreditasi, nomor
    sertifikat akreditasi, dusun, lingkungan, jenis bantuan, bantuan, jumlah bantuan, anggaran, tanggal, bulan,
    hari
""")
"""Seen headings that are none of the fields."""

AMBIGUOUS = {
    "kondisi": ("status_aktif", "perkembangan"),
    "keadaan": ("status_aktif", "perkembangan"),
    "kode": ("id", "kode_desa", "kode_kecamatan", "kode_kabupaten"),
    "jenis": ("jenis_layanan", "sistem", "badan_hukum"),
    "jenis lks": ("jenis_layanan", "sistem", "badan_hukum"),
    "jenis lembaga": ("jenis_layanan", "sistem", "badan_hukum"),
    "tipe": ("jenis_layanan", "sistem", "badan_hukum"),
    "tipe lks": ("jenis_layanan", "sistem", "badan_hukum"),
    "kategori": ("jenis_layanan", "sistem", "perkembangan", "akreditasi"),
    "kategori lks": ("jenis_layanan", "sistem", "perkembangan", "akreditasi"),
    "klasifikasi": ("jenis_layanan", "perkembangan", "akreditasi"),
    "klasifikasi lks": ("jenis_layanan", "perkembangan", "akreditasi"),
    "tipologi": ("jenis_layanan", "perkembangan", "akreditasi"),
    "tipologi lks": ("jenis_layanan", "perkembangan", "akreditasi"),
    "type": ("jenis_layanan", "sistem", "badan_hukum"),
    "pelayanan": ("jenis_layanan", "sistem"),
    "bentuk pelayanan": ("jenis_layanan", "sistem"),
    "sifat pelayanan": ("sistem", "status_aktif"),
    "jenis layanan": ("jenis_layanan", "sistem"),
    "jenis pelayanan": ("jenis_layanan", "sistem"),
    "lokasi": ("koordinat", "alamat"),
    "location": ("koordinat", "alamat"),
    "titik": ("koordinat",),
    "nilai": ("akreditasi",),
    "grade": ("akreditasi",),
    "hasil": ("akreditasi",),
    "wilayah": (),
}
"""Headings that mean one of several fields. A heading that is also an exact synonym is taken by that field unless every
cell speaks for another one. An empty tuple: never used."""

_SERVICE_WORDS = (  # "lks anak", "lanjut usia"
    r"\b(?:anak|balita|asuhan|yatim|werdha|wreda|odgj|abh|ampk|lansia|lanjut usia|jompo|disabilitas|difabel|napza"
    r"|narkoba|kekerasan|trauma|tuna \w+|odha|gepeng|gelandangan|lks-?\s?(?:a|lu|pd)|lkspd|ipwl|penyandang)\b"
)
HINTS = {
    "id": re.compile(r"^(?=.*[a-z])(?=.*\d)[a-z0-9./ _-]{2,30}$"),  # "lks-012/2020"
    "sistem": re.compile(  # "dalam panti", "layanan luar lembaga", "lp"
        r"^\W*(?:(?:sistem|layanan|lks)\s+)?(?:(?:dalam|luar|non)[\s-]*(?:panti|lembaga)|panti|dp|lp)\W*$"
    ),
    "jenis_layanan": re.compile(_SERVICE_WORDS),
    "kode_desa": re.compile(r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$|^\d{10}$"),  # "76.05.01.1001"
    "kode_kecamatan": re.compile(r"^\d{2}\.\d{2}\.\d{2}$|^\d{6,7}$"),  # "76.05.01"
    "kode_kabupaten": re.compile(r"^\d{2}\.\d{2}$|^\d{4}$"),  # "76.05"
    "koordinat": re.compile(r"-?\d+[.,°]\d+.*\d|!3d-?\d"),  # "-2.9, 119.1"; "...!3d-2.9!4d119.1" of a link
    "alamat": re.compile(
        r"\b(?:jl|jln|jalan|desa|ds|kel|kelurahan|kec|dusun|lingkungan|rt|no)\b"
    ),  # "jl. melati no. 3"
}
"""What the cells (lower case) of an ambiguous column look like; for values with a reader see `answers.READERS`."""
