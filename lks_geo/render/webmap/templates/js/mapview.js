/*
 * One map: its Leaflet frame, the fills below, and above them outlines, symbols, discs and names. The page has one; the
 * comparison of two groups makes a second one beside it and keeps both on the same spot.
 */

import { block, frame, remember } from './data.js';
import { el, svg } from './dom.js';
import { NEAR_ZOOM, boundsOf, fromLatLng, originOf, projector, toLatLng } from './projection.js';
import { Drawing, SvgGround } from './painter_svg.js';
import { CanvasGround } from './painter_canvas.js';
import { areaPath, boxOf, firstBox } from './rings.js';
import { FINEST, codeOf, findArea, groupOf, inside, names, size, values } from './model.js';
import { classKeys, mapOf, schemeOf } from './classes.js';
import { drawCircles, drawDiscs } from './discs.js';
import { drawLabels } from './labels.js';
import { drawSetting } from './setting.js';
import { drawPlaces, findPlace, placeColumn, pointOf } from './places.js';
import { drawLegend } from './legend.js';
import { MANY_AREAS, change, state } from './state.js';
import { number, percent, shown, t } from './words.js';

/** Room for a legend that is not drawn yet. */
const LEGEND_HEIGHT = 250;
const views = [];

/** All maps on the page. */
export function allViews() {
  return views;
}

const Marks = Drawing.extend({
  build() {
    this.outlines = this.scaled.appendChild(svg('g'));
    for (const name of ['setting', 'circles', 'lines', 'places', 'labels', 'discs']) {
      this[name] = this.flat.appendChild(svg('g', { class: name }));
    }
  },

  placed() {
    this.options.redraw();
  },
});

/** Makes a map in `root`; `group()` says which group it shows. */
export function createView(root, name, group) {
  const canvas = el('div', { class: 'canvas', role: 'region' });
  const title = el('div', { class: 'map-title' }, el('h2', {}), el('p', {}));
  const legend = el('section', { class: 'legend', 'aria-label': t('legenda') });
  const tip = el('div', { class: 'hover-card', 'aria-hidden': 'true' });
  tip.hidden = true;
  root.replaceChildren(canvas, title, legend, tip);
  const map = L.map(canvas, {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 100,
    minZoom: 4,
    maxZoom: 16,
    preferCanvas: false,
  });
  const view = { root, name, group, map, title, legend, tip, hovered: -1 };
  views.push(view);
  readFonts(view);
  placeFirst(view);
  const Ground = size(FINEST) > MANY_AREAS ? CanvasGround : SvgGround;
  for (const [pane, zIndex] of [['ground', 350], ['marks', 450]]) map.createPane(pane).style.zIndex = zIndex;
  view.ground = new Ground({ pane: 'ground', name, className: 'ground' }).addTo(map);
  view.marks = new Marks({ pane: 'marks', className: 'marks', redraw: () => view.marks && drawMarks(view) }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 120, position: 'bottomleft' }).addTo(map);
  map.on('zoomend', () => root.classList.toggle('near', map.getZoom() >= NEAR_ZOOM));
  root.classList.toggle('near', map.getZoom() >= NEAR_ZOOM);
  listen(view);
  refresh(view, new Set(['level']));
  return view;
}

export function removeView(view) {
  views.splice(views.indexOf(view), 1);
  view.map.stop();
  view.map.remove();
  view.root.replaceChildren();
}

function readFonts(view) {
  const family = getComputedStyle(document.body).fontFamily;
  view.fontBold = `700 12.5px ${family}`;
  view.fontPill = `700 11.5px ${family}`;
  view.fontSmall = `11px ${family}`;
  view.origin = () => originOf(view.map);
  view.project = () => projector(view.map);
  view.screen = () => {
    const corner = view.map.containerPointToLayerPoint([0, 0]);
    const { x, y } = view.map.getSize();
    return [corner.x, corner.y, corner.x + x, corner.y + y];
  };
}

