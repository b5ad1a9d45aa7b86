/* The online base map: only fetched while its switch is on; without internet the page stays as it is. */

import { frame } from './data.js';
import { byId } from './dom.js';
import { state } from './state.js';

const layers = new WeakMap();

/** Adds or takes away the tiles of a map. */
export function syncTiles(view) {
  if (!state.tiles) {
    layers.get(view)?.remove();
    layers.delete(view);
    byId('tiles-credit').textContent = '';
    return;
  }
  if (layers.has(view)) return;
  const layer = L.tileLayer(frame.tiles.url, { maxZoom: 14, subdomains: 'abcd', referrerPolicy: 'no-referrer' });
  layers.set(view, layer.addTo(view.map));
  byId('tiles-credit').textContent = ` · ${frame.tiles.credit}`;
}
