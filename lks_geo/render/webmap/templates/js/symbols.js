/* LKS symbols: one shape per group, drawn as paths so that no font is needed. */

import { svg } from './dom.js';

/* Outlines inside a square of side 2 around 0; sizes differ so that the shapes look equally large. */
const OUTLINES = {
  circle: 'M-1 0a1 1 0 1 0 2 0a1 1 0 1 0 -2 0z',
  square: 'M-.9-.9h1.8v1.8h-1.8z',
  triangle: 'M0-1.15l1.15 2.05h-2.3z',
  diamond: 'M0-1.25l1.25 1.25-1.25 1.25-1.25-1.25z',
  cross: 'M-.42-1.1h.84v.68h.68v.84h-.68v.68h-.84v-.68h-.68v-.84h.68z',
};

export function symbolPath(shape) {
  return OUTLINES[shape] ?? OUTLINES.circle;
}

/** Lends an element the colour of a group's symbol; the style sheet decides what it fills. */
export function coloured(element, group) {
  if (group?.colour) element.style.setProperty('--symbol', group.colour);
  return element;
}

/** The symbol of a group as a picture beside text. */
export function symbolIcon(group) {
  const picture = svg(
    'svg',
    { class: 'symbol', viewBox: '-1.5 -1.5 3 3', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: symbolPath(group?.symbol) }),
  );
  return coloured(picture, group);
}
