/* The pointer over a map: outline and small card of what lies under it; a click opens the large card. */

import { el } from './dom.js';
import { FINEST, UNREPORTED, codeOf, groupOf, names, values } from './model.js';
import { classKeys } from './classes.js';
import { besideGroup, differs } from './difference.js';
import { knownPartOf, statusLine, targetOf, whereOf } from './phrases.js';
import { placeColumn } from './places.js';
import { findSite, siteLines } from './plan.js';
import { change, state } from './state.js';
import { number, percent, shown, t } from './words.js';

/** Makes a map answer to the pointer; `outline()` draws the outline of `view.hovered`. */
export function listen(view, outline) {
  view.map.on('mousemove', (event) => hover(view, event, outline));
  view.map.on('mouseout', () => leave(view, outline));
  view.map.on('movestart', () => leave(view, outline));
  view.map.on('click', (event) => click(view, event));
}

function placeAt(event) {
  const mark = event.originalEvent.target.closest?.('[data-place]');
  return mark ? Number(mark.dataset.place) : -1;
}

function siteAt(event) {
  const mark = event.originalEvent.target.closest?.('[data-site]');
  return mark ? findSite(mark.dataset.site) : undefined;
}

function areaAt(view, event) {
  const disc = event.originalEvent.target.closest?.('.disc');
  return disc ? Number(disc.dataset.area) : view.ground.areaAt(event);
}

function click(view, event) {
  const site = siteAt(event);
  if (site) {
    change({ place: site.id, area: '' });
    return;
  }
  const place = placeAt(event);
  if (place >= 0) {
    change({ place: placeColumn('id')[place], area: '' });
    return;
  }
  const at = areaAt(view, event);
  if (at >= 0) change({ area: codeOf(state.level, at), place: '' });
}

function leave(view, outline) {
  if (view.hovered >= 0) {
    view.hovered = -1;
    outline();
  }
  view.tip.hidden = true;
}

function hover(view, event, outline) {
  const site = siteAt(event);
  const place = placeAt(event);
  const at = site || place >= 0 ? -1 : areaAt(view, event);
  if (at !== view.hovered) {
    view.hovered = at;
    outline();
  }
  view.tip.hidden = at < 0 && place < 0 && !site;
  if (view.tip.hidden) return;
  const key = site ? site.id : place >= 0 ? `lks ${place}` : `area ${at}`;
  const shownFor = [key, state.map, state.variant, state.other, view.group()].join();
  if (view.tip.dataset.key !== shownFor) {
    view.tip.dataset.key = shownFor;
    view.tip.replaceChildren(...(site ? siteLines(site) : place >= 0 ? placeLines(place) : areaLines(view, at)));
  }
  const { x, y } = event.containerPoint;
  const { x: width, y: height } = view.map.getSize();
  const left = x + 18 + view.tip.offsetWidth > width ? x - view.tip.offsetWidth - 14 : x + 18;
  const top = Math.min(y + 14, height - view.tip.offsetHeight - 8);
  view.tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
}

function placeLines(at) {
  return [
    el('strong', {}, shown(placeColumn('nama')[at], 80)),
    el('span', { class: 'where' }, t(`lokasi_${placeColumn('lokasi')[at]}`)),
  ];
}

/** "Anak: Belum terlayani". */
function statusOf(group, level, at) {
  return el('span', { class: 'of-group' }, `${shown(groupOf(group).name, 40)}: `, statusLine(classKeys(level, state.variant, group, 'status')[at]));
}

function areaLines(view, at) {
  const key = view.group();
  const level = state.level;
  const column = (name) => values(level, state.variant, key, name)[at];
  const keys = classKeys(level, state.variant, key, 'status');
  const group = groupOf(key);
  const known = knownPartOf(level, at, key);
  const rows = [[shown(group.name, 40), targetOf(level, at, key)]];
  if (keys[at] !== UNREPORTED) {
    rows.push([t('bagian_terjangkau'), percent(column('cakupan'), 0) + known]);
    rows.push([t('lks_terdekat'), `${number(column('jarak_km'), 1)} km`]);
  }
  if (level !== FINEST && keys[at] !== UNREPORTED) {
    rows.push([t('desa_belum'), t('dari', { n: column('desa_belum_terlayani'), all: column('jumlah_desa') })]);
  }
  return [
    el('strong', {}, shown(names(level, 'nama')[at], 80)),
    el('span', { class: 'where' }, whereOf(level, at)),
    ...(differs() ? [key, besideGroup()].map((one) => statusOf(one, level, at)) : [statusLine(keys[at])]),
    el('dl', {}, ...rows.flatMap(([term, value]) => [el('dt', {}, term), el('dd', {}, value)])),
  ];
}
