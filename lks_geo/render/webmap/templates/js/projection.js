/* Grid steps, degrees, and pixels of a Leaflet map. */

import { block } from './data.js';

/** From here on lines are stronger and kecamatan carry their names. */
export const NEAR_ZOOM = 9.6;

const RADIUS_M = 6378137;
export const STEP_M = 10;
const ROUND_M = 2 * Math.PI * RADIUS_M;
const { x0, y0 } = block('ground').grid;

/** Pixels per grid step at a zoom level. */
export function pixelsPerStep(zoom) {
  return (256 * 2 ** zoom * STEP_M) / ROUND_M;
}

/** Where the origin of the grid lies among the map's layer points. */
export function originOf(map) {
  const world = 256 * 2 ** map.getZoom();
  const corner = map.getPixelOrigin();
  return { x: world * (x0 / ROUND_M + 0.5) - corner.x, y: world * (0.5 - y0 / ROUND_M) - corner.y };
}

export function toLatLng(x, y) {
  const north = (y0 - y * STEP_M) / RADIUS_M;
  return L.latLng((Math.atan(Math.sinh(north)) * 180) / Math.PI, (((x0 + x * STEP_M) / RADIUS_M) * 180) / Math.PI);
}

export function fromLatLng(lat, lon) {
  const north = Math.asinh(Math.tan((lat * Math.PI) / 180)) * RADIUS_M;
  return { x: ((lon * Math.PI) / 180 * RADIUS_M - x0) / STEP_M, y: (y0 - north) / STEP_M };
}

/** A function from grid steps to layer points of the map as it now stands. */
export function projector(map) {
  const origin = originOf(map);
  const scale = pixelsPerStep(map.getZoom());
  return (x, y) => ({ x: origin.x + scale * x, y: origin.y + scale * y });
}

/** Bounds for Leaflet of a grid box. */
export function boundsOf(box) {
  return L.latLngBounds(toLatLng(box[0], box[1]), toLatLng(box[2], box[3]));
}

/** Ground metres per CSS pixel in the middle of the map. */
export function metresPerPixel(map) {
  return (ROUND_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
}

/** Distance in km on the ellipsoid (Lambert's formula; within 0.1 km at these ranges). */
export function distanceKm(lat1, lon1, lat2, lon2) {
  const rad = Math.PI / 180;
  const flattening = 1 / 298.257223563;
  const b1 = Math.atan((1 - flattening) * Math.tan(lat1 * rad));
  const b2 = Math.atan((1 - flattening) * Math.tan(lat2 * rad));
  const h = Math.sin((b2 - b1) / 2) ** 2 + Math.cos(b1) * Math.cos(b2) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  const angle = 2 * Math.asin(Math.sqrt(Math.min(1, h)));
  if (angle === 0) return 0;
  const p = (b1 + b2) / 2;
  const q = (b2 - b1) / 2;
  const x = ((angle - Math.sin(angle)) * (Math.sin(p) * Math.cos(q)) ** 2) / Math.cos(angle / 2) ** 2;
  const y = ((angle + Math.sin(angle)) * (Math.cos(p) * Math.sin(q)) ** 2) / Math.sin(angle / 2) ** 2;
  return (RADIUS_M / 1000) * (angle - (flattening / 2) * (x + y));
}
