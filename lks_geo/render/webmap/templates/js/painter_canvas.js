/* Fills and borders of thousands of areas on a canvas, with the same doors as painter_svg.js. */

import { frame } from './data.js';
import { NEAR_ZOOM, originOf, pixelsPerStep } from './projection.js';
import { areaPath, borderPath, bordersShown, boxOf, contextPath, land, landEnds, pathOf } from './rings.js';
import { UNREPORTED, size } from './model.js';
import { PADDING } from './painter_svg.js';

const FADED = 0.13;
/* Name, then width and strength of the line far out and near. */
const LINES = {
  desa: ['#fff', 0.45, 0.9, 0.45, 0.85],
  kecamatan: ['#fff', 0.95, 1.8, 1, 1],
  outer: ['--coast-line', 0.9, 0.9, 1, 1],
  casing: ['#fff', 3.6, 3.6, 1, 1],
  kabupaten: ['--ink', 1.3, 1.8, 1, 1],
};

export const CanvasGround = L.Renderer.extend({
  options: { padding: PADDING / 3 },

  _initContainer() {
    this.paths = new Map();
    this._container = document.createElement('canvas');
    this._container.className = `${this.options.className} leaflet-zoom-animated`;
    this._container.setAttribute('aria-hidden', 'true');
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { min } = this._bounds;
    const wanted = this._bounds.getSize();
    const printing = document.body.classList.contains('printing');
    this.ratio = printing ? 3 : Math.min(2, window.devicePixelRatio || 1);
    L.DomUtil.setPosition(this._container, min);
    this._container.width = Math.round(this.ratio * wanted.x);
    this._container.height = Math.round(this.ratio * wanted.y);
    this._container.style.width = `${wanted.x}px`;
    this._container.style.height = `${wanted.y}px`;
    const origin = originOf(this._map);
    this.scale = pixelsPerStep(this._map.getZoom());
    this.frameOf = [this.ratio * this.scale, this.ratio * (origin.x - min.x), this.ratio * (origin.y - min.y)];
    this.draw();
  },

  showLevel(level) {
    this.level = level;
    if (!this.paths.has(level)) {
      const fills = Array.from({ length: size(level) }, (_, at) => new Path2D(areaPath(level, at)));
      const lines = bordersShown(level).map((name) => [name, new Path2D(borderPath(name))]);
      this.paths.set(level, { fills, lines });
    }
    this.context ??= new Path2D(contextPath());
    this.around ??= new Path2D(land().map((one) => pathOf(one.rings)).join(''));
  },

  paint(keys, classOf, faded) {
    this.painted = { keys: keys.map(classOf), faded };
    this.draw();
  },

  draw() {
    if (!this.painted || !this._container || !this.frameOf) return;
    const context = this._container.getContext('2d');
    const [scale, x, y] = this.frameOf;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this._container.width, this._container.height);
    context.setTransform(scale, 0, 0, scale, x, y);
    const style = getComputedStyle(this._container);
    context.fillStyle = style.getPropertyValue('--land');
    context.fill(this.around, 'evenodd');
    fadeEdges(context, style.getPropertyValue('--sea'));
    this.fillAreas(context);
    this.strokeBorders(context, style);
  },

  fillAreas(context) {
    const { fills } = this.paths.get(this.level);
    const colours = coloursByClass();
    const hatch = this.patternOf(context, hatchTile);
    const dots = this.patternOf(context, dotsTile);
    const view = this.viewBox();
    fills.forEach((path, at) => {
      if (apart(boxOf(this.level, at), view)) return;
      context.globalAlpha = this.painted.faded(at) ? FADED : 1;
      const key = this.painted.keys[at];
      context.fillStyle = key === UNREPORTED ? dots : (colours.get(key) ?? hatch);
      context.fill(path, 'evenodd');
    });
    context.globalAlpha = 1;
  },

  strokeBorders(context, style) {
    const near = this._map.getZoom() >= NEAR_ZOOM;
    const perPixel = this.ratio / this.frameOf[0];
    context.lineJoin = 'round';
    context.globalAlpha = 0.75;
    context.strokeStyle = style.getPropertyValue('--ink-faint');
    context.lineWidth = 0.9 * perPixel;
    context.stroke(this.context);
    for (const [name, path] of this.paths.get(this.level).lines) {
      for (const kind of name === 'kabupaten' ? ['casing', name] : [name]) {
        const [colour, far, close, weak, strong] = LINES[kind];
        context.globalAlpha = near ? strong : weak;
        context.strokeStyle = colour.startsWith('--') ? style.getPropertyValue(colour) : colour;
        context.lineWidth = (near ? close : far) * perPixel;
        context.stroke(path);
      }
    }
    context.globalAlpha = 1;
  },

  /** A pattern of the size it has on the screen; `drawTile(pen, side, colour, paper)` draws one square of it. */
  patternOf(context, drawTile) {
    const tile = document.createElement('canvas');
    const side = 6 * this.ratio;
    tile.width = side;
    tile.height = side;
    const style = getComputedStyle(this._container);
    drawTile(tile.getContext('2d'), side, style.getPropertyValue('--hatch-line'), style.getPropertyValue('--dots-paper'));
    const pattern = context.createPattern(tile, 'repeat');
    pattern.setTransform(new DOMMatrix().scale(1 / this.frameOf[0]));
    return pattern;
  },

  viewBox() {
    const [scale, x, y] = this.frameOf;
    return [-x / scale, -y / scale, (this._container.width - x) / scale, (this._container.height - y) / scale];
  },

  /** The area under the pointer, or -1. */
  areaAt(event) {
    if (!this.paths.has(this.level)) return -1;
    const origin = originOf(this._map);
    const x = (event.layerPoint.x - origin.x) / this.scale;
    const y = (event.layerPoint.y - origin.y) / this.scale;
    const context = this._container.getContext('2d');
    context.setTransform(1, 0, 0, 1, 0, 0);
    return this.paths.get(this.level).fills.findIndex((path, at) => {
      const box = boxOf(this.level, at);
      return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && context.isPointInPath(path, x, y, 'evenodd');
    });
  },
});

