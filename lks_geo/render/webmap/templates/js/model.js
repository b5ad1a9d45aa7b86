/* Areas and their values by level, group and variant, and what follows from them: lists, sums, findings. */

import { block, frame, hasBlock, remember } from './data.js';
import { decodeColumn, decodeNumbers } from './columns.js';
import { variantKey, variantParts } from './state.js';

export const FINEST = frame.levels[0];
export const UNSERVED = 'belum_terlayani';
/** The status of areas in a kabupaten from which the register has no row. */
export const UNREPORTED = 'tidak_dilaporkan';

export function groupOf(key) {
  return frame.groups.find((group) => group.key === key);
}

export function size(level) {
  return block('areas')[level].size;
}

/** A text column of a level: kode, kode_bps, nama, kecamatan, kabupaten. */
export const names = remember((level, column) => decodeColumn(block('areas')[level][column], size(level)));

/** For each area of `level`, the position of its parent at `upper` (its own position if they are the same). */
export const parents = remember((level, upper) => {
  if (level === upper) return Array.from({ length: size(level) }, (_, i) => i);
  return decodeColumn(block('areas')[level][`in_${upper}`], size(level)).map((at) => (at === null ? -1 : at));
});

const positions = remember((level) => new Map(names(level, 'kode').map((code, i) => [code, i])));

/** Level and position of an area code, or null. */
export function findArea(code) {
  for (const level of frame.levels) {
    const at = positions(level).get(code);
    if (at !== undefined) return { level, at };
  }
  return null;
}

export function codeOf(level, at) {
  return names(level, 'kode')[at];
}

/** What does not hold at another reach and is not on the page for it. */
const OF_OWN_REACH = new Set(['akses_2sfca', 'cakupan_terendah']);
const FOLLOWS = new Set(['terjangkau', 'belum_terjangkau', 'cakupan']);

/** A measure at another reach than that of the settings; null if it does not depend on reach. */
function atReach(level, filters, km, group, name) {
  if (OF_OWN_REACH.has(name)) return new Float64Array(size(level)).fill(NaN);
  const { table, statuses } = block('reaches');
  const form = table[filters][km][level][group];
  const other = (column) => values(level, variantKey(filters, km), group, column);
  if (name === 'pangsa_terjangkau') return decodeNumbers(form.pangsa, size(level));
  if (name === 'status') return Array.from(form.status, (digit) => statuses[digit]);
  if (name === 'terjangkau' && form.terjangkau) return decodeNumbers(form.terjangkau, size(level));
  if (name === 'desa_belum_terlayani') return form.belum ? Float64Array.from(form.belum) : decodeNumbers({ rule: true }, size(level), name, other);
  if (name === 'prioritas') return level === 'desa' ? ranksOf(form, other) : new Float64Array(size(level)).fill(NaN);
  return FOLLOWS.has(name) ? decodeNumbers({ rule: true }, size(level), name, other) : null;
}

/** `prioritas`: most people out of reach first, then the farthest, then the lowest code. The same rule as `rank_needs`. */
function ranksOf(form, other) {
  if ('prioritas' in form) return decodeNumbers(form.prioritas, size('desa'));
  const status = other('status');
  const people = other('belum_terjangkau');
  const km = other('jarak_km');
  const needy = status.map((_, at) => at).filter((at) => status[at] === UNSERVED || status[at] === 'terjangkau_sebagian');
  needy.sort((a, b) => high(people[a], people[b]) || farther(km[a], km[b]) || a - b);
  const ranks = new Float64Array(size('desa')).fill(NaN);
  needy.forEach((at, place) => {
    ranks[at] = place + 1;
  });
  return ranks;
}

function farther(one, other) {
  const [a, b] = [one, other].map((km) => (Number.isNaN(km) ? Infinity : km));
  return a === b ? 0 : b - a;
}

/** One measure of all areas: numbers with NaN, texts and flags with null. */
export const values = remember((level, variant, group, name) => {
  const { filters, km } = variantParts(variant);
  const own = km === '' ? null : atReach(level, filters, km, group, name);
  if (own !== null) return own;
  if (km !== '') return values(level, filters, group, name);
  const { pool, table } = block(`values-${level}`);
  const form = pool[table[variant][group][name]];
  if (frame.measures[name].numeric) {
    return decodeNumbers(form, size(level), name, (other) => values(level, variant, group, other));
  }
  return decodeColumn(form, size(level));
});

/** Whether each area lies in the chosen kabupaten ('' means all do). */
export const inside = remember((level, kabupaten) => {
  if (kabupaten === '' || !frame.levels.includes('kabupaten')) return new Array(size(level)).fill(true);
  const wanted = positions('kabupaten').get(kabupaten);
  return parents(level, 'kabupaten').map((at) => at === wanted);
});

/** Positions of the parts of an area at the finest level. */
export function partsOf(level, at) {
  return parts(level)[at];
}

const parts = remember((level) => {
  const found = Array.from({ length: size(level) }, () => []);
  parents(FINEST, level).forEach((at, i) => {
    if (at >= 0) found[at].push(i);
  });
  return found;
});

/** Sum of the known values at the given positions; NaN if none is known. */
export function sumAt(column, at) {
  let total = 0;
  let known = 0;
  for (const i of at) {
    if (!Number.isNaN(column[i])) {
      total += column[i];
      known += 1;
    }
  }
  return known === 0 ? NaN : total;
}

