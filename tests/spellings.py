"""Spellings of personal data inside the cells of a register, all invented: what stands in {braces} must be masked, all
else must stay. A line without braces holds nothing personal."""

from __future__ import annotations

PHONES = """
Jl. Poros 3, {HP 081234567890}
Jl. Poros 3,{081234567890}
Jl. Poros No. 3,{081234567890}
Jl. Poros 3 No.{081234567890}
Jl. Poros ({0812-3456-7890})
Jl. Poros {0812 3456 7890}
Jl. Poros {0812.3456.7890}
Jl. Poros {0812_3456_7890}
Jl. Poros {0812,3456,7890}
Jl. Poros {0812:3456:7890}
Jl. Poros {0812|3456|7890}
Jl. Poros {[0812] 3456 7890}
Jl. Poros {0812/3456/7890}
Jl. Poros {0812 - 3456 - 7890}
Jl. Poros {0812–3456–7890}
Jl. Poros {0812\u00a03456\u00a07890}
Jl. Poros {0812\u200b3456\u200b7890}
Jl. Poros {0812\u20113456\u20117890}
Jl. Poros {08 12 34 56 78 90}
Jl. Poros {08-12-34-56-78-90}
Jl. Poros {0 8 1 2 3 4 5 6 7 8 9 0}
Jl. Poros {0812 34 567 890}
Jl. Poros {(0812) 3456-7890}
Jl. Poros {0812)3456(7890}
Jl. Poros {O8l2-3456-789O}
Jl. Poros {081 234 567 890}
Jl. Poros {0812*3456*7890}
Jl. Poros {0852 / 1234 / 5678}
Jl. Poros {0426-21345/21346}
Jl. Poros, telepon {dua satu tiga empat lima enam tujuh}
Jl. Poros {o81234567890}
Jl. Poros {０８１２３４５６７８９０}
Jl. Poros {+62 812 3456 7890}
Jl. Poros {+62(0)81234567890}
Jl. Poros {+62 (0) 812-3456-7890}
Jl. Poros {+62081234567890}
Jl. Poros {6281234567890}
Jl. Poros {62 812 3456 7890}
Jl. Poros {62-812-3456-7890}
Jl. Poros {006281234567890}
Jl. Poros {(62) 81234567890}
Jl. Poros {81234567890}
Jl. Poros {85212345678}
Jl. Poros {812-3456-7890}
Jl. Poros {852 1234 5678}
Jl. Poros {081234567890}Wati
Jl. Poros/{081234567890}/{085212345678}
Jl. Poros {081234567890} 20 orang
Jl. Poros {081234567890},{085212345678}
Jl. Poros; {Telp. (0426) 21234}
Jl. Poros {(0426) 21 345}
Jl. Poros {(0426)-213456}
Jl. Poros {0426-21345}
Jl. Poros,{0426-21345}
Jl. Poros {0426/21345}
Jl. Poros {0426 21345}
Jl. Poros {0426.213456}
Jl. Poros {0426–21345}
Jl. Poros {0426 - 21345}
Jl. Poros {0411-123 456}
Jl. Poros {021-1234567}
Jl. Poros {042621345}
Jl. Poros {+62 426 21345}
Jl. Poros {+62-426-21345}
Jl. Poros, {tlp 21345}
Jl. Poros, {tlp: 21 345}
Jl. Poros, {HP081200001234}
Jl. Poros, {hp. 0812 0000 1234}
Jl. Poros {H.P. 08120001}
Jl. Poros {No. HP: 0812}{0001234}
Jl. Poros {WA: 0812.3456.7890}
Jl. Poros {wa 08123456}
Jl. Poros {cp: Wati 08132222}
Jl. Poros {CP Ibu Wati (0813) 2222}
Jl. Poros {hub. 0813 2222}
Jl. Poros {Hubungi: 08132222}
Jl. Poros {hub Wati Sari 08132222}
Jl. Poros {sms 08132222}
Jl. Poros {call center 0800 1234}
Jl. Poros {Kontak: 21345}
Jl. Poros {hotline 0426 123}
Jl. Poros {fax 0426 21345}
Jl. Poros {nol delapan satu dua tiga empat lima enam tujuh delapan}
Jl. Poros {0812xxxx}
Jl. Poros {0812-xxxx-1234}
Jl. Poros {08123456xxx}
Jl. Poros {0812****1234}
Jl. Poros {0812...1234}
Jl. Poros {0426-xxxx}
Jl. Poros {(0426) xxxxx}
Jl. Poros {(0812) xxxx 7890}
Jl. Poros {81234567890.0}
Jl. Poros {8,1234567E+10}
""".replace("{No. HP: 0812}{0001234}", "{No. HP: 08120001234}")