/** The land around fades at its ends instead of being cut. */
function fadeEdges(context, sea) {
  if (landEnds() === null) return;
  const { box: [left, top, right, bottom], deep } = landEnds();
  const far = 10 * deep;
  const side = (x, y, width, height, from) => {
    const gradient = context.createLinearGradient(...from);
    gradient.addColorStop(0, sea);
    gradient.addColorStop(1, `${sea}00`);
    context.fillStyle = gradient;
    context.fillRect(x, y, width, height);
  };
  side(left - far, top - far, far + deep, bottom - top + 2 * far, [left, 0, left + deep, 0]);
  side(right - deep, top - far, far + deep, bottom - top + 2 * far, [right, 0, right - deep, 0]);
  side(left - far, top - far, right - left + 2 * far, far + deep, [0, top, 0, top + deep]);
  side(left - far, bottom - deep, right - left + 2 * far, far + deep, [0, bottom, 0, bottom - deep]);
}

function hatchTile(pen, side, colour) {
  Object.assign(pen, { fillStyle: '#fff', strokeStyle: colour, lineWidth: side * 0.27 });
  pen.fillRect(0, 0, side, side);
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift, side);
    pen.lineTo(shift + side, 0);
  }
  pen.stroke();
}

function dotsTile(pen, side, colour, paper) {
  Object.assign(pen, { fillStyle: paper });
  pen.fillRect(0, 0, side, side);
  Object.assign(pen, { fillStyle: colour });
  pen.beginPath();
  pen.arc(side / 2, side / 2, side * 0.2, 0, 2 * Math.PI);
  pen.fill();
}

function apart(one, other) {
  return one[2] < other[0] || one[0] > other[2] || one[3] < other[1] || one[1] > other[3];
}

let colours = null;

function coloursByClass() {
  if (colours === null) {
    const all = frame.maps.flatMap((map) => {
      const schemes = map.byGroup ? Object.values(map.byGroup).flatMap((levels) => Object.values(levels)) : [map];
      return schemes.flatMap((scheme) => scheme.classes.map((one) => [`${map.key}-${one.key}`, one.colour]));
    });
    colours = new Map(all);
  }
  return colours;
}
