/*
 * Borders to shapes. The page holds each border once; the shape of an area of any level is the borders that have it
 * on exactly one side, joined to rings. All coordinates are steps of the grid (10 m of the Web Mercator plane).
 */

import { block, remember } from './data.js';
import { FINEST, parents, size } from './model.js';

/* From the widest down: a level needs its own borders and those above it. */
const BORDERS = ['outer', 'kabupaten', 'kecamatan', 'desa'];

/** The arcs of one kind of border: `points` as flat Int32Array, and the areas on both sides. */
const arcs = remember((name) => {
  const { length, steps, left, right } = block(`borders-${name}`);
  const flat = Int32Array.from(steps);
  for (let i = 2; i < flat.length; i += 1) flat[i] += flat[i - 2];
  let at = 0;
  return length.map((count, number) => {
    const points = flat.subarray(at, at + 2 * count);
    at += 2 * count;
    return { points, left: left[number], right: right[number] };
  });
});

function bordersUpTo(level) {
  return BORDERS.slice(0, BORDERS.indexOf(level) + 1);
}

/** For each area of a level its rings, flat Int32Arrays of x, y. */
export const rings = remember((level) => {
  const owner = parents(FINEST, level);
  const own = Array.from({ length: size(level) }, () => []);
  for (const name of level === FINEST ? BORDERS : bordersUpTo(level)) {
    for (const arc of arcs(name)) {
      const left = owner[arc.left];
      const right = arc.right < 0 ? -1 : owner[arc.right];
      if (left === right) continue;
      if (left >= 0) own[left].push(arc.points);
      if (right >= 0) own[right].push(arc.points);
    }
  }
  return own.map(join);
});

/** The outline of several areas of a level together, as one path. */
export function outlineOf(level, positions) {
  const among = new Set(positions);
  const owner = parents(FINEST, level);
  const runs = [];
  for (const name of level === FINEST ? BORDERS : bordersUpTo(level)) {
    for (const arc of arcs(name)) {
      if (among.has(owner[arc.left]) !== (arc.right >= 0 && among.has(owner[arc.right]))) runs.push(arc.points);
    }
  }
  return pathOf(runs, false);
}

/** Joins runs of points to closed rings. Every end meets another, because each area is closed. */
function join(runs) {
  const ends = new Map();
  const left = new Set();
  const endOf = (run, last) => (last ? run[run.length - 2] * 1e8 + run[run.length - 1] : run[0] * 1e8 + run[1]);
  const found = [];
  for (const run of runs) {
    if (endOf(run, false) === endOf(run, true)) {
      found.push(run);
      continue;
    }
    left.add(run);
    for (const key of [endOf(run, false), endOf(run, true)]) {
      if (!ends.has(key)) ends.set(key, []);
      ends.get(key).push(run);
    }
  }
  for (const first of left) {
    const ring = Array.from(first);
    left.delete(first);
    const start = endOf(first, false);
    let here = endOf(first, true);
    while (here !== start) {
      const next = ends.get(here).find((run) => left.has(run));
      if (next === undefined) break;
      left.delete(next);
      const forward = endOf(next, false) === here;
      append(ring, next, forward);
      here = endOf(next, forward);
    }
    found.push(Int32Array.from(ring));
  }
  return found;
}

function append(ring, run, forward) {
  if (forward) {
    for (let i = 2; i < run.length; i += 1) ring.push(run[i]);
  } else {
    for (let i = run.length - 4; i >= 0; i -= 2) ring.push(run[i], run[i + 1]);
  }
}

/** Rings as SVG path data, relative steps (short, and exact in integers). */
export function pathOf(list, closed = true) {
  let path = '';
  for (const points of list) {
    path += `M${points[0]} ${points[1]}l`;
    for (let i = 2; i < points.length; i += 2) {
      path += `${points[i] - points[i - 2]} ${points[i + 1] - points[i - 1]} `;
    }
    if (closed) path += 'z';
  }
  return path;
}

export const areaPath = remember((level, at) => pathOf(rings(level)[at]));

/** The borders of one kind as one path. */
export const borderPath = remember((name) => pathOf(arcs(name).map((arc) => arc.points), false));

/** Kinds of borders to draw at a level, thinnest first. */
export function bordersShown(level) {
  const kinds = level === FINEST ? BORDERS : bordersUpTo(level);
  return ['desa', 'kecamatan', 'outer', 'kabupaten'].filter((name) => kinds.includes(name));
}

/** West, north, east, south of an area. */
export const boxOf = remember((level, at) => {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const points of rings(level)[at]) widen(box, points);
  return box;
});

function widen(box, points) {
  for (let i = 0; i < points.length; i += 2) {
    box[0] = Math.min(box[0], points[i]);
    box[1] = Math.min(box[1], points[i + 1]);
    box[2] = Math.max(box[2], points[i]);
    box[3] = Math.max(box[3], points[i + 1]);
  }
}

export function joinBoxes(boxes) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const one of boxes) widen(box, one);
  return box;
}

/** Steps to flat coordinates. */
export function unfold(steps) {
  const flat = Int32Array.from(steps);
  for (let i = 2; i < flat.length; i += 1) flat[i] += flat[i - 2];
  return flat;
}

/** The land around, with names. */
export const land = remember(() =>
  block('ground').land.map(({ name, rings: list }) => ({ name, rings: list.map(unfold) })),
);

/** The user's own lines around the areas as one path; '' where there are none. */
export const contextPath = remember(() => pathOf((block('ground').context?.lines ?? []).map(unfold), false));

/** Positions of the finest areas that an inset stands for. */
export const insetAreas = remember(() => new Set(block('ground').insets.groups.flatMap((inset) => inset.areas)));

/** Whether a point lies in the part of the map that the first view shows. */
export function inMain(x, y) {
  const { main } = block('ground').insets;
  return x >= main[0] && x <= main[2] && y >= main[1] && y <= main[3];
}

/** Where the land around ends, and over how many steps it fades there; null where there is none. */
export const landEnds = remember(() => {
  const box = joinBoxes(land().flatMap((one) => one.rings));
  return box[0] > box[2] ? null : { box, deep: Math.min(box[2] - box[0], box[3] - box[1]) / 14 };
});

/** The box of all that is drawn: the land around, and all areas with some room. */
export const drawnBox = remember(() => {
  const own = Array.from({ length: size(FINEST) }, (_, at) => boxOf(FINEST, at)).filter((box) => box[0] <= box[2]);
  const box = joinBoxes(own);
  const room = Math.max(box[2] - box[0], box[3] - box[1]) / 4;
  const around = land().flatMap((one) => one.rings);
  return joinBoxes([[box[0] - room, box[1] - room, box[2] + room, box[3] + room], ...around]);
});

/** The box that the first view fits: everything, or the areas of one kabupaten, without far islands. */
export const firstBox = remember((kabupaten) => {
  const { main } = block('ground').insets;
  if (kabupaten < 0) return main;
  const own = rings('kabupaten')[kabupaten];
  const near = own.filter((points) => inMain(points[0], points[1]));
  return joinBoxes(near.length > 0 ? near : own);
});
