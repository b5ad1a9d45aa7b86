/*
 * Names on the map. Far out: kabupaten, outside the coast so that they cover no village, with a bar of the statuses of
 * their desa; those without a coast, or without room beside it, at the end of a line (or, if they are large, on
 * themselves). Nearer: kecamatan, then desa. Placed greedily, most unserved first, never over a symbol, disc or panel.
 */

import { frame, remember } from './data.js';
import { svg } from './dom.js';
import { NEAR_ZOOM, pixelsPerStep } from './projection.js';
import { boxOf, inMain, rings } from './rings.js';
import { middleOf, reachBetween, rowsOf, touches } from './spans.js';
import { FINEST, UNREPORTED, gaps, inside, names, partsOf, parents, size, values } from './model.js';
import { classKeys, schemeOf, statusParts } from './classes.js';
import { differenceCounts, differs } from './difference.js';
import { state } from './state.js';
import { shown, t } from './words.js';

const VILLAGES = 11.25;
const GAP = 7;
const BAR = 84;
const LEADER_PX = 170;
/** Narrower maps say less beside a name; still narrower ones have no bar there. */
const BRIEF = 640;
const BARE = 500;

const pen = document.createElement('canvas').getContext('2d');

export const widthOf = remember((text, font) => {
  pen.font = font;
  return pen.measureText(text).width;
});

/** A label point well inside each area. */
export const middle = remember((level, at) => middleOf(rings(level)[at], boxOf(level, at)));

/** The rings of a kabupaten without far islands. */
function mainRings(at) {
  const all = rings('kabupaten')[at];
  const near = all.filter((points) => inMain(points[0], points[1]));
  return near.length > 0 ? near : all;
}

const kabupatenRows = remember((at, zoom) => rowsOf(mainRings(at), pixelsPerStep(zoom)));

/** Draws the names that fit; `taken` are boxes in layer points that must stay free. Gives all boxes then taken. */
export function drawLabels(view, target, taken) {
  const zoom = view.map.getZoom();
  const made = [];
  const boxes = [...taken];
  const upper = frame.levels.includes('kabupaten');
  if (zoom < NEAR_ZOOM && upper && size('kabupaten') < 60) made.push(...kabupatenLabels(view, boxes, zoom));
  if (zoom >= NEAR_ZOOM && frame.levels.includes('kecamatan')) made.push(...kecamatanLabels(view, boxes));
  if (FINEST === 'desa' && state.level === 'desa' && zoom >= VILLAGES) made.push(...villageLabels(view, boxes));
  target.replaceChildren(...made);
  return boxes;
}

function kabupatenLabels(view, boxes, zoom) {
  const labels = [];
  const { unserved, all } = differs() ? differenceCounts('kabupaten') : gaps('kabupaten', state.variant, view.group());
  const order = unserved.map((_, at) => at).sort((a, b) => unserved[b] - unserved[a]);
  const wanted = inside('kabupaten', state.kabupaten);
  const status = values('kabupaten', state.variant, view.group(), 'status');
  const { x: across } = view.map.getSize();
  const small = across < BARE;
  const beside = order.filter((at) => wanted[at]);
  const led = [];
  const written = [];
  const place = (find, bars = true) => (at) => {
    const name = shown(names('kabupaten', 'nama')[at], 28);
    const count = t(across < BRIEF || differs() ? 'label_desa_singkat' : 'label_desa', { n: unserved[at], all: all[at] });
    const note = status[at] === UNREPORTED ? frame.unreportedClass.label : count;
    const showBar = bars && state.map === 'status' && !small;
    const width = Math.max(widthOf(name, view.fontBold), widthOf(note, view.fontSmall), showBar ? BAR : 0) + 2;
    const height = showBar ? 42 : 31;
    const found = find(view, at, zoom, width, height, boxes, written);
    if (found === null) return led.push(at);
    boxes.push(found.box);
    written.push(found.box);
    return labels.push(kabupatenLabel(view, at, name, note, found, showBar));
  };
  beside.forEach(place(outside));
  led.splice(0).forEach(place(outside, false)); // a bar less is better than a line
  led.splice(0).forEach(place(aside));
  led.splice(0).forEach(place(inland));
  return labels;
}

