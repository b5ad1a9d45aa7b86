/* The card of an area with all its groups, and the card of an LKS. Either takes the place of the list. */

import { frame } from './data.js';
import { isKnown } from './columns.js';
import { announce, bar, byId, el } from './dom.js';
import { layout } from './layout.js';
import { symbolIcon } from './symbols.js';
import { FINEST, UNREPORTED, codeOf, findArea, groupOf, names, partsOf, ranking, siteGains, values } from './model.js';
import { classKeys, statusParts } from './classes.js';
import { allViews, measuredFrom, showArea, showPoint } from './mapview.js';
import { disguiseNote, knownPartOf, people, reachOf, statusLine, targetOf, whereOf } from './phrases.js';
import { findSite, siteCard, siteLink, sitesIn } from './plan.js';
import { areaOf, counts, drawnAs, findPlace, nearest, nearestName, placeColumn, placesIn, pointOf, servicesOf } from './places.js';
import { change, state } from './state.js';
import { longDate, number, percent, shown, t } from './words.js';

const NEAREST = 3;
const PLACES_LISTED = 12;

/** Draws the card that the state asks for; hides it if none. */
export function drawCard() {
  const card = byId('card');
  const found = findArea(state.area);
  const site = findSite(state.place);
  const place = site ? -1 : findPlace(state.place);
  const open = found !== null || place >= 0 || site !== undefined;
  card.hidden = !open;
  byId('overview').hidden = open;
  if (!open) {
    card.replaceChildren();
    return;
  }
  if (site) {
    card.replaceChildren(backButton(), ...siteCard(site, () => allViews().slice(0, 1).forEach((view) => showPoint(view, site.lat, site.lon))));
    return;
  }
  const content = place >= 0 ? placeCard(place) : areaCard(found.level, found.at);
  card.replaceChildren(backButton(), ...content);
}

/** Opens the card for the reader: focus on its heading. */
export function enterCard() {
  const heading = byId('card').querySelector('h2');
  if (!heading) return;
  byId('panel').scrollTop = 0;
  heading.focus({ preventScroll: true });
  if (layout() === 'column') byId('card').scrollIntoView();
  announce(heading.textContent);
}

function backButton() {
  return el('button', { type: 'button', class: 'back', 'aria-label': t('kembali').replace('‹ ', ''), onclick: closeCard }, t('kembali'));
}

/** Closes the card; the focus goes back to the row of the list that opened it. */
export function closeCard() {
  const { area: code, place } = state;
  change({ area: '', place: '' });
  const row = code
    ? byId('ranking').querySelector(`[data-code="${CSS.escape(code)}"]`)
    : byId('plan').querySelector(`[data-site-row="${CSS.escape(place)}"]`);
  (row || byId('ranking').querySelector('button'))?.focus({ preventScroll: !row });
}

function areaCard(level, at) {
  const group = groupOf(state.group);
  const key = classKeys(level, state.variant, state.group, 'status')[at];
  const disguised = disguiseNote(state.group);
  return [
    el('h2', { tabindex: -1 }, areaTitle(level, at)),
    el('p', { class: 'where' }, `${whereOf(level, at)} · ${t('kode', { code: codeOf(level, at) })}`),
    el('div', { class: `status-box is-${key}` }, statusLine(key), el('p', {}, statusSentence(level, at, group, key)), disguised ? el('p', { class: 'disguised' }, `${disguised}.`) : null),
    ...siteGain(level, at, group),
    ...(level === FINEST || key === UNREPORTED ? [] : [partsBlock(level, at)]),
    groupsBlock(level, at),
    ...nearestBlock(level, at, group),
    ...ownPlacesBlock(level, at, group),
    measuresBlock(level, at),
    zoomButton(level, at),
  ];
}

/** What one more LKS in a desa would add; nothing where the page does not know it. */
function siteGain(level, at, group) {
  const n = level === FINEST ? siteGains(state.variant, group.key)?.[at] : NaN;
  if (!isKnown(n)) return [];
  return [el('p', { class: 'site-gain' }, t(n > 0 ? 'kalimat_tambahan' : 'kalimat_tambahan_nol', { n, group: shown(group.short, 60) }))];
}