MAILS_AND_LINKS = r"""
Jl. Poros ({panti.x@contoh.co.id})
Jl. Poros, {panti.x @ contoh.co.id}
Jl. Poros, {panti.x(at)contoh.id}
Jl. Poros, {panti.x [at] contoh [dot] id}
Jl. Poros, {panti.x＠contoh.id}
email:{panti_x@contoh.id}, Mamuju
Jl. Poros, {https://wa.me/6281234567890}
Jl. Poros, {wa.me/6281234567890}
Jl. Poros, {t.me/pantix}
Jl. Poros, {https://chat.whatsapp.com/AbCdEf123}
Jl. Poros, {https://api.whatsapp.com/send?phone=62812}
Jl. Poros, {facebook.com/panti.x}
Jl. Poros, {www.instagram.com/panti_x}
Jl. Poros, IG: {panti_x}
Jl. Poros, IG {panti_x}
Jl. Poros, FB: {Panti X}; Mamuju
Jl. Poros, {@panti_x}
Jl. Poros, {panti@contoh}
Jl. Poros, {panti(a)contoh.com}
Jl. Poros, {panti at contoh dot id}
Jl. Poros, fb {Panti X}, Mamuju
email: {panti_x}
E-mail: {panti.x}, Mamuju
surel: {panti_x@contoh.id}
Jl. Poros, {bit.ly/3xYz}
Jl. Poros, {https://s.id/pantix}
Jl. Poros, {forms.gle/AbC}
Jl. Poros, {https://lynk.id/panti}
"""

NUMBERS = """
NIK {7601014101700001} Jl. Poros
NIK{7601014101700001}
Jl. Poros,{7601014101700001}
Jl. Poros, no.{7601014199990001}.
Jl. Poros {7601 0141 9999 0001}
Jl. Poros {7601.0141.9999.0001}
Jl. Poros {760101-419999-0001}
Jl. Poros {7601_0141_9999_0001}
Jl. Poros {7601\u00a00141\u00a09999\u00a00001}
Jl. Poros {76 01 01 41 99 99 00 01}
Jl. Poros, KTP: {760101419999}
Jl. Poros, NIK : {76o1o141}
Jl. Poros, No. KK {7601014199}
NPWP {01.234.567.8-901.000}
Jl. Poros {01.234.567.8-901.000}
Jl. Poros {01 234 567 8 901 000}
Jl. Poros {012345678901000}
NPWP: {0123456789}
Jl. Poros, {rek BRI 0012-01-034567-50-8}
Jl. Poros, {No. Rekening: 0123456789}
Jl. Poros, {norek 0123456789}
Jl. Poros, {BRI 0012-01-034567-50-8}
Jl. Poros, {BRI: 001201034567508}
Jl. Poros, {Bank Mandiri 152-00-1234567-8}
Jl. Poros, {Mandiri 1520012345678}
Jl. Poros, {BNI 0123456789}
Jl. Poros, {BCA no. 7990123456}
Jl. Poros, {Bank Sulselbar 130-202-000012345-6}
Jl. Poros, {0123456789 (BNI})
Jl. Poros, {0012-01-034567-50-8}
Jl. Poros, {a/c 0123456789}
Jl. Poros, {BSI a.n. Wati 7123456789}
Jl. Poros {76O1O14101700001}
Jl. Poros {7601O1 4101700 OO1}
Jl. Poros {7.60101410170000E+15}
Jl. Poros {198001012005011001}
NIP. {19800101 200501 1 001}
Jl. Poros {19800101 200501 1 001}
Jl. Poros {19800101-200501-1-001}
Jl. Poros {152-00-1234567-8}
Jl. Poros {01-234-567890}
Jl. Poros {01-234567-01}
"""

