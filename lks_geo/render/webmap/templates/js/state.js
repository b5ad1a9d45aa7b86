/*
 * The one state that drives the page, and its form in the address, so that a link or a reload keeps the view:
 * #kelompok=lansia&tingkat=desa&ukuran=status&kab=76.03
 */

import { decodeColumn } from './columns.js';
import { block, frame } from './data.js';

/** More areas than this are drawn on canvas, and the page starts with the largest level. */
export const MANY_AREAS = 1500;

/** By what the list may be ordered: people out of reach in each desa, or whom one more LKS there would reach. */
export const ORDERS = ['orang', 'tambahan'];
/** The measure that shows two groups on one map: which of them has no LKS within reach. */
export const DIFFERENCE = 'beda';
const POINT_CHOICES = ['kelompok', 'semua', 'tanpa'];

function firstState() {
  const [finest] = frame.levels;
  const many = block('areas')[finest].size > MANY_AREAS;
  return {
    group: frame.start.group,
    level: many ? frame.levels[frame.levels.length - 1] : finest,
    map: frame.maps[0].key,
    kabupaten: '',
    variant: frame.start.variant,
    points: 'kelompok',
    discs: frame.plan === null,
    circles: false,
    rings: false,
    tiles: false,
    other: '',
    only: '',
    order: 'orang',
    area: '',
    place: '',
    view: '',
  };
}

/* Name in the address, field of the state, and whether a value may be used beside those before it. */
const FIELDS = [
  ['kelompok', 'group', (value) => frame.groups.some((group) => group.key === value)],
  ['tingkat', 'level', (value) => frame.levels.includes(value)],
  ['ukuran', 'map', (value) => frame.maps.some((map) => map.key === value)],
  ['kab', 'kabupaten', isKabupaten],
  ['hitung', 'variant', isVariant],
  ['titik', 'points', (value) => POINT_CHOICES.includes(value)],
  ['nomor', 'discs', isFlag],
  ['lingkaran', 'circles', isFlag],
  ['jangkauan', 'rings', isFlag],
  ['banding', 'other', (value) => value !== state.group && (value === ALL_GROUPS || frame.groups.some((group) => group.key === value))],
  ['urut', 'order', (value) => ORDERS.includes(value)],
  ['kelas', 'only', isClass],
  ['wilayah', 'area', isArea],
  ['lks', 'place', (value) => state.area === '' && isPlace(value)],
  ['peta', 'view', (value) => /^-?\d+(\.\d+)?,-?\d+(\.\d+)?,\d+(\.\d+)?$/.test(value)],
];

const ALWAYS = new Set(['group', 'level', 'map']);

/** Key of a variant: which places count, and the reach if it is not that of the settings: "10", "10-25". */
export function variantKey(filters, km) {
  return km === '' ? filters : `${filters}-${km}`;
}

/** Which places count in a variant, and the reach ('' is that of the settings). */
export function variantParts(key) {
  const [filters, km = ''] = key.split('-');
  return { filters, km };
}

export function isVariant(key) {
  const { filters, km } = variantParts(key);
  const known = Object.keys(frame.variants).includes(filters) && (km === '' || frame.reaches.some((reach) => reach.key === km));
  return known && key === variantKey(filters, km);
}

function isKabupaten(value) {
  const { kabupaten } = block('areas');
  return kabupaten !== undefined && decodeColumn(kabupaten.kode, kabupaten.size).includes(value);
}

/** A class of the measure in view: another one would dim the whole map. */
function isClass(value) {
  const map = frame.maps.find(({ key }) => key === state.map);
  const { classes } = map.byGroup ? map.byGroup[state.group][state.level] : map;
  return [...classes, frame.unreportedClass, { key: map.noData }].some(({ key }) => key === value);
}

function isArea(value) {
  return frame.levels.some((level) => {
    const { kode, size } = block('areas')[level];
    return decodeColumn(kode, size).includes(value);
  });
}

function isPlace(value) {
  const { id, size } = block('places');
  return decodeColumn(id, size).includes(value) || (frame.plan?.sites ?? []).some((site) => site.id === value);
}