export function areaTitle(level, at) {
  const name = shown(names(level, 'nama')[at], 120);
  if (level === 'desa') return t(/\.1\d{3}$/.test(codeOf(level, at)) ? 'kelurahan_nama' : 'desa_nama', { name });
  if (/^(kabupaten|kota|kecamatan) /i.test(name)) return name;
  return t(`${level}_nama`, { name });
}

function statusSentence(level, at, group, key) {
  const column = (name) => values(level, state.variant, group.key, name)[at];
  const known = knownPartOf(level, at, group.key);
  const params = { group: shown(group.name, 60), reach: reachOf(group.key), share: column('cakupan'), n: column('jumlah_lks'), known };
  if (key === UNREPORTED) return t('kalimat_tidak_dilaporkan', params);
  if (key === 'ada') return t('kalimat_ada', params);
  if (key === 'tidak_ada_data') return t('kalimat_tidak_ada_data', params);
  if (key === 'tidak_ada_sasaran') return t('kalimat_tidak_ada_sasaran', params);
  if (column('cakupan_dari_luas') === true) return t(`kalimat_luas_${key}`, params);
  if (key === 'belum_terlayani' && column('jumlah_lks') > 0) return t('kalimat_belum_dengan_lks', params);
  return t(`kalimat_${key}`, params);
}

function partsBlock(level, at) {
  const unserved = values(level, state.variant, state.group, 'desa_belum_terlayani')[at];
  const all = values(level, state.variant, state.group, 'jumlah_desa')[at];
  const within = new Set(partsOf(level, at));
  const worst = ranking(FINEST, state.variant, state.group, '').filter((part) => within.has(part)).slice(0, 5);
  return el(
    'section',
    { class: 'parts' },
    el('h3', {}, t('desa_belum_judul', { n: unserved, all })),
    bar(statusParts(state.variant, state.group, partsOf(level, at)), 'bar'),
    el('ul', { class: 'links' }, ...worst.map(partRow)),
    level === 'kabupaten' && state.kabupaten === '' ? filterButton(codeOf(level, at)) : null,
  );
}

function partRow(at) {
  const open = () => change({ area: codeOf(FINEST, at), place: '' });
  const target = values(FINEST, state.variant, state.group, 'sasaran')[at];
  return el(
    'li',
    {},
    el('button', { type: 'button', class: 'link', 'data-code': codeOf(FINEST, at), onclick: open }, shown(names(FINEST, 'nama')[at], 80)),
    Number.isNaN(target) ? null : el('span', { class: 'figure' }, people(target)),
  );
}

function filterButton(code) {
  const filter = () => change({ kabupaten: code, level: FINEST, area: '', only: '' });
  return el('button', { type: 'button', class: 'button', onclick: filter }, t('saring_kabupaten'));
}

function groupsBlock(level, at) {
  const head = el(
    'div',
    { class: 'block-head' },
    el('h3', {}, t('semua_kelompok')),
    el('span', { class: 'key' }, el('i', { class: 'met' }), t('terjangkau_kecil'), el('i', { class: 'gap' }), t('belum_kecil')),
  );
  return el('section', { class: 'groups' }, head, el('ul', {}, ...frame.groups.map((group) => groupRow(level, at, group))));
}

function groupRow(level, at, group) {
  const column = (name) => values(level, state.variant, group.key, name)[at];
  const key = classKeys(level, state.variant, group.key, 'status')[at];
  const reported = key !== UNREPORTED;
  const share = reported ? column('cakupan') : NaN;
  const byArea = column('cakupan_dari_luas') === true;
  const km = column('jarak_km');
  const known = knownPartOf(level, at, group.key);
  const parts = Number.isNaN(share)
    ? [{ share: 1, className: reported ? 'unknown' : UNREPORTED }]
    : [
        { share, className: 'met' },
        { share: Math.max(0, 1 - share), className: 'gap' },
      ];
  const target = column('sasaran');
  const figures = Number.isNaN(km) || !reported ? [] : [`${number(km, 1)} km`];
  if (!Number.isNaN(target)) figures.unshift(targetOf(level, at, group.key));
  const lacks = [];
  if (Number.isNaN(target)) lacks.push(t('sasaran_tidak_diketahui'));
  if (Number.isNaN(km)) lacks.push(t('tanpa_lks_dalam_data'));
  const said = byArea && isKnown(share) ? t('persen_wilayah', { share }) : percent(share) + known;
  return el(
    'li',
    group.key === state.group ? { class: 'current', 'aria-current': 'true' } : {},
    symbolIcon(group),
    el('span', { class: 'name' }, shown(group.name, 60)),
    el('span', { class: 'share' }, said),
    bar(parts, 'bar slim'),
    el('span', { class: 'foot' }, statusLine(key), el('span', { class: 'figures' }, figures.join(' · '))),
    lacks.length > 0 ? el('small', {}, lacks.join('; ')) : null,
  );
}

