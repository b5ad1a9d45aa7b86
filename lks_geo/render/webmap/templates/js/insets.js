/* Small maps of far islands: circles in the colour of their area; a click goes there. */

import { block } from './data.js';
import { el, svg } from './dom.js';
import { FINEST, inside, parents } from './model.js';
import { classKeys, cssClass } from './classes.js';
import { joinBoxes } from './rings.js';
import { showBox } from './mapview.js';
import { state } from './state.js';
import { shown, t } from './words.js';

const WIDTH = 108;
const HEIGHT = 56;
const EDGE = 7;

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
