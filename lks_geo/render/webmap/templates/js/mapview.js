/*
 * One map: its Leaflet frame, the fills below, and above them outlines, symbols, discs and names. The page has one; the
 * comparison of two groups makes a second one beside it and keeps both on the same spot.
 */

import { block, remember } from './data.js';
import { el, svg } from './dom.js';
import { NEAR_ZOOM, boundsOf, fromLatLng, originOf, projector, toLatLng } from './projection.js';
import { Drawing, SvgGround } from './painter_svg.js';
import { CanvasGround } from './painter_canvas.js';
import { areaPath, boxOf, drawnBox, firstBox } from './rings.js';
import { FINEST, findArea, groupOf, inside, names, size, values } from './model.js';
import { classKeys, cssClass, mapOf } from './classes.js';
import { drawCircles, drawDiscs, drawRings } from './discs.js';
import { drawLabels } from './labels.js';
import { drawSetting } from './setting.js';
import { drawPlaces, findPlace, pointOf } from './places.js';
import { drawNewlyServed, drawSites, sitePoint } from './plan.js';
import { listen } from './pointer.js';
import { differs } from './difference.js';
import { groupsInView, subtitle } from './phrases.js';
import { drawLegend } from './legend.js';
import { insetSide, placeInsets } from './insets.js';
import { layout, still } from './layout.js';
import { MANY_AREAS, state } from './state.js';
import { shown, t } from './words.js';

/** Room for a legend that is not drawn yet. */
const LEGEND_HEIGHT = 250;
/** Room for the name of a kabupaten between legend and coast. */
const LABEL_WIDTH = 118;
/** Room for the buttons above. */
const BUTTONS = 56;
/** Room for an inset with its edges. */
const INSET_WIDTH = 118;
const PHONE_WIDTH = 440;
/** Area and nearest LKS are shown together from this zoom on. */
const LEAST_ZOOM = 8.75;
const views = [];

/** All maps on the page. */
export function allViews() {
  return views;
}

