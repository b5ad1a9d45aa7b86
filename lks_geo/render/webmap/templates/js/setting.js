/* Names of seas and of the land around, where there is room for them. */

import { frame, remember } from './data.js';
import { svg } from './dom.js';
import { fromLatLng, pixelsPerStep } from './projection.js';
import { land } from './rings.js';
import { covers, rowsOf } from './spans.js';
import { overlaps, widthOf, within } from './labels.js';
import { shown } from './words.js';

const GRID = 26;
const LINE = 12;
const MARGIN = 8;

const landRows = remember((number, zoom) => rowsOf(land()[number].rings, pixelsPerStep(zoom)));

/** Draws the names; `taken` are boxes in layer points that must stay free. */
export function drawSetting(view, target, taken) {
  const boxes = [...taken];
  const seas = frame.seas.map((sea) => seaLabel(view, sea, boxes));
  const lands = land().map(({ name }, number) => (name === '' ? null : landLabel(view, name, number, boxes)));
  target.replaceChildren(...[...seas, ...lands].filter((label) => label !== null));
}

function seaLabel(view, { name, lat, lon }, boxes) {
  const grid = fromLatLng(lat, lon);
  const { x, y } = view.project()(grid.x, grid.y);
  const half = widthOf(name, view.fontSmall) * 0.8;
  const box = [x - half, y - LINE, x + half, y + LINE / 2];
  if (!within(box, view.screen()) || overlaps(box, boxes)) return null;
  boxes.push(box);
  return svg('text', { x, y, class: 'label-sea', 'text-anchor': 'middle' }, shown(name, 40));
}

/** The free spot on a neighbour that lies nearest to the middle of the map. */
function landLabel(view, name, number, boxes) {
  const lines = shown(name, 40).split(' ').slice(0, 3);
  const width = Math.max(...lines.map((line) => widthOf(line.toUpperCase(), view.fontSmall))) * 1.2 + MARGIN;
  const height = lines.length * LINE + MARGIN;
  const rows = landRows(number, view.map.getZoom());
  const origin = view.origin();
  const [left, top, right, bottom] = view.screen();
  let best = null;
  for (let x = left + MARGIN; x + width < right - MARGIN; x += GRID) {
    for (let y = top + MARGIN; y + height < bottom - 3 * MARGIN; y += GRID) {
      const cost = Math.abs(x + width / 2 - (left + right) / 2) + Math.abs(y + height / 2 - (top + bottom) / 2);
      if (best !== null && cost >= best.cost) continue;
      const box = [x, y, x + width, y + height];
      const free = covers(rows, x - origin.x, y - origin.y, box[2] - origin.x, box[3] - origin.y);
      if (free && !overlaps(box, boxes)) best = { cost, box };
    }
  }
  if (best === null) return null;
  boxes.push(best.box);
  const middle = (best.box[0] + best.box[2]) / 2;
  const parts = lines.map((line, i) => svg('tspan', { x: middle, y: best.box[1] + MARGIN / 2 + LINE * (i + 0.8) }, line));
  return svg('text', { class: 'label-land', 'text-anchor': 'middle' }, ...parts);
}