/** The free spot beside a kabupaten that lies nearest to its middle, over sea or foreign land. */
function outside(view, at, zoom, width, height, boxes) {
  const origin = view.origin();
  const rows = kabupatenRows(at, zoom);
  const box = mainBox(rows);
  if (box === null) return null;
  const screen = view.screen();
  const centre = (box.top + box.bottom) / 2;
  let best = null;
  for (let y = box.top - height; y <= box.bottom + height; y += 6) {
    const reach = reachBetween(rows, y - 3, y + height + 3);
    const spots = reach
      ? [
          { x: reach.left - GAP - width, anchor: 'end' },
          { x: reach.right + GAP, anchor: 'start' },
        ]
      : [{ x: (box.left + box.right - width) / 2, anchor: 'middle' }];
    for (const spot of spots) {
      const cost = Math.abs(y + height / 2 - centre) + (spot.anchor === 'middle' ? 10 : 0);
      if (best !== null && cost >= best.cost) continue;
      const own = boxAt(origin, spot.x, y, width, height);
      if (!within(own, screen) || overlaps(own, boxes) || onLand(spot.x, y, width, height, zoom)) continue;
      best = { cost, box: own, anchor: spot.anchor };
    }
  }
  return best;
}

/** The free spot off the land that lies nearest to the middle of a kabupaten, and the line that leads there past names. */
function aside(view, at, zoom, width, height, boxes, written) {
  const origin = view.origin();
  const screen = view.screen();
  const { x, y } = view.project()(middle('kabupaten', at).x, middle('kabupaten', at).y);
  if (!within([x, y, x, y], screen)) return null;
  for (const spot of spotsOff(at, zoom, Math.ceil(width), height)) {
    const own = boxAt(origin, spot.x, spot.y, width, height);
    const line = { x1: x, y1: y, x2: origin.x + spot.endX, y2: origin.y + spot.endY };
    if (within(own, screen) && !overlaps(own, boxes) && !crosses(line, written)) return { box: own, anchor: spot.anchor, line };
  }
  return null;
}

/** Where nothing else is left: the middle of a kabupaten that is larger than its name. */
function inland(view, at, zoom, width, height, boxes) {
  const origin = view.origin();
  const inner = middle('kabupaten', at);
  const scale = pixelsPerStep(zoom);
  const [x, y] = [inner.x * scale - width / 2, inner.y * scale - height / 2];
  const own = boxAt(origin, x, y, width, height);
  const fits = !onLand(x, y, width, height, zoom, at);
  return fits && within(own, view.screen()) && !overlaps(own, boxes) ? { box: own, anchor: 'middle' } : null;
}

/** Whether a line runs over one of the boxes, looked at every few pixels. */
function crosses({ x1, y1, x2, y2 }, boxes) {
  const steps = Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 6);
  return Array.from({ length: steps + 1 }, (_, i) => [x1 + ((x2 - x1) * i) / steps, y1 + ((y2 - y1) * i) / steps])
    .some(([x, y]) => overlaps([x - 1, y - 1, x + 1, y + 1], boxes));
}

/** Spots off the land around the middle of a kabupaten, nearest first. */
const spotsOff = remember((at, zoom, width, height) => {
  const inner = middle('kabupaten', at);
  const scale = pixelsPerStep(zoom);
  const spots = [];
  for (let far = 30; far <= LEADER_PX; far += 10) {
    for (let turn = 0; turn < 24; turn += 1) {
      const along = Math.cos((turn * Math.PI) / 12);
      const endX = inner.x * scale + far * along;
      const endY = inner.y * scale + far * Math.sin((turn * Math.PI) / 12);
      const anchor = along > 0.4 ? 'start' : along < -0.4 ? 'end' : 'middle';
      const x = endX - { start: -3, middle: width / 2, end: width + 3 }[anchor];
      const y = anchor === 'middle' ? endY - (turn > 12 ? height + 2 : -2) : endY - height / 2;
      if (!onLand(x, y, width, height, zoom)) spots.push({ x, y, endX, endY, anchor });
    }
  }
  return spots;
});

function mainBox(rows) {
  const numbers = Array.from(rows.keys());
  if (numbers.length === 0) return null;
  const flat = Array.from(rows.values()).flatMap((crossings) => [crossings[0], crossings[crossings.length - 1]]);
  return {
    top: Math.min(...numbers) * 4,
    bottom: (Math.max(...numbers) + 1) * 4,
    left: Math.min(...flat),
    right: Math.max(...flat),
  };
}

function boxAt(origin, x, y, width, height) {
  return [origin.x + x, origin.y + y, origin.x + x + width, origin.y + y + height];
}

/** Whether a box touches any kabupaten, but for one. */
function onLand(x, y, width, height, zoom, but = -1) {
  for (let at = 0; at < size('kabupaten'); at += 1) {
    if (at !== but && touches(kabupatenRows(at, zoom), x - 2, y, x + width + 2, y + height)) return true;
  }
  return false;
}

