/* The ranked list of unserved areas: 12 rows, then all; a click opens the area. */

import { byId, el, fill } from './dom.js';
import { FINEST, codeOf, gaps, groupOf, names, ranking, values } from './model.js';
import { change, onChange, state } from './state.js';
import { number, shown, t } from './words.js';

const FIRST_ROWS = 12;
const MORE_ROWS = 200;
let rowsWanted = FIRST_ROWS;

onChange((changed) => {
  if (['group', 'level', 'kabupaten', 'variant'].some((field) => changed.has(field))) rowsWanted = FIRST_ROWS;
});

/** One row of the list: name, where, number of people, and the length of its bar. */
export function rankedRows(level, variant, group, kabupaten, most) {
  const order = ranking(level, variant, group, kabupaten);
  const { guarded } = groupOf(group);
  const target = values(level, variant, group, 'sasaran');
  const distance = values(level, variant, group, 'jarak_km');
  const { people, unserved, all } = gaps(level, variant, group);
  const finest = level === FINEST;
  return order.slice(0, most).map((at) => {
    const regency = shown(names(level, 'kabupaten')[at], 40);
    const km = Number.isNaN(distance[at]) ? '–' : number(distance[at], guarded ? 0 : 1);
    return {
      at,
      code: codeOf(level, at),
      name: shown(names(level, 'nama')[at], 80),
      district: level === 'desa' ? shown(names(level, 'kecamatan')[at], 40) : regency,
      where: finest ? whereLine(level, at, regency, km, guarded) : countLine(level, unserved[at], all[at], regency),
      km,
      people: finest ? target[at] : people[at],
    };
  });
}

function whereLine(level, at, regency, km, guarded) {
  const parts = [];
  if (level === 'desa') parts.push(t('kec_kab', { district: shown(names(level, 'kecamatan')[at], 40), regency }));
  parts.push(km === '–' ? t('tanpa_lks_dalam_data') : t(guarded ? 'km_dibulatkan' : 'km', { km }));
  return parts.join(' · ');
}

function countLine(level, unserved, all, regency) {
  const count = t('desa_dari', { n: unserved, all });
  return level === 'kecamatan' ? `${count} · ${regency}` : count;
}

export function drawRanking() {
  const total = ranking(state.level, state.variant, state.group, state.kabupaten).length;
  const rows = rankedRows(state.level, state.variant, state.group, state.kabupaten, rowsWanted);
  const short = shown(groupOf(state.group).short, 40);
  const most = rows.reduce((high, row) => Math.max(high, row.people || 0), 0);
  const known = most > 0;
  fill(
    byId('ranking'),
    el('h2', {}, t('daftar_judul')),
    el('p', { class: 'note' }, t(listNote(known), { group: short })),
    el('ol', { class: 'ranked' }, ...rows.map((row, position) => item(row, position, most))),
    total === 0 ? el('p', { class: 'note' }, t('daftar_kosong')) : null,
    total > rows.length ? moreButton(total) : null,
  );
}

function listNote(known) {
  if (state.level !== FINEST) return known ? 'daftar_catatan_atas' : 'daftar_catatan_atas_tanpa';
  return known ? 'daftar_catatan' : 'daftar_catatan_tanpa';
}

function item(row, position, most) {
  const line = el('span', { class: 'line', 'aria-hidden': 'true' }, el('span', {}));
  line.firstChild.style.width = most > 0 ? `${(100 * (row.people || 0)) / most}%` : '0';
  return el(
    'li',
    {},
    el(
      'button',
      { type: 'button', 'data-code': row.code, onclick: () => change({ area: row.code, place: '' }) },
      el('span', { class: 'rank' }, number(position + 1)),
      el('span', { class: 'name' }, row.name),
      el('span', { class: 'people' }, number(row.people)),
      el('span', { class: 'where' }, row.where),
      most > 0 ? line : null,
    ),
  );
}

function moreButton(total) {
  return el(
    'button',
    {
      type: 'button',
      class: 'button more',
      onclick: () => {
        const before = rowsWanted;
        rowsWanted = rowsWanted === FIRST_ROWS ? Math.max(MORE_ROWS, FIRST_ROWS) : rowsWanted + MORE_ROWS;
        drawRanking();
        byId('ranking').querySelectorAll('li button')[before]?.focus();
      },
    },
    rowsWanted === FIRST_ROWS && total <= MORE_ROWS ? t('tampilkan_semua', { n: total }) : t('tampilkan_lagi', { n: total - rowsWanted }),
  );
}
