/*
 * The print sheet, A4 landscape: the map at a round scale in a frame of 176 x 190 mm, and a column with title, scale,
 * legend, finding, the first ten areas, sources and assumptions. Before printing the map is sized in millimetres.
 */

import { frame } from './data.js';
import { byId, el, svg, swatch } from './dom.js';
import { FINEST, groupOf, inOrder } from './model.js';
import { cssClass, mapOf } from './classes.js';
import { differs } from './difference.js';
import { disguised, marks, peopleOf, rowsShown } from './legend.js';
import { findingNow, reportedLine, sentence } from './finding.js';
import { allViews, firstBounds } from './mapview.js';
import { byGain, countedNow, emblem, groupsInView, kabupatenName, reachOf, reachOfBoth } from './phrases.js';
import { metresPerPixel } from './projection.js';
import { rankedRows } from './ranking.js';
import { state } from './state.js';
import { longDate, number, shown, t } from './words.js';

const PIXEL_M = 0.0254 / 96;
const SCALES = [10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 175, 200, 250, 300, 400, 500, 600, 750, 1000, 1250, 1500,
  1750, 2000, 2500, 3000, 4000, 5000, 7500, 10000].map((thousands) => thousands * 1000);
const BAR_MM = 45;
let before = null;

/** Sizes the map for paper, at the next round scale that holds what is shown. */
function enterSheet() {
  const [view] = allViews();
  if (before !== null) return;
  const compared = allViews().length > 1;
  before = { centre: view.map.getCenter(), zoom: view.map.getZoom(), snap: view.map.options.zoomSnap, least: view.map.options.minZoom };
  view.fitting = true; // what paper needs is not where the reader went
  document.body.classList.add('printing');
  const { map } = view;
  const asSeen = state.view !== '' ? map.getBounds() : firstBounds();
  map.options.zoomSnap = 0;
  map.options.minZoom = 0;
  for (const one of allViews()) one.map.invalidateSize({ animate: false, pan: false });
  const edge = state.view !== '' ? 0 : compared ? 8 : 26;
  map.fitBounds(asSeen, { paddingTopLeft: [edge, edge + (compared ? 26 : 0)], paddingBottomRight: [edge, edge], animate: false });
  const scale = roundScale(metresPerPixel(map) / PIXEL_M);
  map.setZoom(map.getZoom() + Math.log2(metresPerPixel(map) / PIXEL_M / scale), { animate: false });
  fillSheet(view, scale, compared);
}

function roundScale(scale) {
  return SCALES.find((round) => round >= scale * 0.999) ?? Math.ceil(scale / 1e6) * 1e6;
}

/** Back to the screen as it was. */
function leaveSheet() {
  if (before === null) return;
  const [view] = allViews();
  document.body.classList.remove('printing');
  view.map.options.zoomSnap = before.snap;
  view.map.options.minZoom = before.least;
  for (const one of allViews()) one.map.invalidateSize({ animate: false, pan: false });
  view.map.setView(before.centre, before.zoom, { animate: false });
  view.fitting = false;
  byId('sheet').replaceChildren();
  before = null;
}

export function startPrinting() {
  window.addEventListener('beforeprint', enterSheet);
  window.addEventListener('afterprint', leaveSheet);
  byId('print').addEventListener('click', () => window.print());
}

function fillSheet(view, scale, compared) {
  const group = groupOf(state.group);
  byId('print-stamp').textContent = frame.stamps.join(' · ');
  byId('sheet').classList.toggle('beside', compared);
  const region = state.kabupaten === '' ? shown(frame.region, 80) : kabupatenName();
  byId('sheet').replaceChildren(
    el(
      'header',
      {},
      el(
        'div',
        { class: 'from' },
        frame.emblem ? emblem() : null,
        el('div', {}, el('p', { class: 'agency' }, shown(frame.agency, 120)), frame.address ? el('p', { class: 'address' }, shown(frame.address, 200)) : null),
      ),
      el('h1', {}, differs() ? t('cetak_judul_beda') : t('cetak_judul', { map: mapOf(state.map).title })),
      el('p', { class: 'group' }, t('cetak_kelompok', { group: groupsInView(80) })),
      el('p', {}, t('cetak_wilayah', { region, level: t(`per_${state.level}`).toLowerCase() })),
    ),
    el('div', { class: 'scale' }, northArrow(), el('div', {}, el('b', {}, t('skala', { n: scale })), el('small', {}, ` ${t('skala_catatan')}`), scaleBar(scale))),
    legendBlock(view),
    topTen(group),
    sourceBlock(group),
  );
  if (compared) byId('sheet').replaceChildren(...Array.from(byId('sheet').children).filter((part) => part.matches('header, .scale, footer')));
}