function kabupatenLabel(view, at, name, note, place, showBar) {
  const [left, top, right] = place.box;
  const x = { end: right, start: left, middle: (left + right) / 2 }[place.anchor];
  const group = svg(
    'g',
    { class: 'label-kabupaten', 'text-anchor': place.anchor },
    ...(place.line ? leader(place.line) : []),
    svg('text', { x, y: top + 13, class: 'name' }, name),
    svg('text', { x, y: top + (showBar ? 38 : 27), class: 'note' }, note),
  );
  if (showBar) {
    const from = { end: right - BAR, start: left, middle: x - BAR / 2 }[place.anchor];
    group.append(statusBar(view, at, from, top + 18));
  }
  return group;
}

function leader(line) {
  return [svg('line', { ...line, class: 'casing' }), svg('line', line), svg('circle', { cx: line.x1, cy: line.y1, r: 2.4 })];
}

function statusBar(view, at, x, y) {
  const parts = partsOf('kabupaten', at);
  const group = svg('g', { class: 'mini' });
  let here = x;
  for (const { share, className } of statusParts(state.variant, view.group(), parts)) {
    const width = (BAR * share) / parts.length;
    if (width > 0) group.append(svg('rect', { x: here, y, width, height: 7, class: className }));
    here += width;
  }
  group.append(svg('rect', { x, y, width: BAR, height: 7, class: 'rim' }));
  return group;
}

function kecamatanLabels(view, boxes) {
  const labels = [];
  const { unserved, all } = differs() ? differenceCounts('kecamatan') : gaps('kecamatan', state.variant, view.group());
  const wanted = inside('kecamatan', state.kabupaten);
  const status = values('kecamatan', state.variant, view.group(), 'status');
  const at = unserved.map((_, i) => i).filter((i) => wanted[i]);
  at.sort((a, b) => unserved[b] - unserved[a]);
  const project = view.project();
  const screen = view.screen();
  for (const i of at) {
    const inner = middle('kecamatan', i);
    const point = project(inner.x, inner.y);
    const name = shown(names('kecamatan', 'nama')[i], 24);
    const count = status[i] === UNREPORTED ? '–' : `${unserved[i]}/${all[i]}`;
    const nameWidth = widthOf(name, view.fontPill);
    const width = nameWidth + widthOf(count, view.fontSmall) + 15;
    const found = freeSpot(point, width, 17, boxes, screen);
    if (found === null) continue;
    const [left, top] = found;
    boxes.push(found);
    labels.push(
      svg(
        'g',
        { class: 'label-kecamatan' },
        svg('rect', { x: left, y: top, width, height: 17, rx: 2 }),
        svg('text', { x: left + 5, y: top + 12.5, class: 'name' }, name),
        svg('text', { x: left + 10 + nameWidth, y: top + 12.5, class: 'note' }, count),
      ),
    );
  }
  return labels;
}

function villageLabels(view, boxes) {
  const labels = [];
  const wanted = inside('desa', state.kabupaten);
  const keys = classKeys('desa', state.variant, view.group(), state.map);
  const dark = darkClasses(view);
  const project = view.project();
  const screen = view.screen();
  for (let i = 0; i < size('desa'); i += 1) {
    if (!wanted[i] || parents('desa', 'desa')[i] < 0) continue;
    const inner = middle('desa', i);
    const point = project(inner.x, inner.y);
    const name = shown(names('desa', 'nama')[i], 24);
    const width = widthOf(name, view.fontSmall);
    const found = freeSpot(point, width, 13, boxes, screen);
    if (found === null) continue;
    boxes.push(found);
    const className = dark.has(keys[i]) ? 'label-desa on-dark' : 'label-desa';
    const y = found[1] + 10.5;
    labels.push(svg('text', { x: (found[0] + found[2]) / 2, y, class: className, 'text-anchor': 'middle' }, name));
  }
  return labels;
}

/** The two darkest classes of a map carry white names. */
function darkClasses(view) {
  if (differs()) return new Set(['dua_belum', 'ini_belum']);
  const { classes } = schemeOf(state.map, view.group());
  return new Set(state.map === 'status' ? [classes[0].key] : [classes[0].key, classes[1].key]);
}

/** A box centred at a point, or a little above or below it, that is free and on the screen; or null. */
function freeSpot(point, width, height, boxes, screen) {
  for (const shift of [0, -14, 14]) {
    const top = point.y + shift - height / 2;
    const box = [point.x - width / 2, top, point.x + width / 2, top + height];
    if (meets(box, screen) && !overlaps(box, boxes)) return box;
  }
  return null;
}

export function overlaps(box, boxes) {
  return boxes.some((other) => meets(box, other));
}

function meets(one, other) {
  return one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];
}

export function within(box, screen) {
  return box[0] >= screen[0] + 3 && box[2] <= screen[2] - 3 && box[1] >= screen[1] + 3 && box[3] <= screen[3] - 3;
}
