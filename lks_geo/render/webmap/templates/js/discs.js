/* White discs with the numbers 1-10 of the list, pushed apart, and circles for the number of people out of reach. */

import { frame } from './data.js';
import { svg } from './dom.js';
import { STEP_M, fromLatLng, pixelsPerStep } from './projection.js';
import { countedFor, pointOf, servicesOf } from './places.js';
import { comparedGroups, state, variantParts } from './state.js';
import { boxOf } from './rings.js';
import { middle } from './labels.js';
import { FINEST, groupOf, inOrder, inside, ranking, size, values } from './model.js';
import { differenceList, differs } from './difference.js';
import { byGain } from './phrases.js';

const RANKS = 10;
const RADIUS = 8.5;
const APART = 20;
const LEADER = 7;
const LARGEST = 9;

/** Draws the discs; gives the boxes that they take. */
export function drawDiscs(view, target) {
  const project = view.project();
  const list = () => (differs() ? differenceList() : ranking(state.level, state.variant, view.group(), state.kabupaten));
  const marks = discsShown(view.group()) ? list().slice(0, RANKS) : [];
  const discs = marks.map((at, number) => {
    const centre = middle(state.level, at);
    const { x, y } = project(centre.x, centre.y);
    return { at, number: number + 1, x, y, homeX: x, homeY: y };
  });
  const [left, top, right, bottom] = view.screen();
  const seen = discs.filter(({ x, y }) => x > left && x < right && y > top && y < bottom);
  pushApart(seen);
  const edge = RADIUS + 2;
  for (const one of seen) {
    one.x = Math.min(Math.max(one.x, left + edge), right - edge);
    one.y = Math.min(Math.max(one.y, top + edge), bottom - edge);
  }
  target.replaceChildren(...seen.map(disc));
  return seen.map(({ x, y }) => [x - RADIUS - 1, y - RADIUS - 1, x + RADIUS + 1, y + RADIUS + 1]);
}

/** Discs stand for the numbers of the list, so that another order of it has none. */
export function discsShown(group) {
  return state.discs && state.level === FINEST && !byGain() && (differs() || inOrder(state.variant, group));
}

function pushApart(discs) {
  for (let round = 0; round < 40; round += 1) {
    let moved = false;
    for (let i = 0; i < discs.length; i += 1) {
      for (let j = i + 1; j < discs.length; j += 1) {
        const dx = discs[j].x - discs[i].x || 0.01;
        const dy = discs[j].y - discs[i].y || 0.01;
        const gap = Math.hypot(dx, dy);
        if (gap >= APART) continue;
        const push = (APART - gap) / 2 / gap;
        discs[i].x -= dx * push;
        discs[i].y -= dy * push;
        discs[j].x += dx * push;
        discs[j].y += dy * push;
        moved = true;
      }
    }
    if (!moved) return;
  }
}

function disc({ at, number, x, y, homeX, homeY }) {
  const far = Math.hypot(x - homeX, y - homeY) > LEADER;
  return svg(
    'g',
    { class: 'disc', 'data-area': at },
    far ? svg('line', { x1: homeX, y1: homeY, x2: x, y2: y }) : null,
    svg('circle', { cx: x, cy: y, r: RADIUS }),
    svg('text', { x, y: y + 3.7, 'text-anchor': 'middle' }, String(number)),
  );
}

/** The largest number of people out of reach in one area: the scale of the circles. */
export function largestGap(view) {
  const groups = new Set([view.group(), state.group, ...comparedGroups()]); // one scale, so that maps can be compared
  return Math.max(...Array.from(groups, (group) => values(state.level, state.variant, group, 'belum_terjangkau').reduce((most, people) => (people > most ? people : most), 0)));
}

export function circleRadius(people, most) {
  const largest = state.level === FINEST ? LARGEST : 2 * LARGEST;
  return most > 0 ? Math.max(1.2, largest * Math.sqrt(people / most)) : 0;
}

/** Circles of the reach around the counted LKS that are drawn: straight lines, as far as their group and system reach. */
export function drawRings(view, target) {
  if (!state.rings || frame.byRoad) {
    target.replaceChildren();
    return;
  }
  const project = view.project();
  const { km: chosen } = variantParts(state.variant);
  const group = groupOf(view.group());
  const made = countedFor(state.variant, group.key).flatMap((at) => {
    const point = pointOf(at);
    if (point === null) return [];
    const systems = servicesOf(at).filter((service) => service.group === group).map(({ system }) => group.km[system]);
    const km = chosen === '' ? Math.max(...systems) : Number(chosen);
    const grid = fromLatLng(point.lat, point.lon);
    const { x, y } = project(grid.x, grid.y);
    const r = (km * 1000 * pixelsPerStep(view.map.getZoom())) / STEP_M / Math.cos((point.lat * Math.PI) / 180);
    return [svg('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: r.toFixed(1), class: 'reach' })];
  });
  target.replaceChildren(...made);
}

/** Circles whose area grows with the people out of reach: they correct the pull of huge, empty villages. */
export function drawCircles(view, target) {
  if (!state.circles) {
    target.replaceChildren();
    return;
  }
  const project = view.project();
  const shownAreas = inside(state.level, state.kabupaten);
  const out = values(state.level, state.variant, view.group(), 'belum_terjangkau');
  const most = largestGap(view);
  const made = [];
  for (let at = 0; at < size(state.level); at += 1) {
    if (!shownAreas[at] || !(out[at] >= 0.5) || boxOf(state.level, at)[0] > boxOf(state.level, at)[2]) continue;
    const centre = middle(state.level, at);
    const { x, y } = project(centre.x, centre.y);
    made.push(svg('circle', { cx: x, cy: y, r: circleRadius(out[at], most), class: 'people' }));
  }
  target.replaceChildren(...made);
}
