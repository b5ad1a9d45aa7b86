/* Small maps of far islands: circles in the colour of their area; a click goes there. */

import { block, remember } from './data.js';
import { byId, el, svg } from './dom.js';
import { layout } from './layout.js';
import { FINEST, inside, parents } from './model.js';
import { classKeys, cssClass } from './classes.js';
import { joinBoxes } from './rings.js';
import { showBox } from './mapview.js';
import { state } from './state.js';
import { shown, t } from './words.js';

const WIDTH = 108;
const HEIGHT = 56;
const EDGE = 7;

/** On which side of the first view the far islands lie; '' where there are none. */
export const insetSide = remember(() => {
  const { groups, main } = block('ground').insets;
  if (groups.length === 0) return '';
  return groups[0].islands[0][1] > (main[0] + main[2]) / 2 ? 'right' : 'left';
});

/** Puts the insets on the side where their islands lie, where they cover neither title nor legend; else they stay away. */
export function placeInsets(view) {
  const root = byId('insets');
  root.hidden = false;
  if (root.childElementCount === 0 || document.body.classList.contains('printing')) return;
  const outer = view.root.parentElement.getBoundingClientRect();
  const canvas = boxIn(outer, view.map.getContainer());
  const legend = boxIn(outer, view.legend);
  const over = !view.root.parentElement.classList.contains('below') && layout() !== 'column';
  const { offsetHeight: height, offsetWidth: width } = root;
  const right = insetSide() === 'right';
  let left = right ? canvas.right - width - 12 : canvas.left + (layout() === 'column' ? 8 : 16);
  let top = boxIn(outer, right ? byId('whole').parentElement : view.title).bottom + 8;
  if (layout() === 'column') top = canvas.bottom - height - 34;
  const beside = over && !right && top + height > legend.top - 6;
  if (beside) {
    left = legend.right + 8;
    top = legend.bottom - height;
    if (left + width > canvas.left + (canvas.right - canvas.left) * 0.5) root.hidden = true;
  }
  if (!over && top + height > canvas.bottom - 30) root.hidden = true;
  root.style.left = `${Math.round(left)}px`;
  root.style.top = `${Math.round(top)}px`;
}

function boxIn(outer, element) {
  const box = element.getBoundingClientRect();
  return { left: box.left - outer.left, right: box.right - outer.left, top: box.top - outer.top, bottom: box.bottom - outer.top };
}

export function drawInsets(view, root) {
  const wanted = inside(FINEST, state.kabupaten);
  const made = block('ground')
    .insets.groups.filter((inset) => inset.areas.some((at) => wanted[at]))
    .map((inset) => insetOf(view, inset));
  root.replaceChildren(...made);
}

function insetOf(view, inset) {
  const box = joinBoxes(inset.islands.map(([, x, y, half]) => [x - half, y - half, x + half, y + half]));
  const name = shown(inset.name, 40);
  return el(
    'button',
    { type: 'button', class: 'inset', 'aria-label': t('inset_buka', { name }), onclick: () => showBox(view, box) },
    el('b', {}, name),
    el('small', {}, inset.note),
    picture(view, inset, box),
  );
}

function picture(view, inset, box) {
  const scale = Math.min((WIDTH - 2 * EDGE) / (box[2] - box[0]), (HEIGHT - 2 * EDGE) / (box[3] - box[1]));
  const keys = classKeys(state.level, state.variant, view.group(), state.map);
  const owner = parents(FINEST, state.level);
  const islands = inset.islands.map(([at, x, y, half]) => {
    const className = cssClass(state.map, keys[owner[at]]);
    const cx = WIDTH / 2 + (x - (box[0] + box[2]) / 2) * scale;
    const cy = HEIGHT / 2 + (y - (box[1] + box[3]) / 2) * scale;
    const r = Math.max(3, half * scale);
    return svg('circle', { cx: cx.toFixed(1), cy: cy.toFixed(1), r: r.toFixed(1), class: `island ${className}` });
  });
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true', focusable: 'false' }, ...islands);
}
