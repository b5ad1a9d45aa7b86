/* Puts the page together: reads the address, builds the parts, and redraws what a change touches. */

import { frame } from './data.js';
import { byId, el } from './dom.js';
import { findArea } from './model.js';
import { allViews, boundMoves, createView, drawMap, drawWords, linkViews, placeFirst, refresh, removeView, showAreaAndPlace, showPoint, showWhole } from './mapview.js';
import { drawInsets, placeInsets } from './insets.js';
import { closeDrawer, startLayout, syncLayout } from './layout.js';
import { differs } from './difference.js';
import { drawFinding } from './finding.js';
import { drawProfile } from './profile.js';
import { drawRanking } from './ranking.js';
import { closeCard, drawCard, enterCard } from './cards.js';
import { emblem, reachOf } from './phrases.js';
import { pointOf } from './places.js';
import { drawPlan } from './plan.js';
import { startSearch } from './search.js';
import { buildControls, syncControls } from './controls.js';
import { downloadCsv } from './csv.js';
import { startSharing, toast } from './share.js';
import { syncTiles } from './basemap.js';
import { startPrinting } from './printing.js';
import { change, comparedGroups, followAddress, onChange, readAddress, state, writeAddress } from './state.js';
import { shown, t } from './words.js';

function fillFrame() {
  document.title = `${shown(frame.title, 80)} – ${shown(frame.region, 80)}`;
  byId('page-title').textContent = shown(frame.title, 80);
  byId('agency').textContent = shown(frame.agency, 120);
  if (frame.emblem) byId('page-title').closest('header').prepend(emblem());
  byId('stamps').replaceChildren(...frame.stamps.map((stamp) => el('span', { class: 'stamp' }, stamp)));
  byId('credit').textContent = [...frame.caveats, ...frame.stamps].join(' · ');
  fillAbout();
}

/** Who made the page and where they are reached, where that is known. */
function agencyLine() {
  return frame.address ? [`${shown(frame.agency, 120)}, ${shown(frame.address, 200)}`] : [];
}

/** Sources, remarks and what the groups are, with the reach in view. */
function fillAbout() {
  byId('about').replaceChildren(
    ...[...agencyLine(), ...frame.sources.map((line) => shown(line, 200)), ...frame.caveats, ...frame.notes].map((line) => el('li', {}, line)),
    ...frame.groups.map((group) => el('li', {}, el('b', {}, shown(group.name, 80)), `: ${shown(group.definition, 200)}. ${reachOf(group.key)}.`)),
  );
}

function choose(entry) {
  const [view] = allViews();
  if (entry.kind === 'lks') {
    change({ place: entry.code, area: '' });
    const point = pointOf(entry.at);
    if (point) showPoint(view, point.lat, point.lon);
    return;
  }
  const level = state.level === entry.kind || entry.kind === frame.levels[0] ? entry.kind : state.level;
  change({ area: entry.code, place: '', level });
  showAreaAndPlace(view, entry.kind, entry.at);
}

/** Follows the window: what the first view shows stays whole. */
function followWindow() {
  let asked = false;
  window.addEventListener('resize', () => {
    if (asked || document.body.classList.contains('printing')) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      if (document.body.classList.contains('printing')) return;
      syncLayout();
      fitViews();
    });
  });
}

/** Brings the maps in line with the room that they have. */
function fitViews() {
  const [main] = allViews();
  for (const view of allViews()) drawWords(view);
  for (const view of allViews()) view.map.invalidateSize({ animate: false, pan: false });
  boundMoves();
  placeFirst(main);
  for (const view of allViews()) refresh(view);
}