function northArrow() {
  return svg(
    'svg',
    { class: 'north', viewBox: '0 0 24 48', role: 'img', 'aria-label': t('utara') },
    svg('text', { x: 12, y: 11, 'text-anchor': 'middle' }, t('utara_huruf')),
    svg('path', { d: 'M12 14L3 46L12 38z', class: 'left' }),
    svg('path', { d: 'M12 14L21 46L12 38z', class: 'right' }),
  );
}

function scaleBar(scale) {
  const most = (scale * BAR_MM) / 1e6;
  const size = 10 ** Math.floor(Math.log10(most / 3));
  const step = [5, 2, 1].map((times) => times * size).find((km) => km * 3 <= most) ?? size;
  const mm = (step * 1e6) / scale;
  const box = svg('svg', { class: 'scale-bar', viewBox: `-3 0 ${3 * mm + 14} 9`, width: `${3 * mm + 14}mm`, height: '9mm', 'aria-hidden': 'true' });
  for (let i = 0; i < 3; i += 1) box.append(svg('rect', { x: i * mm, y: 0.5, width: mm, height: 2, class: i % 2 ? 'light' : 'dark' }));
  for (let i = 0; i <= 3; i += 1) {
    const label = number(i * step, 0, 2) + (i === 3 ? ' km' : '');
    box.append(svg('text', { x: i * mm, y: 6.8, 'text-anchor': i === 3 ? 'start' : 'middle', dx: i === 3 ? -1.2 : 0 }, label));
  }
  return box;
}

function legendBlock(view) {
  const key = state.group;
  const rows = rowsShown(key).map((row, position) =>
    el(
      'tr',
      { class: position === 0 ? 'gap' : null },
      el('td', {}, swatch(cssClass(state.map, row.key))),
      el('td', {}, el('span', {}, row.label), ' ', el('small', {}, peopleOf(row, key))),
      el('td', { class: 'count' }, number(row.areas)),
    ),
  );
  const head = el('tr', {}, el('th', { colspan: 2 }, t('legenda_cetak')), el('th', { class: 'count' }, t(`jumlah_${state.level}`)));
  const lines = frame.levels.filter((level) => level !== FINEST || level === 'desa').reverse();
  return el(
    'section',
    { class: 'print-legend' },
    el('table', {}, el('thead', {}, head), el('tbody', {}, ...rows)),
    el('p', { class: 'marks' }, ...marks(view, key), ...lines.filter((level) => level === 'kabupaten').map(borderKey)),
    disguised(key),
  );
}

function borderKey(level) {
  const line = svg('svg', { class: 'symbol', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: 'M0 8H16', class: 'key-line' }));
  return el('span', {}, line, t(`batas_${level}`));
}

function topTen(group) {
  const { found, claim, people } = findingNow();
  const rows = rankedRows(state.level, state.variant, state.group, state.kabupaten, 10);
  const ordered = state.level === FINEST && !differs() && !byGain() && inOrder(state.variant, state.group);
  const heads = [t(`tingkat_${state.level}`), t(state.level === 'desa' ? 'tingkat_kecamatan' : 'tingkat_kabupaten'), 'km', t('orang_kepala')];
  const body = rows.map((row) => {
    const cells = [(differs() && row.no ? `${row.no}. ` : '') + shown(row.name, 26), shown(row.district, 26), row.km, row.sign + number(row.people) + row.known];
    return el('tr', {}, ...(ordered ? [row.no, row.priority, ...cells] : cells).map((value) => el('td', {}, value)));
  });
  if (ordered) heads.unshift(t('no'), t('prioritas_kepala'));
  return el(
    'section',
    { class: 'top-ten' },
    el('h2', {}, found.areas === 0 ? frame.unreportedClass.label : differs() ? `${number(found.unserved)} ${t(`dari_${FINEST}`, { n: found.areas })}: ${claim}` : t('cetak_temuan', { n: found.unserved, all: found.areas })),
    sentence(people),
    reportedLine(group),
    rows.length > 0 ? el('table', { class: ordered ? 'ordered' : null }, el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', {}, head)))), el('tbody', {}, ...body)) : null,
  );
}

function sourceBlock(group) {
  const { filters } = countedNow();
  const lines = [
    [t('cetak_sumber'), frame.sources.map((line) => shown(line, 200)).join('; ')],
    [t('cetak_asumsi'), [differs() ? reachOfBoth() : reachOf(group.key), ...filters].join('; ')],
    [t('cetak_proyeksi'), t('proyeksi')],
    [t('cetak_catatan'), [...frame.stamps, ...frame.caveats, ...frame.notes].join('; ')],
  ];
  return el(
    'footer',
    {},
    ...lines.map(([term, text]) => el('p', {}, el('b', {}, `${term} `), `${text}.`)),
    el('p', {}, t('dicetak', { day: longDate(frame.day) })),
  );
}
