/*
 * Two groups on one map: which of the two has an LKS within reach in each area, and which has not. The list, the finding
 * and the download are about one class: the one isolated in the legend, else the areas where the other group has none.
 */

import { frame, remember } from './data.js';
import { FINEST, UNREPORTED, UNSERVED, codeOf, groupOf, inside, names, parents, size, sumAt, values } from './model.js';
import { ALL_GROUPS, DIFFERENCE, otherThan, state } from './state.js';
import { shown, t } from './words.js';

/* Class -> who has no LKS within reach there ('group' is the one in view); in the last both have, at least partly. */
const LACKING = { lain_belum: ['other'], ini_belum: ['group'], dua_belum: ['group', 'other'], dua_ada: [] };
const NO_TARGET = 'tidak_ada_sasaran';

/** Whether the map shows the difference of two groups. */
export function differs() {
  return state.map === DIFFERENCE;
}

/** The group beside the one in view: the chosen one, else the first that is not in view. */
export function besideGroup() {
  if (state.other !== '' && state.other !== ALL_GROUPS && state.other !== state.group) return state.other;
  return otherThan(state.group);
}

/** The class of every area of a level. */
export const differenceKeys = remember((level, variant, group, other) => {
  const own = values(level, variant, group, 'status');
  const theirs = values(level, variant, other, 'status');
  return own.map((status, at) => {
    const both = [status, theirs[at]];
    if (both.includes(UNREPORTED)) return UNREPORTED;
    if (both.includes(null)) return frame.maps[0].noData;
    if (both.includes(NO_TARGET)) return NO_TARGET;
    if (status === UNSERVED) return theirs[at] === UNSERVED ? 'dua_belum' : 'ini_belum';
    return theirs[at] === UNSERVED ? 'lain_belum' : 'dua_ada';
  });
});

function shortOf(key) {
  return shown(groupOf(key).short, 40);
}

/** "Anak dan lansia belum terlayani". */
export function differenceLabel(key) {
  return withNames(`beda_${key}`);
}

/** The same in the legend, below the names of both: "Keduanya belum terlayani". */
export function differenceShort(key) {
  return withNames(`beda_legenda_${key}`);
}

function withNames(text) {
  const said = t(text, { one: shortOf(state.group), other: shortOf(besideGroup()) });
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** The class that the list is about. */
export function listedClass() {
  return state.only in LACKING ? state.only : 'lain_belum';
}

/** The groups whose people count in the list: those who lack an LKS, or both where none does. */
export function listedGroups() {
  const lacking = LACKING[listedClass()].map((which) => (which === 'group' ? state.group : besideGroup()));
  return lacking.length > 0 ? lacking : [state.group, besideGroup()];
}

/** People out of reach of the groups that the list is about; NaN where not known of any. */
export function peopleOut(level, at) {
  return listedGroups().reduce((sum, group) => {
    const people = values(level, state.variant, group, 'belum_terjangkau')[at];
    if (Number.isNaN(people)) return sum;
    return Number.isNaN(sum) ? people : sum + people;
  }, NaN);
}

/** How many desa of each area are in the listed class, and how many it has. */
export function differenceCounts(level) {
  const keys = differenceKeys(FINEST, state.variant, state.group, besideGroup());
  const wanted = listedClass();
  const unserved = new Array(size(level)).fill(0);
  const all = Array.from(values(level, state.variant, state.group, 'jumlah_desa'));
  parents(FINEST, level).forEach((at, i) => {
    if (at >= 0 && keys[i] === wanted) unserved[at] += 1;
  });
  return { unserved, all };
}

/** The areas of the list, most people out of reach first: those of the class, or those that hold desa of it. */
export function differenceList() {
  const { level, kabupaten } = state;
  const wanted = inside(level, kabupaten);
  const { unserved } = differenceCounts(level);
  const people = names(level, 'kode').map((_, at) => peopleOut(level, at));
  const known = (at) => (Number.isNaN(people[at]) ? -1 : people[at]);
  const found = people.map((_, at) => at).filter((at) => wanted[at] && unserved[at] > 0);
  return found.sort((a, b) => known(b) - known(a) || unserved[b] - unserved[a] || (codeOf(level, a) < codeOf(level, b) ? -1 : 1));
}

/** The finding: desa in the listed class among all that are reported, and the people of its groups who live there. */
export function differenceFinding() {
  const keys = differenceKeys(FINEST, state.variant, state.group, besideGroup());
  const wanted = inside(FINEST, state.kabupaten);
  const at = keys.map((_, i) => i).filter((i) => wanted[i] && keys[i] !== UNREPORTED);
  const listed = at.filter((i) => keys[i] === listedClass());
  const sum = (group, name) => sumAt(values(FINEST, state.variant, group, name), listed);
  const people = listedGroups().map((group) => ({
    group,
    n: listed.length === 0 ? 0 : sum(group, 'sasaran'),
    known: sum(group, 'desa_diketahui') || 0,
    desa: sum(group, 'jumlah_desa') || 0,
  }));
  return { areas: at.length, unserved: listed.length, people };
}