const Marks = Drawing.extend({
  build() {
    this.newly = this.scaled.appendChild(svg('g'));
    this.outlines = this.scaled.appendChild(svg('g'));
    for (const name of ['setting', 'rings', 'circles', 'lines', 'places', 'labels', 'discs', 'sites']) {
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
  const legend = el('section', { class: 'legend' });
  const tip = el('div', { class: 'hover-card', 'aria-hidden': 'true' });
  tip.hidden = true;
  root.replaceChildren(canvas, title, legend, tip);
  const map = L.map(canvas, {
    attributionControl: false,
    zoomControl: false,
    zoomAnimation: false, // a map that moves while the next choice is made would end at the choice before
    fadeAnimation: false,
    inertia: !still(),
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 100,
    minZoom: 3,
    maxBoundsViscosity: 1,
    maxZoom: 14,
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
  const near = () => {
    const before = root.classList.contains('near');
    if (root.classList.toggle('near', map.getZoom() >= NEAR_ZOOM) !== before && view.marks) drawLegend(view);
  };
  map.on('zoomend', near);
  near();
  listen(view, () => drawOutlines(view));
  view.ground.showLevel(state.level);
  drawWords(view);
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

/** Room for title, legend and inset: beside a tall province, above and below a wide one; whichever shows it larger. */
function paddingOf(view) {
  const { x, y } = view.map.getSize();
  if (document.body.classList.contains('printing')) return padding(14, 14, 14, 14);
  const side = insetSide();
  const left = side === 'left' ? INSET_WIDTH : 14;
  const right = side === 'right' ? INSET_WIDTH : 14;
  if (layout() === 'column') return padding(left, 14, Math.max(right, 56), 26);
  const top = view.title.offsetHeight + 14;
  const { classList } = view.root.parentElement;
  if (classList.contains('below')) return padding(left, top, right, 26);
  const legend = view.legend.offsetLeft + view.legend.offsetWidth;
  const small = classList.contains('small');
  const start = Math.round(Math.max(x * 0.46, Math.min(legend + (small ? 12 : LABEL_WIDTH), x * 0.6)));
  const narrow = padding(start, small ? top : BUTTONS, Math.max(right, Math.round(x * 0.03)), 26);
  const even = padding(start, BUTTONS, Math.max(right, LABEL_WIDTH), 26); // room for names on both sides, where it is free
  const beside = !small && zoomIn(view, even) >= zoomIn(view, narrow) ? even : narrow;
  const under = small ? view.legend.offsetHeight + 40 : Math.min(Math.max(view.legend.offsetHeight, LEGEND_HEIGHT) + 30, y * 0.4);
  const between = padding(Math.max(24, left), top, Math.max(24, right), under);
  return zoomIn(view, beside) >= zoomIn(view, between) ? beside : between;
}

function padding(left, top, right, bottom) {
  return { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] };
}

function zoomIn(view, { paddingTopLeft, paddingBottomRight }) {
  const { options } = view.map;
  const least = options.minZoom;
  options.minZoom = 0; // the least zoom follows from what is found here
  const zoom = view.map.getBoundsZoom(firstBounds(), false, L.point(paddingTopLeft).add(paddingBottomRight));
  options.minZoom = least;
  return zoom;
}

export function firstBounds() {
  return boundsOf(firstBox(state.kabupaten === '' ? -1 : names('kabupaten', 'kode').indexOf(state.kabupaten)));
}

/** Keeps the maps on what is drawn and on what the first view shows; no view is wider, and none leaves it. */
export function boundMoves() {
  for (const view of views) {
    const { map } = view;
    const edge = boundsOf(drawnBox());
    map.options.minZoom = 0;
    const { center, zoom } = map._getBoundsCenterZoom(boundsOf(firstBox(-1)), paddingOf(view));
    const { min, max } = map.getPixelBounds(center, zoom);
    edge.extend(map.unproject(min, zoom)).extend(map.unproject(max, zoom));
    map.options.maxBounds = edge;
    map.options.minZoom = Math.min(map.getBoundsZoom(edge, true), zoom);
  }
}

/** Puts the map where the address says, else on everything. */
export function placeFirst(view) {
  if (state.view !== '') {
    const [lat, lon, zoom] = state.view.split(',').map(Number);
    view.map.setView([lat, lon], zoom, { animate: false });
    return;
  }
  showWhole(view);
}

/** Shows the whole province, or the chosen kabupaten: no view that the reader chose, so that it fits any window. */
export function showWhole(view) {
  view.fitting = true;
  view.map.fitBounds(firstBounds(), { ...paddingOf(view), animate: false });
  view.fitting = false;
  view.moved = false;
}

export function showArea(view, level, at) {
  jump(view, boundsOf(boxOf(level, at)));
}

/** Shows an area together with the LKS that is nearest to it, unless that is too far to see both. */
export function showAreaAndPlace(view, level, at) {
  const bounds = boundsOf(boxOf(level, at));
  const point = nearestPoint(view, level, at);
  const whole = point === null ? bounds : L.latLngBounds(bounds.getSouthWest(), bounds.getNorthEast()).extend([point.lat, point.lon]);
  jump(view, view.map.getBoundsZoom(whole) >= LEAST_ZOOM ? whole : bounds);
}

/** Goes there at once (slow computers show a flight as a few wrong pictures), clear of title, legend and buttons. */
function jump(view, bounds) {
  const { x } = view.map.getSize();
  const { classList } = view.root.parentElement;
  const beside = x >= PHONE_WIDTH && !classList.contains('below') && !view.legend.classList.contains('closed');
  const left = beside ? Math.min(view.legend.offsetLeft + view.legend.offsetWidth + 24, x * 0.45) : 30;
  view.map.fitBounds(bounds, { paddingTopLeft: [left, 100], paddingBottomRight: [x < PHONE_WIDTH ? 30 : 90, 60], maxZoom: 12, animate: false });
}

export function showBox(view, box) {
  view.map.fitBounds(boundsOf(box), { padding: [60, 60], maxZoom: 12.5, animate: false });
}

export function showPoint(view, lat, lon) {
  view.map.setView([lat, lon], Math.max(view.map.getZoom(), 11.5), { animate: false });
}

/** Redraws a whole map. */
export function refresh(view) {
  drawWords(view);
  if (view === views[0]) placeInsets(view);
  drawMap(view, new Set());
}

/** Title and legend: what takes room from the map. Once they stand, boxes can be measured without laying out twice. */
export function drawWords(view) {
  drawTitle(view);
  drawLegend(view);
}

/** Fills and marks; names keep clear of what stands over the map. */
export function drawMap(view, changed) {
  if (!view.marks?._map) return;
  const covered = panels(view);
  if (changed.has('level')) view.ground.showLevel(state.level);
  paintFills(view);
  drawMarks(view, covered);
}

function paintFills(view) {
  const keys = classKeys(state.level, state.variant, view.group(), state.map);
  const near = inside(state.level, state.kabupaten);
  const only = state.only;
  view.ground.paint(keys, (key) => cssClass(state.map, key), (at) => !near[at] || (only !== '' && keys[at] !== only));
  view.root.classList.toggle('with-circles', state.circles);
}

function drawTitle(view) {
  const [heading, note] = view.title.children;
  const group = groupOf(view.group());
  heading.textContent = t('judul_peta', { map: mapOf(state.map).title, group: differs() ? groupsInView(60) : shown(group.name, 60) });
  note.textContent = subtitle(view.group());
  view.map.getContainer().setAttribute('aria-label', `${heading.textContent}. ${t('peta_aria')}`);
}

function drawMarks(view, covered = panels(view)) {
  if (!view.marks?._map) return;
  const { marks } = view;
  drawNewlyServed(view, marks.newly);
  drawOutlines(view);
  drawRings(view, marks.rings);
  drawCircles(view, marks.circles);
  drawLine(view);
  const placeBoxes = drawPlaces(view, marks.places);
  const discBoxes = drawDiscs(view, marks.discs);
  const siteBoxes = drawSites(view, marks.sites);
  const taken = drawLabels(view, marks.labels, [...covered, ...siteBoxes, ...discBoxes, ...placeBoxes]);
  drawSetting(view, marks.setting, taken);
}

/** Boxes of title, legend, buttons and insets over the map, in layer points. */
function panels(view) {
  const outer = view.root.getBoundingClientRect();
  const corner = view.map.containerPointToLayerPoint([0, 0]);
  const covering = [view.title, view.legend, view.root.querySelector('.leaflet-bottom.leaflet-left'), ...view.root.parentElement.querySelectorAll('.over-map')];
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
  const point = chosen === null ? null : nearestPoint(view, chosen.level, chosen.at);
  if (point !== null) {
    const flat = measuredPoints();
    const from = layerPoint(view, { x: flat[2 * chosen.at], y: flat[2 * chosen.at + 1] });
    const to = layerPoint(view, fromLatLng(point.lat, point.lon));
    const line = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
    made.push(svg('line', { ...line, class: 'to-place casing' }), svg('line', { ...line, class: 'to-place' }));
    made.push(svg('circle', { cx: from.x, cy: from.y, r: 3.5, class: 'from' }));
  }
  view.marks.lines.replaceChildren(...made);
}

/** Where the nearest LKS of a desa is, as the table says it; null for other levels or where it is not shown. */
function nearestPoint(view, level, at) {
  if (level !== 'desa') return null;
  const id = values(level, state.variant, view.group(), 'lks_terdekat')[at];
  const place = id === null ? -1 : findPlace(id);
  return place < 0 ? sitePoint(id) : pointOf(place);
}

/** Keeps all maps on the same spot. */
export function linkViews(one, other) {
  const follow = (from, to) => () => {
    if (to.following || from.leading === to || !views.includes(to)) return;
    from.following = true;
    to.map.setView(from.map.getCenter(), from.map.getZoom(), { animate: false });
    from.following = false;
  };
  one.map.on('move', follow(one, other));
  other.map.on('move', follow(other, one)); // the first map moves all others
}