function isFlag(value) {
  return value === '0' || value === '1';
}

export const state = firstState();
const initial = { ...state };
const listeners = [];

/** `listener(changed)` runs after every change; `changed` holds the names of the fields that did. */
export function onChange(listener) {
  listeners.push(listener);
}

/** Changes the state, then the page. */
export function change(fields) {
  const changed = new Set(Object.keys(fields).filter((name) => state[name] !== fields[name]));
  if (changed.size === 0) return;
  Object.assign(state, fields);
  if (cardOpen() === wasOpen) writeSoon();
  else writeAddress();
  for (const listener of listeners) listener(changed);
}

let writing = false;

/** Writes the address after the frame in which the change is seen: browsers are slow to take a new one. */
function writeSoon() {
  if (writing) return;
  writing = true;
  requestAnimationFrame(() => setTimeout(() => {
    writing = false;
    writeAddress();
  }, 0));
}

export const ALL_GROUPS = 'semua';

/** Groups that are compared with the one in view, each on a map of its own. */
export function comparedGroups() {
  if (state.map === DIFFERENCE) return [];
  if (state.other !== ALL_GROUPS) return state.other === '' ? [] : [state.other];
  return frame.groups.map((group) => group.key).filter((key) => key !== state.group);
}

/** The first group that is not this one. */
export function otherThan(key) {
  return frame.groups.find((group) => group.key !== key).key;
}

function cardOpen() {
  return state.area !== '' || state.place !== '';
}

/** Takes what the address says; what can't be used is left as it is. */
export function readAddress() {
  const said = new URLSearchParams(window.location.hash.slice(1));
  for (const [name, field, usable] of FIELDS) {
    const value = said.get(name);
    if (value === null || !usable(value)) continue;
    state[field] = typeof initial[field] === 'boolean' ? value === '1' : value;
  }
  if (state.map === DIFFERENCE && (state.other === '' || state.other === ALL_GROUPS)) state.other = otherThan(state.group);
}

/** Follows the address when the reader changes it by hand; going back closes the card, then leaves the page. */
export function followAddress() {
  window.addEventListener('popstate', (event) => {
    if (leaving) {
      leaving = false;
      writeAddress();
      return;
    }
    if (!event.state) return; // an address typed by hand
    cardEntry = event.state.entry === CARD;
    if (!cardEntry && cardOpen()) change({ area: '', place: '' });
  });
  window.addEventListener('hashchange', () => {
    const before = { ...state };
    Object.assign(state, initial, { tiles: before.tiles });
    readAddress();
    const changed = new Set(Object.keys(state).filter((name) => state[name] !== before[name]));
    if (changed.size > 0) for (const listener of listeners) listener(changed);
  });
}

export function addressOfView() {
  const parts = FIELDS.filter(([, field]) => ALWAYS.has(field) || state[field] !== initial[field]).map(([name, field]) => {
    const value = typeof state[field] === 'boolean' ? Number(state[field]) : state[field];
    return `${name}=${encodeURIComponent(value).replace(/%2C/g, ',')}`;
  });
  return `#${parts.join('&')}`;
}

/* Entries of the history: the page, and above it at most one for an open card, so that Back closes the card. */
const PAGE = 'page';
const CARD = 'card';
let cardEntry = false;
let leaving = false;
let wasOpen = null;

/** Writes the view into the address. A card that opens gets an entry of the history; one that closes gives it back. */
export function writeAddress() {
  if (leaving) return;
  const address = addressOfView();
  const open = cardOpen();
  const opened = open && wasOpen === false;
  wasOpen = open;
  try {
    if (opened && !cardEntry) {
      window.history.pushState({ entry: CARD }, '', address);
      cardEntry = true;
    } else if (address !== window.location.hash || window.history.state === null) {
      window.history.replaceState({ entry: cardEntry ? CARD : PAGE }, '', address);
    }
    if (cardEntry && !open) {
      cardEntry = false;
      leaving = true;
      window.history.back();
    }
  } catch {
    // Some browsers forbid it for files; the view then still works, only the address stays behind.
  }
}