PERSONS = r"""
Jl. Poros, Ketua: {Sari Wati}
Jl. Poros, Ketua : {Sari Wati, S.Sos}, Mamuju
Jl. Poros (Ketua: {Sari Wati}) Mamuju
Ketua = {Sari Wati}; Jl. Poros
Ketua:  {Sari Wati}
Penanggung-jawab: {Sari Wati}
Jl. Poros, Bp. {Budi}
Jl. Poros, Ny {Sari}
KETUA: {SARI WATI}
ketua: {sari wati}
Nama Ketua: {Sari Wati}
Ketua LKS: {Sari Wati}
Ketua/Pengurus: {Sari Wati}
Pimpinan: Drs. H. {Budi Karang}, Jl. Poros
Pengurus – {Sari Wati}
Pengurus - {Sari Wati}
PJ: {Sari Wati}
Penanggung jawab: {Sari Wati} Jl. Poros No. 3
PIC: {Sari}
Bendahara: {Sari Wati}\nJl. Poros
Ketua Hj. {Sari Wati}
Ketua Bapak {Budi Karang}
Jl. Poros, a.n. {Sari Wati}
Jl. Poros a/n {Sari Wati}
Jl. Poros an. {Sari Wati}
Jl. Poros A.N. {SARI WATI}
Jl. Poros atas nama {Sari Wati}
d/a Bapak {Budi Karang}, Jl. Poros 3
d/a Bpk. H. {Budi Karang} Jl. Poros 3
Jl. Poros, Bu {Wati}
Jl. Poros, rumah Bu {Wati}
Jl. Poros samping rumah Pak {Budi}
Jl. Poros, rumah H. {Budi Karang}
Jl. Poros (Ibu {Wati})
Jl. Poros, Sdr. {Budi}
Jl. Poros, Ust. {Budi Karang}
Akta notaris {Sari Wati SH} No. 12
cp: {Wati}
Contact: {Wati}
samping rumah ibu {wati}
Pengasuh ustadz {Budi}
PJ. {Sari Wati}
Jl. Poros, PJ {Sari Wati}
CP {Sari}, Jl. Poros
Kontak person {Sari Wati}
Wali: {Sari Wati}
Wali murid: {Budi}
Kades: {Sari Wati}
Lurah: {Sari Wati}
Camat = {Budi Karang}
Sekertaris: {Sari}
Koordinator: {Sari}
Suami: {Budi}
AN: {Sari Wati}
A/N: {Sari Wati}
u.p. {Sari Wati}
U.P: {Sari Wati}
up: {Sari Wati}
d/a {Sari Wati}, Jl. Poros 3
d/a {Sari Wati} Jl. Poros 3
d.a. {Budi Karang}
c/o {Sari Wati}
Nama: {Sari Wati}
Bapak {budi}
Jl. Poros, bapak {budi}
ibu {wati}
Jl. Poros depan ibu {wati}
Alm. {Budi Karang}
KH. {Budi Karang}
Mbak {Sari}
Pendeta {Budi}
rumah dr. {Budi}
Pengelola : Hj. {Sitti}
Jl. Poros, an {Sari Wati}
Jl. Poros (an {Budi})
Jl. Poros, {0012-01-034567-50-8} an {Sari Wati}
Jl. Poros, Ketua {Sari Wati}, {HP 081234567890}
Pengurus Hj. {Sari} ({081234567890})
Bendahara {Budi Karang} {0812 3456 7890}, Jl. Poros
"""

