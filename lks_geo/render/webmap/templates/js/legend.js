/* The legend: classes from the gap down, with the number of areas and people; a click isolates a class. */

import { block, frame } from './data.js';
import { byId, el, fill, swatch, svg } from './dom.js';
import { symbolIcon } from './symbols.js';
import { cssClass, legendRows, mapOf } from './classes.js';
import { besideGroup, differenceList, differs } from './difference.js';
import { circleRadius, discsShown, largestGap } from './discs.js';
import { UNREPORTED, groupOf, inside, ranking } from './model.js';
import { disguiseNote, knownPart, reachOf } from './phrases.js';
import { countedFor, drawnAs, placeColumn, placesShown, pointOf } from './places.js';
import { planMarks } from './plan.js';
import { change, state } from './state.js';
import { number, shown, t } from './words.js';

/** Rows that stay away when empty; the others stay, even at 0. */
const ONLY_IF_ANY = new Set(['tidak_ada_sasaran', UNREPORTED, 'tidak_ada_data']);

/** Longer names of groups would break every line of the legend. */
const LONG_NAME = 16;

export function rowsShown(group) {
  const inView = inside(state.level, state.kabupaten);
  const rows = legendRows(state.level, state.variant, group, state.map, inView);
  if (differs()) legendRows(state.level, state.variant, group, state.map, inView, besideGroup()).forEach((beside, at) => Object.assign(rows[at], { beside }));
  return rows.filter((row) => {
    if (row.key === 'ada' && state.level !== 'desa') return row.areas > 0;
    return row.areas > 0 || !ONLY_IF_ANY.has(row.key);
  });
}

/** "4.000 anak": the people of a class; of both groups where a difference is shown. */
export function peopleOf(row, group) {
  const own = peopleOfOne(row, group);
  return row.beside ? `${own}; ${peopleOfOne(row.beside, besideGroup())}` : own;
}

function peopleOfOne(row, group) {
  if (Number.isNaN(row.people)) return row.areas > 0 ? t('sasaran_tidak_diketahui') : '–';
  const short = shown(groupOf(group).short, 40);
  const said = short.length > LONG_NAME ? t('orang', { n: row.people }) : t('orang_kelompok', { n: row.people, group: short });
  return said + knownPart(row.known, row.desa);
}

export function drawLegend(view) {
  const key = view.group();
  const rows = rowsShown(key).map((row, position) => {
    const pressed = state.only === row.key;
    return el(
      'button',
      {
        type: 'button',
        class: `legend-row${position === 0 ? ' gap' : ''}`,
        'aria-pressed': String(pressed),
        'data-class': row.key,
        'aria-label': `${row.label}, ${peopleOf(row, key)}, ${t(`jumlah_${state.level}`).toLowerCase()}: ${number(row.areas)}`,
        onclick: () => change({ only: pressed ? '' : row.key }),
      },
      swatch(cssClass(state.map, row.key)),
      el('span', { class: 'what' }, el('span', { class: 'label' }, row.label), el('small', {}, peopleOf(row, key))),
      el('span', { class: 'count' }, number(row.areas)),
    );
  });
  const closed = document.body.classList.contains('printing') ? false : view.legendClosed ?? byId('maps').classList.contains('small');
  view.legend.setAttribute('aria-label', t('legenda_kelompok', { group: shown(groupOf(key).name, 60) }));
  view.legend.classList.toggle('closed', closed);
  const focused = view.legend.contains(document.activeElement) ? document.activeElement.dataset.class : null;
  fill(
    view.legend,
    el('div', { class: 'legend-head' }, el('h3', {}, mapOf(state.map).title), foldButton(view, closed), el('span', { class: 'unit' }, t(`jumlah_${state.level}`))),
    el('div', { class: 'legend-rows' }, ...rows),
    el('div', { class: 'legend-marks' }, ...marks(view, key)),
    oneClass(key),
    disguised(key),
  );
  if (focused === 'fold') view.legend.querySelector('.legend-fold')?.focus();
  else if (focused) view.legend.querySelector(`[data-class="${focused}"]`)?.focus();
}

