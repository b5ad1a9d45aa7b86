/*
 * Fills and borders as one SVG drawing. Paths are written once, in grid steps; zooming only changes one transform, and
 * a switch of group or measure only changes the class of each path (the colours are in the style sheet). All areas of a
 * pattern are filled at once: on paper each filled path takes its pattern along, and 385 of them are 64 MB.
 */

import { patterned } from './classes.js';
import { svg } from './dom.js';
import { originOf, pixelsPerStep } from './projection.js';
import { areaPath, borderPath, bordersShown, contextPath, land, landEnds, pathOf } from './rings.js';
import { size } from './model.js';

export const PADDING = 0.6;

/** A drawing in grid steps that follows the map: subclasses fill `this.scaled` and `this.flat`. */
export const Drawing = L.SVG.extend({
  options: { padding: PADDING },

  _initContainer() {
    this._container = svg('svg', { 'aria-hidden': 'true', focusable: 'false', class: this.options.className });
    this.scaled = this._container.appendChild(svg('g'));
    this.flat = this._container.appendChild(svg('g'));
    this._rootGroup = this.flat;
    this.build();
  },

  build() {},

  _update() {
    L.SVG.prototype._update.call(this);
    const { x, y } = originOf(this._map);
    const scale = pixelsPerStep(this._map.getZoom());
    this.scaled.setAttribute('transform', `translate(${x.toFixed(3)} ${y.toFixed(3)}) scale(${scale})`);
    this.placed(scale);
  },

  placed() {},
});

/** What lies over the ends of the land, so that it fades there instead of being cut. */
function landEdges(name) {
  if (landEnds() === null) return [];
  const { box: [left, top, right, bottom], deep } = landEnds();
  const far = 10 * deep;
  const sides = [
    { x: left - far, y: top - far, width: far + deep, height: bottom - top + 2 * far, x1: 1 - deep / (far + deep), x2: 1, y1: 0, y2: 0 },
    { x: right - deep, y: top - far, width: far + deep, height: bottom - top + 2 * far, x1: deep / (far + deep), x2: 0, y1: 0, y2: 0 },
    { x: left - far, y: top - far, width: right - left + 2 * far, height: far + deep, x1: 0, x2: 0, y1: 1 - deep / (far + deep), y2: 1 },
    { x: left - far, y: bottom - deep, width: right - left + 2 * far, height: far + deep, x1: 0, x2: 0, y1: deep / (far + deep), y2: 0 },
  ];
  return sides.flatMap(({ x, y, width, height, ...direction }, side) => {
    const id = `fade-${side}-${name}`;
    const stops = [svg('stop', { offset: 0, class: 'sea' }), svg('stop', { offset: 1, class: 'sea gone' })];
    return [svg('linearGradient', { id, ...direction }, ...stops), svg('rect', { x, y, width, height, fill: `url(#${id})` })];
  });
}

export const SvgGround = Drawing.extend({
  build() {
    const marks = {
      hatch: [svg('rect', { width: 6, height: 6, class: 'hatch-paper' }), svg('path', { d: 'M0 0V6', class: 'hatch-line' })],
      dots: [svg('rect', { width: 6, height: 6, class: 'dots-paper' }), svg('circle', { cx: 3, cy: 3, r: 1.25, class: 'dot' })],
    };
    this.patterns = Object.entries(marks).map(([name, parts]) => {
      const id = `${name}-${this.options.name}`;
      this._container.style.setProperty(`--${name}`, `url(#${id})`);
      return svg('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse' }, ...parts);
    });
    this._container.prepend(svg('defs', {}, ...this.patterns));
    const around = land().map((one) => svg('path', { class: 'land', d: pathOf(one.rings) }));
    this.scaled.append(svg('g', { class: 'around' }, ...around, ...landEdges(this.options.name)));
    this.levels = new Map();
  },

  placed(scale) {
    for (const pattern of this.patterns) pattern.setAttribute('patternTransform', `scale(${1 / scale}) rotate(45)`);
  },

  /** Shows the areas of a level, drawing them when they are first wanted. */
  showLevel(level) {
    if (!this.levels.has(level)) this.levels.set(level, this.drawLevel(level));
    for (const [name, drawn] of this.levels) drawn.group.classList.toggle('off', name !== level);
    this.level = level;
  },

  drawLevel(level) {
    const paths = Array.from({ length: size(level) }, (_, at) => svg('path', { d: areaPath(level, at), 'data-area': at }));
    const fills = svg('g', { class: 'fills' }, ...paths);
    const patterns = svg('g', { class: 'patterns' });
    const lines = bordersShown(level).flatMap((name) => {
      const d = borderPath(name);
      const line = svg('path', { class: `border border-${name}`, d });
      return name === 'kabupaten' ? [svg('path', { class: 'border casing', d }), line] : [line];
    });
    const setting = svg('path', { class: 'context', d: contextPath() });
    const group = this.scaled.appendChild(svg('g', {}, patterns, fills, setting, svg('g', { class: 'borders' }, ...lines)));
    return { group, paths, patterns };
  },

  /** Gives every area its class; `faded(at)` says which are drawn pale. */
  paint(keys, classOf, faded) {
    const { paths, patterns } = this.levels.get(this.level);
    const together = new Map();
    for (let at = 0; at < paths.length; at += 1) {
      const kind = classOf(keys[at]);
      const wanted = faded(at) ? `${kind} faded` : kind;
      if (paths[at].getAttribute('class') !== wanted) paths[at].setAttribute('class', wanted);
      if (patterned().has(kind)) together.set(wanted, `${together.get(wanted) ?? ''}${areaPath(this.level, at)}`);
    }
    patterns.replaceChildren(...Array.from(together, ([name, d]) => svg('path', { class: name, d })));
  },

  /** The area under the pointer, or -1. */
  areaAt(event) {
    const path = event.originalEvent.target.closest?.('[data-area]');
    return path && this._container.contains(path) ? Number(path.dataset.area) : -1;
  },
});