/** People in unserved desa, and desa unserved and in all, for every area of a level. */
export const gaps = remember((level, variant, group) => {
  const count = size(level);
  const people = new Float64Array(count).fill(NaN);
  const unserved = Array.from(values(level, variant, group, 'desa_belum_terlayani'), (n) => n || 0);
  const all = Array.from(values(level, variant, group, 'jumlah_desa'));
  const status = values(FINEST, variant, group, 'status');
  const target = values(FINEST, variant, group, 'sasaran');
  parents(FINEST, level).forEach((at, i) => {
    if (at < 0 || status[i] !== UNSERVED || Number.isNaN(target[i])) return;
    people[at] = Number.isNaN(people[at]) ? target[i] : people[at] + target[i];
  });
  return { people, unserved, all };
});

/** Areas to worry about: positions of unserved desa by priority, or areas that hold some, most unreached people first. */
export const ranking = remember((level, variant, group, kabupaten) => {
  const shown = inside(level, kabupaten);
  const code = names(level, 'kode');
  const people = values(level, variant, group, 'belum_terjangkau');
  if (level === FINEST) {
    const status = values(level, variant, group, 'status');
    const rank = values(level, variant, group, 'prioritas');
    const at = status.map((_, i) => i).filter((i) => shown[i] && status[i] === UNSERVED);
    return at.sort((a, b) => low(rank[a], rank[b]) || high(people[a], people[b]) || text(code[a], code[b]));
  }
  const { unserved } = gaps(level, variant, group);
  const at = unserved.map((_, i) => i).filter((i) => shown[i] && unserved[i] > 0);
  return at.sort((a, b) => high(people[a], people[b]) || high(unserved[a], unserved[b]) || text(code[a], code[b]));
});

/** Whether anything orders the list: without any LKS, and without known people, its order would be that of the codes. */
export const inOrder = remember((variant, group) => {
  const people = values(FINEST, variant, group, 'belum_terjangkau');
  const km = values(FINEST, variant, group, 'jarak_km');
  return people.some((one) => !Number.isNaN(one)) || km.some((one) => !Number.isNaN(one));
});

/** People whom one more LKS in each desa would newly reach; null where the page says nothing of it. */
export const siteGains = remember((variant, group) => {
  const form = hasBlock('gains') ? block('gains')[variant]?.[group] : null;
  return form ? decodeNumbers(form, size(FINEST)) : null;
});

/** The list in the order wanted: `ranking`, or unserved desa by what one more LKS there would add ("tambahan"). */
export const listed = remember((level, variant, group, kabupaten, order) => {
  const own = ranking(level, variant, group, kabupaten);
  const more = level === FINEST && order === 'tambahan' ? siteGains(variant, group) : null;
  if (more === null) return own;
  const code = names(level, 'kode');
  return [...own].sort((a, b) => high(more[a], more[b]) || text(code[a], code[b]));
});

function low(one, other) {
  return (Number.isNaN(one) ? Infinity : one) - (Number.isNaN(other) ? Infinity : other) || 0;
}

function high(one, other) {
  return (Number.isNaN(other) ? -1 : other) - (Number.isNaN(one) ? -1 : one) || 0;
}

function text(one, other) {
  return one < other ? -1 : Number(one > other);
}

/**
 * The finding for a group over the kabupaten that the register reports: unserved desa among all, people in them among
 * all, how many desa have known people, and where most of them are.
 */
export const finding = remember((variant, group, kabupaten) => {
  const shown = inside(FINEST, kabupaten);
  const status = values(FINEST, variant, group, 'status');
  const target = values(FINEST, variant, group, 'sasaran');
  const at = shown.map((_, i) => i).filter((i) => shown[i] && status[i] !== UNREPORTED);
  const unserved = at.filter((i) => status[i] === UNSERVED);
  const known = sumAt(values(FINEST, variant, group, 'desa_diketahui'), at) || 0;
  const desa = sumAt(values(FINEST, variant, group, 'jumlah_desa'), at) || 0;
  return {
    areas: at.length,
    unserved: unserved.length,
    people: unserved.length === 0 ? 0 : sumAt(target, unserved),
    target: sumAt(target, at),
    known,
    desa,
    most: mostUnserved(variant, group, kabupaten, known === 0 || known === desa),
  };
});

/** The two parts with most people (or else desa) in unserved desa; none where some are better known than others. */
function mostUnserved(variant, group, kabupaten, comparable) {
  const several = kabupaten === '' && frame.levels.includes('kabupaten') && size('kabupaten') > 1;
  const level = several ? 'kabupaten' : 'kecamatan';
  if (FINEST !== 'desa' || !frame.levels.includes(level) || !comparable) return [];
  const shown = inside(level, kabupaten);
  const { people, unserved } = gaps(level, variant, group);
  const at = unserved.map((_, i) => i).filter((i) => shown[i] && unserved[i] > 0);
  at.sort((a, b) => high(people[a], people[b]) || high(unserved[a], unserved[b]));
  return at.slice(0, 2).map((i) => names(level, 'nama')[i]);
}

/** Positions of the kabupaten in view from which the register has no row. */
export const unreported = remember((variant, group, kabupaten) => {
  if (!frame.levels.includes('kabupaten')) return [];
  const wanted = inside('kabupaten', kabupaten);
  return values('kabupaten', variant, group, 'status').flatMap((status, at) => (wanted[at] && status === UNREPORTED ? [at] : []));
});

/** How many desa of an area have each status, keys as in the classes of the status map. */
export function statusCounts(variant, group, at) {
  const status = values(FINEST, variant, group, 'status');
  const { noData } = frame.maps[0];
  const counts = new Map();
  for (const i of at) counts.set(status[i] ?? noData, (counts.get(status[i] ?? noData) ?? 0) + 1);
  return counts;
}
