/* Phrases that several parts of the page use: where an area lies, its people, its status, what the map shows. */

import { frame } from './data.js';
import { el, svg } from './dom.js';
import { FINEST, findArea, groupOf, names, siteGains, unreported, values } from './model.js';
import { allClasses, cssClass } from './classes.js';
import { besideGroup, differs } from './difference.js';
import { state, variantParts } from './state.js';
import { shown, t } from './words.js';

/** Filters and totals of the places that count in the view. */
export function countedNow() {
  return frame.variants[variantParts(state.variant).filters];
}

/** The words about the reach that is assumed for a group in the view. */
export function reachOf(group) {
  const { km } = variantParts(state.variant);
  return km === '' ? groupOf(group).reach : frame.reaches.find(({ key }) => key === km).said;
}

/** The name of the group in view, or of both groups of a difference. */
export function groupsInView(most) {
  const both = [state.group, ...(differs() ? [besideGroup()] : [])];
  return t(`beda_kelompok_${both.length}`, { one: shown(groupOf(both[0]).name, most), other: shown(groupOf(both[both.length - 1]).name, most) });
}

/** The emblem of the agency, for a page that has one. */
export function emblem() {
  return el('img', { class: 'emblem', src: frame.emblem, alt: t('lambang', { agency: shown(frame.agency, 120) }) });
}

/** What the map shows: level, region, year, reach, filters. */
export function subtitle(group) {
  const region = state.kabupaten === '' ? shown(frame.region, 80) : kabupatenName();
  const { filters } = countedNow();
  return t('subjudul', {
    level: t(`per_${state.level}`),
    region,
    reach: differs() ? reachOfBoth() : reachOf(group),
    filters: filters.join('; '),
  });
}

/** The reach of both groups of a difference: once where it is the same. */
export function reachOfBoth() {
  const both = [state.group, besideGroup()];
  const [own, theirs] = both.map(reachOf);
  return own === theirs ? own : both.map((key) => `${shown(groupOf(key).short, 40)}: ${reachOf(key)}`).join('; ');
}

/** Whether the list stands in the order of what one more LKS would add. */
export function byGain() {
  return !differs() && state.order === 'tambahan' && state.level === FINEST && siteGains(state.variant, state.group) !== null;
}

export function kabupatenName() {
  const found = findArea(state.kabupaten);
  if (found === null) return '';
  const name = shown(names(found.level, 'nama')[found.at], 60);
  return /^(kabupaten|kota) /i.test(name) ? name : t('kabupaten_nama', { name });
}

export function people(value) {
  return Number.isNaN(value) ? t('sasaran_tidak_diketahui') : t('orang', { n: value });
}

/** "4.287 orang (perkiraan)": the target of an area, and whether it or a part of it is an estimate. */
export function targetOf(level, at, group) {
  const column = (name) => values(level, state.variant, group, name)[at];
  const estimate = column('sasaran_perkiraan') === true ? ` (${t('perkiraan')})` : '';
  return people(column('sasaran')) + estimate + knownPartOf(level, at, group);
}

/** "(30 dari 181 desa)" after people and shares that rest on some of the desa only; nothing where all are known. */
export function knownPart(known, desa) {
  return known > 0 && known < desa ? t('bagian_diketahui', { known, desa }) : '';
}

export function knownPartOf(level, at, group) {
  const column = (name) => values(level, state.variant, group, name)[at];
  return knownPart(column('desa_diketahui'), column('jumlah_desa'));
}

/** "4 dari 6 kabupaten ada dalam register", and which are not; nothing where all are. */
export function reportedPart(group) {
  const missing = unreported(state.variant, group, state.kabupaten).map((at) => shown(names('kabupaten', 'nama')[at], 40));
  if (missing.length === 0) return '';
  const all = state.kabupaten === '' ? names('kabupaten', 'nama').length : 1;
  return t('bagian_dilaporkan', { n: all - missing.length, total: all, names: missing.join(', ') });
}

/** How the places of the view add up, for all groups or one. */
export function totalsOf(group) {
  const { all, groups } = countedNow().totals[state.kabupaten];
  return group === undefined ? all : groups[group];
}

/** "2 LKS disamarkan, ..." for a group that has such places in view, else nothing. */
export function disguiseNote(group) {
  const note = (key) => (totalsOf(key).disguised > 0 ? t('catatan_disamarkan', { n: totalsOf(key).disguised }) : '');
  if (!differs()) return note(group);
  const both = [state.group, besideGroup()].filter((key) => note(key) !== '');
  return both.map((key) => `${shown(groupOf(key).short, 40)}: ${note(key)}`).join('; ');
}

/** "Kec. Kalukku, Mamuju", as far as it applies. */
export function whereOf(level, at) {
  const district = names(level, 'kecamatan')[at];
  const regency = names(level, 'kabupaten')[at];
  if (level === 'desa') return t('kec_kab', { district: shown(district, 60), regency: shown(regency, 60) });
  return level === 'kecamatan' ? shown(regency, 60) : shown(frame.provinces.join(', '), 80);
}

/** Word and colour of a status, or of "no data". */
export function statusLine(key) {
  const { label } = allClasses('status', frame.start.group).find((row) => row.key === key);
  return el(
    'span',
    { class: 'status-line' },
    svg('svg', { class: 'swatch', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('rect', { x: 0.5, y: 0.5, width: 15, height: 15, class: cssClass('status', key) })),
    el('b', {}, label),
  );
}