function nearestBlock(level, at, group) {
  if (level !== FINEST || FINEST !== 'desa') return [];
  const title = el('h3', {}, t('lks_terdekat_judul', { group: shown(group.short, 40) }));
  const official = values(level, state.variant, group.key, 'lks_terdekat')[at];
  if (official === null) return [el('section', {}, title, el('p', { class: 'note' }, t('tanpa_lks_dalam_data')))];
  const first = findPlace(official);
  const km = `${number(values(level, state.variant, group.key, 'jarak_km')[at], 1)} km`;
  const head = el('div', { class: 'block-head' }, title, el('span', { class: 'key' }, frame.distanceWords));
  const rows = [first < 0 ? wordsRow(nearestName(official), km) : placeRow(first, km), ...otherRows(at, group, first)];
  return [el('section', {}, head, el('ul', { class: 'links' }, ...rows))];
}

/** The next listed places, nearest first; the page can't measure along roads, so by road there are none. */
function otherRows(at, group, first) {
  if (frame.byRoad) return [];
  const { lat, lng } = measuredFrom(at);
  const others = nearest(group.key, lat, lng, NEAREST).filter((row) => row.at !== first);
  return others.slice(0, NEAREST - 1).map((row) => placeRow(row.at, `${number(row.km, 1)} km`));
}

/** A disguised place in the list: words only, nothing to open. */
function wordsRow(words, note) {
  return el('li', {}, symbolIcon(groupOf(state.group)), el('span', {}, shown(words, 120)), el('span', { class: 'figure' }, note));
}

function placeRow(at, note) {
  const open = () => change({ place: placeColumn('id')[at], area: '' });
  return el(
    'li',
    {},
    symbolIcon(drawnAs(at, state.group)),
    el('button', { type: 'button', class: 'link', onclick: open }, shown(placeColumn('nama')[at], 120)),
    note ? el('span', { class: 'figure' }, note) : null,
  );
}

function ownPlacesBlock(level, at, group) {
  const own = placesIn(level, codeOf(level, at), group.key);
  const disguised = values(level, state.variant, group.key, 'lks_disamarkan')[at] || 0;
  const planned = sitesIn(codeOf(level, at));
  if (own.length + disguised + planned.length === 0) return [];
  const listed = own.slice(0, PLACES_LISTED).map((place) => placeRow(place, pointOf(place) === null ? t('tanpa_titik') : ''));
  const more = own.length > PLACES_LISTED ? el('p', { class: 'note' }, t('dan_lainnya', { n: own.length - PLACES_LISTED })) : null;
  const title = el('h3', {}, t('lks_di_sini', { n: own.length + disguised + planned.length, group: shown(group.short, 40) }));
  const hidden = disguised > 0 ? el('p', { class: 'note' }, t('di_antaranya_disamarkan', { n: disguised })) : null;
  return [el('section', {}, title, el('ul', { class: 'links' }, ...planned.map(siteLink), ...listed), more, hidden)];
}

/** All measures of the current group, with their units. */
function measuresBlock(level, at) {
  const rows = Object.entries(frame.measures).filter(([, measure]) => measure.numeric);
  const known = knownPartOf(level, at, state.group);
  const said = rows.flatMap(([name, measure]) => {
    const value = values(level, state.variant, state.group, name)[at];
    if (Number.isNaN(value)) return [];
    const text = measure.kind === 'share' ? percent(value, measure.digits) : number(value, measure.digits);
    const unit = measure.kind === 'share' || measure.kind === 'count' ? '' : ` ${measure.unit}`;
    return [el('dt', {}, measure.title), el('dd', {}, text + unit + (measure.ofPeople ? known : ''))];
  });
  return el('details', { class: 'measures' }, el('summary', {}, t('semua_ukuran')), el('dl', {}, ...said));
}