function layerPoint(view, { x, y }) {
  return view.project()(x, y);
}

/** Room for title and legend: beside a tall province, above and below a wide one; whichever shows it larger. */
function paddingOf(view) {
  const { x, y } = view.map.getSize();
  const printing = document.body.classList.contains('printing');
  if (printing || x < 620) return { paddingTopLeft: [14, x < 620 ? 56 : 14], paddingBottomRight: [14, 14] };
  const beside = { paddingTopLeft: [Math.round(x * 0.46), 22], paddingBottomRight: [Math.round(x * 0.03), 26] };
  const between = { paddingTopLeft: [24, 96], paddingBottomRight: [24, Math.min(Math.max(view.legend.offsetHeight, LEGEND_HEIGHT) + 30, y * 0.4)] };
  return zoomIn(view, beside) >= zoomIn(view, between) ? beside : between;
}

function zoomIn(view, { paddingTopLeft, paddingBottomRight }) {
  return view.map.getBoundsZoom(firstBounds(), false, L.point(paddingTopLeft).add(paddingBottomRight));
}

export function firstBounds() {
  return boundsOf(firstBox(state.kabupaten === '' ? -1 : names('kabupaten', 'kode').indexOf(state.kabupaten)));
}

/** Puts the map where the address says, else on everything. */
export function placeFirst(view) {
  if (state.view !== '') {
    const [lat, lon, zoom] = state.view.split(',').map(Number);
    view.map.setView([lat, lon], zoom, { animate: false });
    return;
  }
  view.map.fitBounds(firstBounds(), { ...paddingOf(view), animate: false });
}

/** Shows the whole province, or the chosen kabupaten. */
export function showWhole(view) {
  view.map.fitBounds(firstBounds(), paddingOf(view));
}

export function showArea(view, level, at) {
  const { x } = view.map.getSize();
  view.map.flyToBounds(boundsOf(boxOf(level, at)), { padding: [x * 0.2, x * 0.16], maxZoom: 12.5, duration: 0.5 });
}

export function showBox(view, box) {
  view.map.fitBounds(boundsOf(box), { padding: [60, 60], maxZoom: 12.5 });
}

export function showPoint(view, lat, lon) {
  view.map.setView([lat, lon], Math.max(view.map.getZoom(), 11.5));
}

/** Redraws what a change of the state touches. */
export function refresh(view, changed) {
  if (changed.has('level')) view.ground.showLevel(state.level);
  paintFills(view);
  drawTitle(view);
  drawLegend(view);
  drawMarks(view);
}

function paintFills(view) {
  const keys = classKeys(state.level, state.variant, view.group(), state.map);
  const near = inside(state.level, state.kabupaten);
  const { noData } = mapOf(state.map);
  const classOf = (key) => (key === noData ? noData : `${state.map}-${key}`);
  const only = state.only;
  view.ground.paint(keys, classOf, (at) => !near[at] || (only !== '' && keys[at] !== only));
  view.root.classList.toggle('with-circles', state.circles);
  view.root.classList.toggle('with-tiles', state.tiles);
}

function drawTitle(view) {
  const [heading, note] = view.title.children;
  const group = groupOf(view.group());
  heading.textContent = t('judul_peta', { map: mapOf(state.map).title, group: shown(group.name, 60) });
  note.textContent = subtitle(view);
  view.map.getContainer().setAttribute('aria-label', `${heading.textContent}. ${t('peta_aria')}`);
}

/** What the map shows: level, region, year, reach, filters. */
export function subtitle(view) {
  const region = state.kabupaten === '' ? shown(frame.region, 80) : kabupatenName();
  const { filters } = frame.variants[state.variant];
  return t('subjudul', {
    level: t(`per_${state.level}`),
    region,
    year: frame.day.slice(0, 4),
    reach: groupOf(view.group()).reach,
    filters: filters.join('; '),
  });
}

