/*
 * How the page is laid out in its window: `wide` (controls, map and list side by side), `folded` (controls in a drawer,
 * so that the map keeps half of the window) or `column` (phones: one below the other, the page scrolls). It is the class
 * of the document; the style sheets know no sizes of windows.
 */

import { byId } from './dom.js';
import { comparedGroups } from './state.js';

const COLUMN_WIDTH = 620;
const UPRIGHT_COLUMN_WIDTH = 760;
const HEADER = 56;
/** Controls and list together, and in windows narrower than `BROAD`. */
const SIDES = 616;
const NARROW_SIDES = 548;
const BROAD = 1340;
/** Smaller maps have their legend below, if that leaves them height, or folded. */
const SMALL_WIDTH = 560;
const SMALL_HEIGHT = 330;

function layoutOf(width, height) {
  if (width < COLUMN_WIDTH || (width <= UPRIGHT_COLUMN_WIDTH && height > width)) return 'column';
  const sides = width < BROAD ? NARROW_SIDES : SIDES;
  return (width - sides) * (height - HEADER) >= 0.49 * width * height ? 'wide' : 'folded';
}

/** The layout in use. */
export function layout() {
  return ['column', 'folded', 'wide'].find((name) => document.documentElement.classList.contains(name));
}

/** Lays the page out anew for its window; gives whether anything changed. */
export function syncLayout() {
  const { classList } = document.documentElement;
  const { clientWidth: width, clientHeight: height } = document.documentElement; // not what overflows on a phone
  const wanted = layoutOf(width, height);
  const before = document.documentElement.className + byId('maps').className;
  for (const name of ['column', 'folded', 'wide']) classList.toggle(name, name === wanted);
  classList.toggle('narrow', wanted !== 'column' && width < BROAD);
  classList.toggle('low', height < 560);
  if (wanted !== 'folded') setDrawer(false);
  const maps = byId('maps');
  const two = comparedGroups().length > 0;
  const many = comparedGroups().length > 1;
  maps.classList.toggle('two', two);
  maps.classList.toggle('many', many);
  const upright = maps.clientWidth < SMALL_WIDTH && maps.clientHeight > maps.clientWidth;
  maps.classList.toggle('below', wanted !== 'column' && (two || upright));
  maps.classList.toggle('small', wanted !== 'column' && !upright && (many || maps.clientWidth < SMALL_WIDTH * (two ? 2 : 1) || maps.clientHeight < SMALL_HEIGHT));
  return before !== document.documentElement.className + maps.className;
}

function setDrawer(open) {
  document.documentElement.classList.toggle('unfolded', open);
  byId('fold').setAttribute('aria-expanded', String(open));
}

/** Whether the drawer of the controls is open; closes it. */
export function closeDrawer() {
  const open = document.documentElement.classList.contains('unfolded');
  if (open) {
    setDrawer(false);
    byId('fold').focus();
  }
  return open;
}

/** Makes the button of the drawer work. */
export function startLayout() {
  byId('fold').addEventListener('click', () => {
    const open = !document.documentElement.classList.contains('unfolded');
    setDrawer(open);
    if (open) byId('controls').querySelector('input:checked')?.focus();
  });
}

/** Whether the reader asks for no movement. */
export function still() {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
