/* What the register says of the LKS of the group in view: a folded part of the panel, in words and small bars. */

import { block, hasBlock, remember } from './data.js';
import { bar, byId, el, fill } from './dom.js';
import { groupOf } from './model.js';
import { state } from './state.js';
import { number, shown, t } from './words.js';

/* The classes of a field from the strongest shade to the weakest; what is not known is hatched. */
const SHADES = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];

/** What is known of a group in the kabupaten in view (or in all): column -> number, null where not known. */
const rowOf = remember((kabupaten, group) => {
  const { columns, table } = block('profile');
  const numbers = table[kabupaten]?.[group] ?? [];
  return Object.fromEntries(columns.map((name, at) => [name, numbers[at] ?? null]));
});

/** Draws the profile; it stays open or folded as the reader left it. */
export function drawProfile() {
  const root = byId('profile');
  root.hidden = !hasBlock('profile');
  if (root.hidden) return;
  const row = rowOf(state.kabupaten, state.group);
  const group = shown(groupOf(state.group).short, 60);
  const all = row.lks ?? 0;
  fill(
    root,
    el('summary', {}, t('profil_judul', { n: all, group })),
    ...(all === 0 ? [el('p', { class: 'note' }, t('profil_kosong', { group }))] : fieldRows(row, all)),
    el('p', { class: 'note' }, t('profil_catatan')),
  );
}

function fieldRows(row, all) {
  const fields = block('profile').fields.map((field) => fieldRow(field, row, all));
  const sums = ['kapasitas', 'klien'].map((name) => sumRow(name, row, all));
  return [el('dl', {}, ...[...fields, ...sums].flat())];
}

function fieldRow({ title, parts }, row, all) {
  const last = parts.length - 1;
  const shares = parts.map(({ key }, at) => ({ share: row[key] / all, className: at === last ? 'unknown' : SHADES[at] }));
  const known = parts.filter(({ key }) => row[key] > 0);
  const said = known.map(({ key, title: name }) => `${name} ${number(row[key])}`).join(' · ');
  return [el('dt', {}, title), el('dd', {}, bar(shares, 'bar slim'), said)];
}

function sumRow(name, row, all) {
  const said = row[name] === null ? t('profil_tidak_diketahui') : t('profil_jumlah', { n: row[name], known: row[`${name}_diketahui`], all });
  return [el('dt', {}, t(`profil_${name}`)), el('dd', {}, said)];
}