function zoomButton(level, at) {
  const go = () => allViews().slice(0, 1).forEach((view) => showArea(view, level, at));
  return el('button', { type: 'button', class: 'button', onclick: go }, t('perbesar'));
}

function placeCard(at) {
  const column = (name) => placeColumn(name)[at];
  const area = areaOf(at);
  const point = pointOf(at);
  const where = area === null ? t('tanpa_wilayah') : `${areaTitle(area.level, area.at)}, ${whereOf(area.level, area.at)}`;
  const facts = [
    [t('fakta_dihitung'), t(counts(at, state.variant) ? 'ya' : 'tidak_dihitung')],
    [t('fakta_status'), t(`aktif_${column('aktif')}`)],
    [t('fakta_akreditasi'), accreditation(column('akreditasi'), column('berlaku_sampai'))],
    [t('fakta_badan_hukum'), isKnown(column('badan_hukum')) ? t(`badan_hukum_${column('badan_hukum')}`) : null],
    [t('fakta_perkembangan'), isKnown(column('perkembangan')) ? t(`perkembangan_${column('perkembangan')}`) : null],
    [t('fakta_kapasitas'), isKnown(column('kapasitas')) ? t('orang', { n: column('kapasitas') }) : null],
    [t('fakta_alamat'), column('alamat') ? shown(column('alamat'), 300) : null],
    [t('fakta_lokasi'), t(`lokasi_${column('lokasi')}`)],
    [t('fakta_koordinat'), point ? `${number(point.lat, 4)}; ${number(point.lon, 4)}` : null],
    [t('fakta_mutu'), column('hasil') === 'meragukan' ? t('perlu_diperiksa') : null],
    [t('fakta_id'), shown(column('id'), 60)],
  ];
  return [
    el('h2', { tabindex: -1 }, shown(column('nama'), 300)),
    el('p', { class: 'where' }, where),
    el('dl', { class: 'facts' }, ...facts.filter(([, value]) => value).flatMap(([term, value]) => [el('dt', {}, term), el('dd', {}, value)])),
    servedBlock(at, column('layanan_lain')),
    point ? el('button', { type: 'button', class: 'button', onclick: () => allViews().slice(0, 1).forEach((view) => showPoint(view, point.lat, point.lon)) }, t('perbesar_lks')) : null,
    area ? el('p', {}, areaButtonNamed(area)) : null,
  ].filter(Boolean);
}

function areaButtonNamed({ level, at }) {
  const open = () => change({ area: codeOf(level, at), place: '' });
  return el('button', { type: 'button', class: 'link', onclick: open }, t('buka_wilayah', { name: areaTitle(level, at) }));
}

function accreditation(rank, until) {
  if (!isKnown(rank)) return t('akreditasi_tidak_tercatat');
  const said = t(`akreditasi_${rank}`);
  if (!until) return said;
  return t(until < frame.day ? 'akreditasi_habis' : 'akreditasi_sampai', { rank: said, day: longDate(until) });
}

function servedBlock(at, others) {
  const served = new Map();
  for (const { group, system } of servicesOf(at)) {
    if (!served.has(group.key)) served.set(group.key, { group, systems: new Set() });
    if (system) served.get(group.key).systems.add(system);
  }
  const rows = Array.from(served.values()).map(({ group, systems }) =>
    el(
      'li',
      {},
      symbolIcon(group),
      el('span', {}, shown(group.name, 80)),
      el('span', { class: 'figure' }, Array.from(systems).map((system) => t(`sistem_${system}`)).join(', ')),
    ),
  );
  if (others) rows.push(el('li', {}, el('span', {}, t('layanan_lain', { names: shown(others, 200) }))));
  return el('section', {}, el('h3', {}, t('kelompok_dilayani')), el('ul', { class: 'links' }, ...rows));
}