/** Small maps have their legend folded until the reader opens it. */
function foldButton(view, closed) {
  const flip = () => {
    view.legendClosed = !closed;
    drawLegend(view);
  };
  const arrow = svg('svg', { class: 'icon', viewBox: '0 0 20 20', 'aria-hidden': 'true', focusable: 'false' }, svg('path', { d: closed ? 'M5 12l5-5 5 5' : 'M5 8l5 5 5-5' }));
  return el('button', { type: 'button', class: 'legend-fold', 'data-class': 'fold', 'aria-expanded': String(!closed), 'aria-label': t('legenda_lipat'), onclick: flip }, arrow);
}

/** Share of the areas in one class from which a map tells nothing. */
const NEARLY_ALL = 0.85;

/** A word where nearly all areas lie in one class of a measure; null where they do not. */
function oneClass(key) {
  if (state.map === 'status' || differs() || state.level !== 'desa' || !frame.levels.includes('kecamatan')) return null;
  const counts = rowsShown(key).map((row) => row.areas);
  const all = counts.reduce((sum, areas) => sum + areas, 0);
  return Math.max(...counts) > NEARLY_ALL * all ? el('p', { class: 'disguised' }, t('satu_kelas'), ' ', el('button', { type: 'button', class: 'link', onclick: () => change({ level: 'kecamatan', only: '' }) }, t('lihat_kecamatan'))) : null;
}

/** The note on places that are counted but not drawn; null where there are none. */
export function disguised(key) {
  const said = disguiseNote(key);
  return said ? el('p', { class: 'disguised' }, said) : null;
}

/** The groups whose symbols are drawn, the one in view first. */
function symbolsShown(key) {
  const drawn = new Set(placesShown(key).filter((at) => pointOf(at) !== null).map((at) => drawnAs(at, key)));
  return frame.groups.filter((group) => drawn.has(group)).sort((a, b) => Number(b.key === key) - Number(a.key === key));
}

function inactiveIcon(group) {
  const icon = symbolIcon(group);
  icon.classList.add('inactive');
  return icon;
}

function lowerFirst(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Symbols, discs and circles, as far as they are on the map. */
export function marks(view, key) {
  const group = groupOf(key);
  const made = [];
  for (const one of symbolsShown(key)) made.push(el('span', {}, symbolIcon(one), t('lks_kelompok', { group: shown(one.short, 40) })));
  if (placesShown(key).some((at) => pointOf(at) !== null && placeColumn('aktif')[at] === false)) {
    made.push(el('span', {}, inactiveIcon(group), t('lks_tidak_aktif')));
  }
  if (view.root.classList.contains('near') && frame.levels.includes('kecamatan')) {
    made.push(el('span', {}, el('b', { class: 'pill' }, t('pil_contoh')), t(differs() ? 'pil_legenda_beda' : 'pil_legenda')));
  }
  if (state.rings && !frame.byRoad && countedFor(state.variant, key).length > 0) {
    const ring = svg('svg', { class: 'symbol', viewBox: '-10 -10 20 20', 'aria-hidden': 'true' }, svg('circle', { r: 8.5, class: 'reach' }));
    made.push(el('span', {}, ring, t('lingkaran_jangkauan_legenda', { reach: lowerFirst(reachOf(key)) })));
  }
  made.push(...planMarks(key));
  const lines = block('ground').context;
  if (lines) {
    const line = svg('svg', { class: 'symbol', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: 'M0 8H16', class: 'context' }));
    made.push(el('span', {}, line, t('latar_legenda', { name: shown(lines.name, 40) })));
  }
  if (discsShown(key) && (differs() ? differenceList() : ranking(state.level, state.variant, key, state.kabupaten)).length > 0) {
    const disc = svg('svg', { class: 'symbol', viewBox: '-10 -10 20 20', 'aria-hidden': 'true' },
      svg('g', { class: 'disc' }, svg('circle', { r: 8.5 }), svg('text', { y: 3.7, 'text-anchor': 'middle' }, '1')));
    made.push(el('span', {}, disc, t('urutan_daftar')));
  }
  const most = largestGap(view);
  if (state.circles && most > 0) {
    const round = Number(most.toPrecision(1));
    const icon = svg('svg', { class: 'symbol', viewBox: '-10 -10 20 20', 'aria-hidden': 'true' },
      svg('circle', { r: Math.min(9.5, circleRadius(round, most)), class: 'people' }));
    made.push(el('span', {}, icon, t('lingkaran_legenda', { n: round, group: shown(group.short, 40) })));
  }
  return made;
}
