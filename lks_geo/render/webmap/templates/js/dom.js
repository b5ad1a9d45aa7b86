/* Elements made by hand. Text is only ever put in place as text. */

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element with attributes, then children (elements, texts, or nothing). */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...present(children));
  return element;
}

function present(children) {
  return children.filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replaces what an element holds; null children are left out. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

export function byId(id) {
  return document.getElementById(id);
}

/** A bar of shares 0-1, each with its class of colour; its length is set in the style, not in markup. */
export function bar(parts, className = 'bar') {
  const segments = parts.filter((part) => part.share > 0).map((part) => {
    const segment = el('span', { class: part.className });
    segment.style.flexGrow = String(part.share);
    return segment;
  });
  return el('span', { class: className, 'aria-hidden': 'true' }, ...segments);
}

/** A small square in the colour of a class. */
export function swatch(className) {
  return svg(
    'svg',
    { class: 'swatch', viewBox: '0 0 24 16', 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { x: 0.5, y: 0.5, width: 23, height: 15, class: className }),
  );
}

/** Says something to screen readers, without moving the focus. */
export function announce(text) {
  byId('announcer').textContent = text;
}
