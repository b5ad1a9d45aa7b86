/* Which class of the legend each area belongs to. The same rule as `classify` in render/style.py. */

import { frame, remember } from './data.js';
import { UNREPORTED, size, statusCounts, values } from './model.js';
import { besideGroup, differenceKeys, differenceShort } from './difference.js';
import { DIFFERENCE, state } from './state.js';
import { t } from './words.js';

export function mapOf(key) {
  return frame.maps.find((map) => map.key === key);
}

/** Classes (gap first) and breaks of a map measure for a group and level. */
export function schemeOf(key, group, level = state.level) {
  const map = mapOf(key);
  return map.byGroup ? map.byGroup[group][level] : map;
}

/** The class key of every area of a level: k4 is the gap, k0 the best. Where nothing is reported, no measure is painted as if it were. */
export function classKeys(level, variant, group, key) {
  return key === DIFFERENCE ? differenceKeys(level, variant, group, besideGroup()) : keysOf(level, variant, group, key);
}

const keysOf = remember((level, variant, group, key) => {
  const { noData, gapHigh } = mapOf(key);
  const status = values(level, variant, group, 'status');
  if (key === 'status') return status.map((one) => one ?? noData);
  const { breaks } = schemeOf(key, group, level);
  return Array.from(values(level, variant, group, key), (value, at) => {
    if (status[at] === UNREPORTED) return UNREPORTED;
    if (Number.isNaN(value)) return noData;
    const passed = breaks.filter((limit) => value >= limit).length;
    return `k${gapHigh ? passed : breaks.length - passed}`;
  });
});

/** The classes that are drawn with a pattern; they look the same on every map. */
export const patterned = remember(() => new Set([UNREPORTED, ...frame.maps.map((map) => map.noData)]));

/** The name of a class in the style sheet. */
export function cssClass(map, key) {
  return patterned().has(key) ? key : `${map}-${key}`;
}

/** Classes of a map from the gap down, with "not reported" and "no data" at the end. */
export function allClasses(key, group) {
  const own = schemeOf(key, group).classes.filter((one) => one.key !== UNREPORTED).map((one) => (key === DIFFERENCE ? { ...one, label: differenceShort(one.key) } : one));
  return [...own, frame.unreportedClass, { key: mapOf(key).noData, label: t('tidak_ada_data') }];
}

/** What a bar of statuses is made of: the colour and the number of the given desa that have each status. */
export function statusParts(variant, group, at) {
  const counts = statusCounts(variant, group, at);
  return allClasses('status', group).map(({ key }) => ({ share: counts.get(key) ?? 0, className: cssClass('status', key) }));
}

/** Rows of the legend: class, how many of the areas shown, the known people of a group (NaN if none), and in how many desa. */
export function legendRows(level, variant, group, key, shown, counted = group) {
  const keys = classKeys(level, variant, group, key);
  const target = values(level, variant, counted, 'sasaran');
  const known = values(level, variant, counted, 'desa_diketahui');
  const desa = values(level, variant, counted, 'jumlah_desa');
  const rows = allClasses(key, group).map((one) => ({ ...one, areas: 0, people: NaN, known: 0, desa: 0 }));
  const byKey = new Map(rows.map((row) => [row.key, row]));
  for (let i = 0; i < size(level); i += 1) {
    if (!shown[i]) continue;
    const row = byKey.get(keys[i]);
    row.areas += 1;
    row.known += known[i];
    row.desa += desa[i];
    if (!Number.isNaN(target[i])) row.people = (Number.isNaN(row.people) ? 0 : row.people) + target[i];
  }
  if (rows.some((row) => !Number.isNaN(row.people))) {
    for (const row of rows) if (row.areas === 0) row.people = 0;
  }
  return rows;
}
