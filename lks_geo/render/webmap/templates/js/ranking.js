/* The list of unserved areas: 12 rows, then all; a click opens the area. */

import { isKnown } from './columns.js';
import { byId, el, fill } from './dom.js';
import { FINEST, codeOf, finding, gaps, groupOf, inOrder, listed, names, siteGains, values } from './model.js';
import { differenceCounts, differenceLabel, differenceList, differs, listedClass, listedGroups, peopleOut } from './difference.js';
import { byGain, knownPartOf } from './phrases.js';
import { change, onChange, state } from './state.js';
import { number, shown, t } from './words.js';

const FIRST_ROWS = 12;
const MORE_ROWS = 200;
let rowsWanted = FIRST_ROWS;

onChange((changed) => {
  if (['group', 'level', 'map', 'kabupaten', 'variant', 'order', 'other', 'only'].some((field) => changed.has(field))) rowsWanted = FIRST_ROWS;
});

/**
 * The first rows of the list: name, where, people out of reach. Unserved desa stand by priority: `no` counts the rows,
 * `priority` is the rank in the province. In another order (areas that hold unserved desa; what an LKS adds) they have none.
 */
export function rankedRows(level, variant, group, kabupaten, most) {
  if (differs()) return differenceRows(level, variant, most);
  const order = listed(level, variant, group, kabupaten, state.order);
  const more = byGain() ? siteGains(variant, group) : null;
  const column = (name) => values(level, variant, group, name);
  const finest = level === FINEST;
  const ordered = inOrder(variant, group);
  const numbered = finest && more === null && ordered;
  return order.slice(0, most).map((at, position) => {
    const km = number(column('jarak_km')[at], 1);
    const regency = shown(names(level, 'kabupaten')[at], 40);
    return {
      code: codeOf(level, at),
      name: shown(names(level, 'nama')[at], 80),
      district: level === 'desa' ? shown(names(level, 'kecamatan')[at], 40) : regency,
      where: finest ? whereLine(level, at, regency, km) : countLine(level, at, gaps(level, variant, group), regency),
      no: numbered ? number(position + 1) : '',
      priority: finest && ordered && isKnown(column('prioritas')[at]) ? number(column('prioritas')[at]) : '',
      km,
      people: more === null ? column('belum_terjangkau')[at] : more[at],
      sign: more === null ? '' : '+',
      known: knownPartOf(level, at, group),
    };
  });
}

/** The list of a difference: people of the groups that it is about, the distance of the first of them. */
function differenceRows(level, variant, most) {
  const [first] = listedGroups();
  const finest = level === FINEST;
  return differenceList().slice(0, most).map((at, position) => {
    const km = number(values(level, variant, first, 'jarak_km')[at], 1);
    const regency = shown(names(level, 'kabupaten')[at], 40);
    return {
      code: codeOf(level, at),
      name: shown(names(level, 'nama')[at], 80),
      district: level === 'desa' ? shown(names(level, 'kecamatan')[at], 40) : regency,
      where: finest ? whereLine(level, at, regency, km) : countLine(level, at, differenceCounts(level), regency),
      no: finest ? number(position + 1) : '',
      priority: '',
      km,
      people: peopleOut(level, at),
      sign: '',
      known: knownPartOf(level, at, first),
    };
  });
}

function whereLine(level, at, regency, km) {
  const parts = [];
  if (level === 'desa') parts.push(t('kec_kab', { district: shown(names(level, 'kecamatan')[at], 40), regency }));
  parts.push(km === '–' ? t('tanpa_lks_dalam_data') : t('km', { km }));
  return parts.join(' · ');
}

function countLine(level, at, { unserved, all }, regency) {
  const count = t('desa_dari', { n: unserved[at], all: all[at] });
  return level === 'kecamatan' ? `${count} · ${regency}` : count;
}

/** The positions of the list as shown. */
export function listNow() {
  return differs() ? differenceList() : listed(state.level, state.variant, state.group, state.kabupaten, state.order);
}

export function drawRanking() {
  const total = listNow().length;
  byId('ranking').hidden = finding(state.variant, state.group, state.kabupaten).areas === 0;
  const rows = rankedRows(state.level, state.variant, state.group, state.kabupaten, rowsWanted);
  const short = listedFor().map((key) => shown(groupOf(key).short, 40)).join(' + ');
  const most = rows.reduce((high, row) => Math.max(high, row.people || 0), 0);
  const finest = state.level === FINEST;
  const gain = byGain();
  byId('field-order').hidden = differs() || !finest || total === 0 || siteGains(state.variant, state.group) === null;
  fill(
    byId('ranking'),
    el('h2', {}, title(finest, gain)),
    el('p', { class: 'note' }, t(orderNote(finest, most > 0), { group: short })),
    el(finest && !gain && (differs() || inOrder(state.variant, state.group)) ? 'ol' : 'ul', { class: 'ranked' }, ...rows.map((row) => item(row, most))),
    total === 0 ? el('p', { class: 'note' }, t('daftar_kosong')) : null,
    total > rows.length ? moreButton(total) : null,
  );
}

function listedFor() {
  return differs() ? listedGroups() : [state.group];
}

function title(finest, gain) {
  return differs() ? differenceLabel(listedClass()) : t(titleKey(finest, gain));
}

function titleKey(finest, gain) {
  if (gain) return 'daftar_judul_tambahan';
  if (!finest) return 'daftar_judul_atas';
  return inOrder(state.variant, state.group) ? 'daftar_judul' : 'desa_belum';
}

function orderNote(finest, known) {
  if (differs()) return 'daftar_catatan_beda';
  if (byGain()) return 'daftar_catatan_tambahan';
  if (finest && !inOrder(state.variant, state.group)) return 'daftar_catatan_tanpa_urutan';
  if (finest) return known ? 'daftar_catatan' : 'daftar_catatan_tanpa';
  return known ? 'daftar_catatan_atas' : 'daftar_catatan_atas_tanpa';
}

function item(row, most) {
  const line = el('span', { class: 'line', 'aria-hidden': 'true' }, el('span', {}));
  line.firstChild.style.width = most > 0 ? `${(100 * (row.people || 0)) / most}%` : '0';
  const where = row.priority ? `${row.where} · ${t('prioritas_provinsi', { n: row.priority })}` : row.where;
  return el(
    'li',
    {},
    el(
      'button',
      { type: 'button', 'data-code': row.code, 'aria-label': spoken(row, where), onclick: () => change({ area: row.code, place: '' }) },
      row.no ? el('span', { class: 'rank' }, row.no) : null,
      el('span', { class: 'name' }, row.name),
      el('span', { class: row.sign ? 'people more' : 'people' }, row.sign + number(row.people), row.known ? el('small', {}, row.known) : null),
      el('span', { class: 'where' }, where),
      most > 0 ? line : null,
    ),
  );
}

/** A row as it is read aloud: what the number counts is said. */
function spoken(row, where) {
  const people = Number.isNaN(row.people) ? t('sasaran_tidak_diketahui') : row.sign + t('orang', { n: row.people }) + row.known;
  return [row.no, row.name, people, where].filter(Boolean).join(', ');
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
