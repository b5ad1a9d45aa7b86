/* LKS: what is known of each, which count in the view, their symbols, and which lie nearest. */

import { block, frame, remember } from './data.js';
import { decodeColumn, isKnown } from './columns.js';
import { svg } from './dom.js';
import { coloured, symbolPath } from './symbols.js';
import { distanceKm, fromLatLng } from './projection.js';
import { findArea, groupOf, inside } from './model.js';
import { besideGroup, differs } from './difference.js';
import { state, variantParts } from './state.js';

export const PLACES = block('places').size;

/** A column of the register. */
export const placeColumn = remember((name) => decodeColumn(block('places')[name], PLACES));

/** Group keys that a place serves. */
export function groupsOf(at) {
  return block('places').groups[at].map((number) => frame.groups[number].key);
}

export function servicesOf(at) {
  return block('places').services[at].map(([number, system]) => ({ group: frame.groups[number], system }));
}

const countedGroups = remember((variant) =>
  decodeColumn(block('places').counted[variantParts(variant).filters], PLACES).map((numbers) =>
    numbers === null ? [] : numbers.split(' ').map((number) => frame.groups[Number(number)].key),
  ),
);

/** Whether a place counts in a variant (active, accredited and so on), for any group. */
export function counts(at, variant) {
  return countedGroups(variant)[at].length > 0;
}

export function pointOf(at) {
  const lat = placeColumn('lintang')[at];
  const lon = placeColumn('bujur')[at];
  return isKnown(lat) && isKnown(lon) ? { lat, lon } : null;
}

const gridPoints = remember(() =>
  Array.from({ length: PLACES }, (_, at) => {
    const point = pointOf(at);
    return point ? fromLatLng(point.lat, point.lon) : null;
  }),
);

export function findPlace(id) {
  return id === '' ? -1 : placeColumn('id').indexOf(id);
}

/** What to call the place of an id in `lks_terdekat`: its name; of a disguised one only its kecamatan. */
export function nearestName(id) {
  const at = findPlace(id);
  return at < 0 ? (frame.namesNotListed[id] ?? id) : (placeColumn('nama')[at] ?? id);
}

/** Positions of the places that count for a group. */
export const countedFor = remember((variant, group) => {
  const found = [];
  for (let at = 0; at < PLACES; at += 1) if (countedGroups(variant)[at].includes(group)) found.push(at);
  return found;
});

/** The places on the map: those that count, of this group or of all. */
export function placesShown(group) {
  if (state.points === 'tanpa') return [];
  if (state.points === 'kelompok' && differs()) return [...new Set([...countedFor(state.variant, group), ...countedFor(state.variant, besideGroup())])];
  if (state.points === 'kelompok') return countedFor(state.variant, group);
  return Array.from({ length: PLACES }, (_, at) => at).filter((at) => counts(at, state.variant));
}

/** The group as which a place is drawn: the one in view if it serves it, else its first. */
export function drawnAs(at, group) {
  const keys = groupsOf(at);
  const wanted = differs() ? [group, besideGroup()] : [group];
  return groupOf(wanted.find((key) => keys.includes(key)) ?? keys[0]);
}

/** Draws the symbols; gives the boxes that they take. */
export function drawPlaces(view, target) {
  const project = view.project();
  const zoom = view.map.getZoom();
  const radius = [3, 4, 5, 6.5][[7.6, 9, 10.5].filter((limit) => zoom >= limit).length];
  const boxes = [];
  const made = [];
  const near = kabupatenFilter();
  for (const at of placesShown(view.group())) {
    const grid = gridPoints()[at];
    if (grid === null) continue;
    const { x, y } = project(grid.x, grid.y);
    const classes = ['place'];
    if (placeColumn('aktif')[at] === false) classes.push('inactive');
    if (placeColumn('id')[at] === state.place) classes.push('selected');
    if (!near(at)) classes.push('faded');
    const group = drawnAs(at, view.group());
    const transform = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${radius})`;
    const path = svg('path', { class: classes.join(' '), d: symbolPath(group?.symbol), transform, 'data-place': at });
    made.push(coloured(path, group));
    boxes.push([x - radius, y - radius, x + radius, y + radius]);
  }
  target.replaceChildren(...made);
  return boxes;
}

/** Whether a place lies in the chosen kabupaten. */
function kabupatenFilter() {
  if (state.kabupaten === '') return () => true;
  return (at) => placeColumn('kode_kabupaten')[at] === state.kabupaten;
}

/** The nearest counted places of a group, nearest first, as `{at, km}`. */
export function nearest(group, lat, lon, most) {
  const found = [];
  for (const at of countedFor(state.variant, group)) {
    const point = pointOf(at);
    if (point) found.push({ at, km: distanceKm(lat, lon, point.lat, point.lon) });
  }
  return found.sort((a, b) => a.km - b.km || (placeColumn('id')[a.at] < placeColumn('id')[b.at] ? -1 : 1)).slice(0, most);
}

/** Counted places of a group inside an area. */
export function placesIn(level, code, group) {
  const own = placeColumn(`kode_${level}`);
  return countedFor(state.variant, group).filter((at) => own[at] === code);
}

/** The finest area in which a place lies, or null. */
export function areaOf(at) {
  for (const level of frame.levels) {
    const code = placeColumn(`kode_${level}`)?.[at];
    const found = isKnown(code) ? findArea(code) : null;
    if (found !== null && inside(found.level, '')[found.at]) return found;
  }
  return null;
}