export function kabupatenName() {
  const found = findArea(state.kabupaten);
  if (found === null) return '';
  const name = shown(names(found.level, 'nama')[found.at], 60);
  return /^(kabupaten|kota) /i.test(name) ? name : t('kabupaten_nama', { name });
}

function drawMarks(view) {
  if (!view.marks?._map) return;
  const { marks } = view;
  drawOutlines(view);
  drawCircles(view, marks.circles);
  drawLine(view);
  const placeBoxes = drawPlaces(view, marks.places);
  const discBoxes = drawDiscs(view, marks.discs);
  const taken = drawLabels(view, marks.labels, [...panels(view), ...discBoxes, ...placeBoxes]);
  drawSetting(view, marks.setting, taken);
}

/** Boxes of title, legend, buttons and insets over the map, in layer points. */
function panels(view) {
  const outer = view.root.getBoundingClientRect();
  const corner = view.map.containerPointToLayerPoint([0, 0]);
  const covering = [view.title, view.legend, ...view.root.parentElement.querySelectorAll('.over-map')];
  return covering.filter((element) => element.offsetParent !== null && getComputedStyle(element).position === 'absolute').map((element) => {
    const box = element.getBoundingClientRect();
    const left = corner.x + box.left - outer.left;
    const top = corner.y + box.top - outer.top;
    return [left - 4, top - 4, left + box.width + 4, top + box.height + 4];
  });
}

function drawOutlines(view) {
  const made = [];
  const chosen = findArea(state.area);
  if (view.hovered >= 0) made.push(svg('path', { class: 'hovered', d: areaPath(state.level, view.hovered) }));
  if (chosen !== null) {
    const d = areaPath(chosen.level, chosen.at);
    made.push(svg('path', { class: 'chosen casing', d }), svg('path', { class: 'chosen', d }));
  }
  view.marks.outlines.replaceChildren(...made);
}

const measuredPoints = remember(() => {
  const { points, measured } = block('ground');
  const flat = Int32Array.from(measured ?? points);
  for (let i = 2; i < flat.length; i += 1) flat[i] += flat[i - 2];
  return flat;
});

/** Where the people of a finest area are measured from, in degrees. */
export function measuredFrom(at) {
  const flat = measuredPoints();
  return toLatLng(flat[2 * at], flat[2 * at + 1]);
}

/** The line from the chosen area to its nearest LKS, as the table says it. */
function drawLine(view) {
  const chosen = findArea(state.area);
  const made = [];
  if (chosen !== null && chosen.level === FINEST && FINEST === 'desa') {
    const id = values(FINEST, state.variant, view.group(), 'lks_terdekat')[chosen.at];
    const place = id === null ? -1 : findPlace(id);
    const point = place < 0 ? null : pointOf(place);
    if (point !== null) {
      const flat = measuredPoints();
      const from = layerPoint(view, { x: flat[2 * chosen.at], y: flat[2 * chosen.at + 1] });
      const to = layerPoint(view, fromLatLng(point.lat, point.lon));
      const line = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
      made.push(svg('line', { ...line, class: 'to-place casing' }), svg('line', { ...line, class: 'to-place' }));
      made.push(svg('circle', { cx: from.x, cy: from.y, r: 3.5, class: 'from' }));
    }
  }
  view.marks.lines.replaceChildren(...made);
}

function listen(view) {
  view.map.on('mousemove', (event) => hover(view, event));
  view.map.on('mouseout', () => leave(view));
  view.map.on('movestart', () => leave(view));
  view.map.on('click', (event) => click(view, event));
}

function placeAt(event) {
  const mark = event.originalEvent.target.closest?.('[data-place]');
  return mark ? Number(mark.dataset.place) : -1;
}

function areaAt(view, event) {
  const disc = event.originalEvent.target.closest?.('.disc');
  return disc ? Number(disc.dataset.area) : view.ground.areaAt(event);
}

function click(view, event) {
  const place = placeAt(event);
  if (place >= 0) {
    change({ place: placeColumn('id')[place], area: '' });
    return;
  }
  const at = areaAt(view, event);
  if (at >= 0) change({ area: codeOf(state.level, at), place: '' });
}