HARMLESS = r"""
Jl. Poros Mamuju - Majene Km. 12 No. 345
RT 001 RW 002
RT.08/RW.12 No. 345
Kode Pos 91511
Kodepos 91511, Mamuju
Telp. -, Kode Pos 91511
Telp: -
76.03.01.1002; 7603011003
7603011002 7603011003
7603011002 760301
8101012001
81.01.01.2001
8171021001
6208012001
62.08.01.2001
Jl. 17 Agustus 1945
Lorong 8 No. 12-14
Blok A 08 No 12
Blok A1 No. 08/12
2°40'24" LS 118°53'24" BT
02°08'12.345678" LS
2 08 12.3456 LS 118 53 24.1234 BT
02 08 12.3456 118 08 12.3456
-2.673451, 118.893450
-2.673451 118.893450
-2,673451 118,893450
-2.08123456789012, 118.08123456789
2,081234567890
118.8934567890123456
Lat -2.0812345678 Long 118.0812345678
0.8123450007, 118.893450
741234 9704512
50S 741234 9704512
50M 628937 9599904
https://contoh.id/maps/@-2.67,118.88,15z
https://maps.app.goo.gl/AbC123
https://www.panti-contoh.id/profil
LKS-2019-0001
LKS 0081/2019
SK 123/456/2024
SK No. 081/2019 tanggal 12-03-2019
SK Bupati Nomor 0426/12345/2020
AHU-0081234.AH.01.04 Tahun 2016
AHU-0081234567.AH.01.04
NIB 0220001234567
Nomor 12 tanggal 08-12-2024
08-12-2024 15 orang
08/12/2024 s.d. 08/12/2026
2019-2020-2021-2022
tahun 2019-2020-2021-2022
tahun 2019 2020 2021 2022
Rp 812.345.678
Rp 812 345 6789
Dsn. Bu Kit
Bukit Bu Tung
Yayasan Atas Nama Cinta
Muslimat NU (Ibu Nyai)
Rp 1.250.000.000
Rp. 15.000.000,00
08.00-16.00 WITA
buka 08.00 - 16.00
kapasitas 120 orang, 30 KK
KK: 120
120 KK
3 kamar @4 orang
Pengurus: 12 orang
Ketua: -
Kepala Keluarga: 20
Pengurus: belum ada
Jl. Wa Ode No. 12345
Jl. Wa Ode 93111
Jl. Rekreasi 12345678
Jl. BRI No. 12
samping Bank Mandiri No. 3
Jl. H. Abdul Karim No. 3
Jl. Hj. Sitti
Jl. Pak Kasih
Jl. Bapak Pembangunan No. 5
Gang Bu Darmi 3
Jalan Ibu Kartini
Lorong H. Budi
Yayasan Hj. Sitti
Panti Bapak Kami
LKS Ibu Kartini
Panti Asuhan An. Nur
Panti Asuhan An Nur
LKSA Pak Tani
LKS Ibu dan Anak
Pelayanan ibu hamil dan menyusui
Pemberdayaan Ibu Rumah Tangga
Perempuan Kepala Keluarga
Kec. Ibu Selatan
Ibu Kota Kabupaten
d/a Kantor Desa Saletto
d/a Jl. Poros 3
a.n. Yayasan Kasih Bunda
Rumah Singgah Ketua Adat
Kepala Desa Saletto
samping kantor kepala desa
depan rumah dinas Bupati
LKS-LU Sejahtera
LKS Mandiri 2019
Mandiri; Berkembang
NAPZA, ODGJ
Kampung Baru
Jl. Pengurus Besar No. 3
Dusun I, Desa Sumare
Pendamping: PKH
Kepala Keluarga - miskin
PA. An. Nisa
LKS Pengurus - Karya
LKS Pengurus – Karya
Sambali Wali - Rante
LKS Mandiri 2023 2024 01
LKS Mandiri 2020 2021 2022
LKS BRI Peduli 2019-2020-2021
Mandiri 01-02-2023 04-05-2024
20241126081234
202411260812
2024-11-26 08.12.34
WhatsApp 20241126 081234
SK No. 12/2021
No. 12/2021
d/a SDN 1 Mamuju
d/a Masjid Raya
d/a Kantor Lurah
d/a Desa Saletto
u.p. Kepala Dinas
PJ Bupati
AN: Yayasan Kasih
AN: -
up date
email: -
email: belum ada
Nama: Yayasan Kasih
Ibu kota kabupaten
ibu rumah tangga
ibu pengajian
bapak dan ibu
bapak nelayan
ibu-ibu
layanan bapak asuh
Jl. dr. Sutomo No. 3
Jl. KH. Ahmad Dahlan
Klinik dr. Mawar
Jl. Wali Songo
Jl. Daeng Ramang
12-03-2019
2024-11-26
76-03-01-1002
RT 008 xx
https://goo.gl/maps/AbC123
Jl. Poros, An Nur
tahun 1980 an Jl. Poros
Ketua RT 3
Kepala Desa Mambi
LKS Ketua Adat
Jl. Poros, Ketua Adat Mambi
Pengurus Ranting
"""

MASKED = (PHONES, MAILS_AND_LINKS, NUMBERS, PERSONS)


def spellings(*tables: str) -> list[str]:
    """The lines of tables; \\n and \\u00a0 stand for what they are in Python."""
    lines = (line for table in tables for line in table.strip().splitlines())
    return [line.replace("\\n", "\n") for line in lines]
