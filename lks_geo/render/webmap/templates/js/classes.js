/* Which class of the legend each area belongs to. The same breaks as render/style.py. */

import { frame, remember } from './data.js';
import { size, values } from './model.js';

export function mapOf(key) {
  return frame.maps.find((map) => map.key === key);
}

/** Classes (gap first) and breaks of a map measure for a group. */
export function schemeOf(key, group) {
  const map = mapOf(key);
  return map.byGroup ? map.byGroup[group] : map;
}

/** The class key of every area of a level. */
export const classKeys = remember((level, variant, group, key) => {
  const map = mapOf(key);
  const column = values(level, variant, group, key);
  if (key === 'status') return column.map((status) => status ?? map.noData);
  const { breaks } = schemeOf(key, group);
  return Array.from(column, (value) => (Number.isNaN(value) ? map.noData : `k${step(key, value, breaks)}`));
});

/** 4 is the gap, 0 the best. */
function step(key, value, breaks) {
  if (key === 'jarak_km') return breaks.filter((limit) => value >= limit).length;
  if (key === 'cakupan') return 4 - breaks.filter((limit) => value >= limit).length;
  return value <= 0 ? 4 : 3 - breaks.filter((limit) => value >= limit).length;
}

/** Rows of the legend: class, how many of the areas shown, and their known people (NaN if none is known). */
export function legendRows(level, variant, group, key, shown) {
  const map = mapOf(key);
  const keys = classKeys(level, variant, group, key);
  const target = values(level, variant, group, 'sasaran');
  const rows = [...schemeOf(key, group).classes, { key: map.noData, label: '' }].map((one) => ({
    ...one,
    areas: 0,
    people: NaN,
  }));
  const byKey = new Map(rows.map((row) => [row.key, row]));
  for (let i = 0; i < size(level); i += 1) {
    if (!shown[i]) continue;
    const row = byKey.get(keys[i]);
    row.areas += 1;
    if (!Number.isNaN(target[i])) row.people = (Number.isNaN(row.people) ? 0 : row.people) + target[i];
  }
  if (rows.some((row) => !Number.isNaN(row.people))) {
    for (const row of rows) if (row.areas === 0) row.people = 0;
  }
  return rows;
}