function leave(view) {
  if (view.hovered >= 0) {
    view.hovered = -1;
    drawOutlines(view);
  }
  view.tip.hidden = true;
}

function hover(view, event) {
  const place = placeAt(event);
  const at = place >= 0 ? -1 : areaAt(view, event);
  if (at !== view.hovered) {
    view.hovered = at;
    drawOutlines(view);
  }
  view.tip.hidden = at < 0 && place < 0;
  if (view.tip.hidden) return;
  const key = place >= 0 ? `lks ${place}` : `area ${at}`;
  if (view.tip.dataset.key !== key + state.map) {
    view.tip.dataset.key = key + state.map;
    view.tip.replaceChildren(...(place >= 0 ? placeLines(place) : areaLines(view, at)));
  }
  const { x, y } = event.containerPoint;
  const { x: width, y: height } = view.map.getSize();
  const left = x + 18 + view.tip.offsetWidth > width ? x - view.tip.offsetWidth - 14 : x + 18;
  const top = Math.min(y + 14, height - view.tip.offsetHeight - 8);
  view.tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
}

function placeLines(at) {
  return [
    el('strong', {}, shown(placeColumn('nama')[at], 80)),
    el('span', { class: 'where' }, t(`lokasi_${placeColumn('lokasi')[at]}`)),
  ];
}

function areaLines(view, at) {
  const key = view.group();
  const level = state.level;
  const column = (name) => values(level, state.variant, key, name)[at];
  const keys = classKeys(level, state.variant, key, 'status');
  const group = groupOf(key);
  const rows = [[shown(group.name, 40), people(column('sasaran'))]];
  if (group.guarded && level === FINEST) {
    rows.push([t('lks_terdekat'), t('sampai_km', { km: column('jarak_km') })]);
  } else {
    rows.push([t('bagian_terjangkau'), percent(column('cakupan'), 0)]);
    rows.push([t('lks_terdekat'), `${number(column('jarak_km'), 1)} km`]);
  }
  if (level !== FINEST) {
    rows.push([t('desa_belum'), t('dari', { n: column('desa_belum_terlayani'), all: column('jumlah_desa') })]);
  }
  return [
    el('strong', {}, shown(names(level, 'nama')[at], 80)),
    el('span', { class: 'where' }, whereOf(level, at)),
    statusLine(keys[at]),
    el('dl', {}, ...rows.flatMap(([term, value]) => [el('dt', {}, term), el('dd', {}, value)])),
  ];
}

export function people(value) {
  return Number.isNaN(value) ? t('sasaran_tidak_diketahui') : t('orang', { n: value });
}

/** "Kec. Kalukku, Mamuju", as far as it applies. */
export function whereOf(level, at) {
  const district = names(level, 'kecamatan')[at];
  const regency = names(level, 'kabupaten')[at];
  if (level === 'desa') return t('kec_kab', { district: shown(district, 60), regency: shown(regency, 60) });
  return level === 'kecamatan' ? shown(regency, 60) : shown(frame.provinces.join(', '), 80);
}

/** Word and colour of a status, or of "no data". */
export function statusLine(key) {
  const one = schemeOf('status', frame.start.group).classes.find((row) => row.key === key);
  const className = one ? `status-${key}` : key;
  return el(
    'span',
    { class: 'status-line' },
    svg('svg', { class: 'swatch', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('rect', { x: 0.5, y: 0.5, width: 15, height: 15, class: className })),
    el('b', {}, one ? one.label : t('tidak_ada_data')),
  );
}

/** Keeps all maps on the same spot. */
export function linkViews(one, other) {
  const follow = (from, to) => () => {
    if (to.following || !views.includes(to)) return;
    from.following = true;
    to.map.setView(from.map.getCenter(), from.map.getZoom(), { animate: false });
    from.following = false;
  };
  one.map.on('move', follow(one, other));
  other.map.on('move', follow(other, one));
}
