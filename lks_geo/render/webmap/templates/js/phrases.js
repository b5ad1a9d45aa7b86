/* Phrases that several parts of the page use: where an area lies, its people, its status, what the map shows. */

import { frame } from './data.js';
import { el, svg } from './dom.js';
import { findArea, groupOf, names } from './model.js';
import { schemeOf } from './classes.js';
import { state } from './state.js';
import { shown, t } from './words.js';

/** What the map shows: level, region, year, reach, filters. */
export function subtitle(group) {
  const region = state.kabupaten === '' ? shown(frame.region, 80) : kabupatenName();
  const { filters } = frame.variants[state.variant];
  return t('subjudul', {
    level: t(`per_${state.level}`),
    region,
    year: frame.day.slice(0, 4),
    reach: groupOf(group).reach,
    filters: filters.join('; '),
  });
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

/** "Kec. Kalukku, Mamuju", as far as it applies. */
export function whereOf(level, at) {
  const district = names(level, 'kecamatan')[at];
  const regency = names(level, 'kabupaten')[at];
  if (level === 'desa') return t('kec_kab', { district: shown(district, 60), regency: shown(regency, 60) });
  return level === 'kecamatan' ? shown(regency, 60) : shown(frame.provinces.join(', '), 80);
}

/** Word and colour of a status, or of "no data". */
export function statusLine(key) {
  const one = schemeOf('status', frame.start.group).classes.find((row) => row.key === key);
  const className = one ? `status-${key}` : key;
  return el(
    'span',
    { class: 'status-line' },
    svg('svg', { class: 'swatch', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('rect', { x: 0.5, y: 0.5, width: 15, height: 15, class: className })),
    el('b', {}, one ? one.label : t('tidak_ada_data')),
  );
}
