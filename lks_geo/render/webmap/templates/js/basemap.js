/* The online base map: only fetched while its switch is on; without internet the page stays as it is, and says so. */

import { frame } from './data.js';
import { announce, byId } from './dom.js';
import { state } from './state.js';
import { t } from './words.js';

const layers = new WeakMap();

/** Adds or takes away the tiles of a map. Our own land around goes when the first tile has come, not before. */
export function syncTiles(view) {
  if (!state.tiles) {
    layers.get(view)?.remove();
    layers.delete(view);
    view.root.classList.remove('with-tiles');
    byId('tiles-credit').textContent = '';
    return;
  }
  if (layers.has(view)) return;
  say('peta_dasar_catatan');
  const layer = L.tileLayer(frame.tiles.url, { maxZoom: 14, subdomains: 'abcd', referrerPolicy: 'no-referrer' });
  layer.on('tileload', () => {
    if (!state.tiles || view.root.classList.contains('with-tiles')) return;
    view.root.classList.add('with-tiles');
    say('peta_dasar_catatan');
  });
  layer.on('tileerror', () => {
    if (state.tiles && !view.root.classList.contains('with-tiles')) say('peta_dasar_gagal');
  });
  layers.set(view, layer.addTo(view.map));
  byId('tiles-credit').textContent = ` · ${frame.tiles.credit}`;
}

function say(key) {
  const note = byId('tiles-note');
  if (note.textContent === t(key)) return;
  note.textContent = t(key);
  if (key === 'peta_dasar_gagal') announce(t(key));
}
