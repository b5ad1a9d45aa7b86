/* The finding before the map: a big number and one sentence. */

import { bar, byId, el, fill } from './dom.js';
import { FINEST, finding, groupOf, inside, statusCounts } from './model.js';
import { schemeOf } from './classes.js';
import { state } from './state.js';
import { number, shown, t } from './words.js';

/** The sentence about the people in unserved desa: a number to stress (may be empty), and the rest. */
export function peopleSentence(found, group) {
  const short = shown(group.short, 60);
  if (found.unserved === 0) return ['', t('temuan_tidak_ada', { group: short })];
  const places = found.most.map((name) => shown(name, 40));
  const most = places.length === 2 ? t('temuan_terbanyak', { one: places[0], other: places[1] }) : '';
  if (Number.isNaN(found.people)) return ['', t('temuan_tanpa_sasaran', { group: short, most })];
  const params = { share: found.people / found.target, target: found.target, most };
  return [
    t('orang_kelompok', { n: found.people, group: short }),
    t(found.complete ? 'temuan_orang' : 'temuan_orang_sebagian', params),
  ];
}

/** The same as elements. */
export function sentence(found, group) {
  const [stressed, rest] = peopleSentence(found, group);
  return el('p', { class: 'sentence' }, stressed ? el('b', {}, stressed) : null, stressed ? ' ' : null, rest);
}

export function statusParts(variant, group, at) {
  const counts = statusCounts(variant, group, at);
  return [...schemeOf('status', group).classes, { key: null }].map(({ key }) => ({
    share: counts.get(key) ?? 0,
    className: key === null ? 'tidak_ada_data' : `status-${key}`,
  }));
}

export function drawFinding() {
  const group = groupOf(state.group);
  const found = finding(state.variant, state.group, state.kabupaten);
  const shownAreas = inside(FINEST, state.kabupaten);
  const at = shownAreas.map((_, i) => i).filter((i) => shownAreas[i]);
  fill(
    byId('finding'),
    el('p', { class: 'headline' }, el('strong', { class: 'big' }, number(found.unserved)), ' ', el('span', {}, t(`dari_${FINEST}`, { n: found.areas }))),
    el('h2', { class: 'claim' }, t('belum_terlayani_kelompok', { group: shown(group.short, 60) })),
    bar(statusParts(state.variant, state.group, at), 'bar tall'),
    sentence(found, group),
  );
}