/** The other maps, while groups are compared; where no area is chosen, `showAll` is what they show. */
function syncComparison(showAll = goBack) {
  const wanted = comparedGroups();
  const [main, ...others] = allViews();
  if (others.map((view) => view.group()).join() === wanted.join()) return;
  for (const view of others) {
    removeView(view);
    view.root.remove();
  }
  syncLayout();
  wanted.forEach((key, number) => {
    const name = 'bcdefghijklmnop'[number];
    const root = el('div', { class: 'map-view', id: `map-${name}` });
    allViews()[number].root.after(root);
    const other = createView(root, name, () => key);
    linkViews(main, other);
    syncTiles(other);
  });
  fitViews();
  const chosen = findArea(state.area);
  if (chosen) showAreaAndPlace(main, chosen.level, chosen.at);
  else showAll(main);
}

/** First all words, then what is measured of them, then the maps: a page of this size is not laid out twice. */
function redrawMaps(main, changed, numbers) {
  for (const view of allViews()) drawWords(view);
  if (numbers) {
    drawInsets(main, byId('insets'));
    for (const view of allViews()) view.map.invalidateSize({ animate: false, pan: false });
  }
  placeInsets(main);
  for (const view of allViews()) drawMap(view, changed);
}

let listedDifference = false;

function redraw(changed) {
  const touches = (...fields) => fields.some((field) => changed.has(field));
  const lists = touches('group', 'level', 'kabupaten', 'variant', 'order') || ((differs() || listedDifference) && touches('map', 'other', 'only'));
  const numbers = lists || touches('map');
  listedDifference = differs();
  syncControls();
  if (touches('variant')) fillAbout();
  if (lists) {
    drawFinding();
    drawProfile();
    drawRanking();
  }
  syncComparison();
  const [main] = allViews();
  if (changed.has('tiles')) for (const view of allViews()) syncTiles(view);
  if (!(changed.size === 1 && changed.has('view'))) redrawMaps(main, changed, numbers);
  if (changed.has('kabupaten')) goBack(main);
  if (numbers || touches('area', 'place')) drawCard();
  if ((changed.has('area') && state.area) || (changed.has('place') && state.place)) enterCard();
}

/** A click in the list goes to the area; a click on the map stays where it is. */
function followList() {
  byId('panel').addEventListener('click', (event) => {
    const row = event.target.closest('[data-code]');
    const found = row && findArea(row.dataset.code);
    if (found) showAreaAndPlace(allViews()[0], found.level, found.at);
  });
}

/** Keeps where the reader went in the address. */
function rememberView(view) {
  view.map.on('dragstart zoomstart', () => {
    view.moved = !view.fitting;
  });
  view.map.on('moveend', () => {
    if (!view.moved || view.fitting) return;
    const { lat, lng } = view.map.getCenter();
    change({ view: `${lat.toFixed(4)},${lng.toFixed(4)},${Number(view.map.getZoom().toFixed(2))}` });
  });
}

/** To the whole, wherever the reader went. */
function goBack(view) {
  showWhole(view);
  change({ view: '' });
}

function startButtons(view) {
  byId('whole').addEventListener('click', () => goBack(view));
  byId('zoom-in').addEventListener('click', () => view.map.zoomIn());
  byId('zoom-out').addEventListener('click', () => view.map.zoomOut());
  byId('csv').addEventListener('click', () => {
    downloadCsv();
    toast(t('csv_dibuat'));
  });
  byId('skip').addEventListener('click', (event) => {
    event.preventDefault();
    byId(byId('card').hidden ? 'ranking' : 'card').focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || closeDrawer()) return;
    if (!byId('card').hidden) closeCard();
  });
}

function start() {
  readAddress();
  fillFrame();
  buildControls();
  syncLayout();
  startLayout();
  const view = createView(byId('map-a'), 'a', () => state.group);
  onChange(redraw);
  syncControls();
  listedDifference = differs();
  drawFinding();
  drawProfile();
  drawRanking();
  drawInsets(view, byId('insets'));
  if (comparedGroups().length > 0) syncComparison(showWhole);
  if (state.tiles) syncTiles(view);
  drawCard();
  fitViews();
  followWindow();
  drawPlan();
  startSearch(choose);
  startButtons(view);
  startSharing();
  followList();
  rememberView(view);
  startPrinting();
  followAddress();
  writeAddress();
}

start();
