/* A plan on the page: its sites as numbered pins, the areas they newly serve, the list of sites and their cards. */

import { frame, remember } from './data.js';
import { announce, byId, el, fill, svg } from './dom.js';
import { FINEST, UNREPORTED, UNSERVED, codeOf, findArea, inside, names, size, values } from './model.js';
import { fromLatLng } from './projection.js';
import { outlineOf } from './rings.js';
import { change, state } from './state.js';
import { number, percent, shown, t } from './words.js';

const { plan } = frame;
const SUBSTITUTES_LISTED = 12;
const PIN = 'M0 0C-3-5-9-9-9-16a9 9 0 1 1 18 0c0 7-6 11-9 16z';
const PIN_MIDDLE = 16;

/** Whether the view shows the areas as they would be with the sites. */
function withSites() {
  return plan !== null && state.variant === plan.after;
}

/** The site of an id, or undefined. */
export function findSite(id) {
  return plan?.sites.find((site) => site.id === id);
}

/** Where a site stands, or null. */
export function sitePoint(id) {
  const site = findSite(id);
  return site ? { lat: site.lat, lon: site.lon } : null;
}

/** Positions of the areas of a level that are unserved today and no longer with the sites. */
export const newlyServed = remember((level, group, kabupaten) => {
  if (plan === null) return [];
  const now = values(level, plan.before, group, 'status');
  const then = values(level, plan.after, group, 'status');
  const wanted = inside(level, kabupaten);
  return Array.from({ length: size(level) }, (_, at) => at).filter(
    (at) => wanted[at] && now[at] === UNSERVED && then[at] !== UNSERVED && then[at] !== UNREPORTED,
  );
});

/** The outline around the areas that are newly served. */
export function drawNewlyServed(view, target) {
  const d = outlineOf(state.level, newlyServed(state.level, view.group(), state.kabupaten));
  target.replaceChildren(...(d === '' ? [] : [svg('path', { class: 'newly casing', d }), svg('path', { class: 'newly', d })]));
}

function pin(label, classes) {
  return svg(
    'g',
    { class: classes },
    svg('path', { d: PIN }),
    svg('text', { y: -PIN_MIDDLE + 4, 'text-anchor': 'middle' }, label),
  );
}

/** Draws the sites; gives the boxes that they take. The first stand in front. */
export function drawSites(view, target) {
  const project = view.project();
  const spots = (plan?.sites ?? []).map((site, place) => {
    const grid = fromLatLng(site.lat, site.lon);
    return { site, place, ...project(grid.x, grid.y) };
  });
  const made = spots.map(({ site, place, x, y }) => {
    const classes = ['site'];
    if (!withSites()) classes.push('not-yet');
    if (site.id === state.place) classes.push('selected');
    const drawn = pin(number(place + 1), classes.join(' '));
    drawn.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    drawn.setAttribute('data-site', site.id);
    return drawn;
  });
  target.replaceChildren(...made.reverse());
  return spots.map(({ x, y }) => [x - 10, y - 26, x + 10, y + 1]);
}

/** Sites that stand in an area, while the view shows them as if they were there. */
export function sitesIn(code) {
  return withSites() ? plan.sites.filter((site) => site.code === code) : [];
}

/** A site in the list of LKS of an area. */
export function siteLink(site) {
  const open = () => change({ place: site.id, area: '' });
  return el('li', {}, el('button', { type: 'button', class: 'link', onclick: open }, siteTitle(site)));
}

/** What the legend says of the marks of a plan. */
export function planMarks(key) {
  if (plan === null || plan.sites.length === 0) return [];
  const icon = svg('svg', { class: 'symbol wide', viewBox: '-11 -27 22 28', 'aria-hidden': 'true' }, pin('1', withSites() ? 'site' : 'site not-yet'));
  const made = [el('span', {}, icon, t('lokasi_rencana'))];
  const count = newlyServed(state.level, key, state.kabupaten).length;
  if (count > 0) {
    const line = svg('svg', { class: 'symbol', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('rect', { x: 2, y: 2, width: 12, height: 12, class: 'newly' }));
    made.push(el('span', {}, line, t(`mulai_terjangkau_${state.level}`, { n: count })));
  }
  return made;
}

/** Two lines for the pointer over a site. */
export function siteLines(site) {
  return [el('strong', {}, siteTitle(site)), el('span', { class: 'where' }, whereOfSite(site)), el('span', {}, gainOf(site))];
}

function siteTitle(site) {
  return t('lokasi_rencana_nama', { no: number(plan.sites.indexOf(site) + 1), name: shown(site.name, 80) });
}

function whereOfSite(site) {
  const regency = shown(site.regency, 60);
  return site.district ? t('kec_kab', { district: shown(site.district, 60), regency }) : regency;
}

function groupsSaid() {
  return frame.groups.map((group) => shown(group.short, 40)).join(', ');
}

function gainOf(site) {
  if (site.gain === null) return t('cakupan_lalu', { share: site.share });
  return t('tambahan_lokasi', { n: site.gain, group: groupsSaid() });
}

/** The list of sites under the headline of the plan. */
export function drawPlan() {
  byId('plan').hidden = plan === null;
  byId('field-plan').hidden = plan === null || plan.sites.length === 0;
  if (plan === null) return;
  const open = byId('plan').querySelector('details')?.open === true;
  fill(
    byId('plan'),
    el('h2', { class: 'claim' }, shown(plan.headline, 400)),
    el('ol', { class: 'ranked' }, ...plan.sites.map((site, place) => siteRow(site, place))),
    el('details', { class: 'about', open }, el('summary', {}, t('rencana_catatan')), el('ul', {}, ...plan.notes.map((note) => el('li', {}, shown(note, 400))))),
  );
}

function siteRow(site, place) {
  return el(
    'li',
    {},
    el(
      'button',
      { type: 'button', 'data-site-row': site.id, onclick: () => change({ place: site.id, area: '' }) },
      el('span', { class: 'rank' }, number(place + 1)),
      el('span', { class: 'name' }, shown(site.name, 80)),
      el('span', { class: 'people more' }, site.gain === null ? percent(site.share, 1) : `+${number(site.gain)}`),
      el('span', { class: 'where' }, [whereOfSite(site), site.replaceable].filter(Boolean).join(' · ')),
    ),
  );
}

/** The card of a site; `zoom` shows it on the map. */
export function siteCard(site, zoom) {
  const facts = [
    [t('fakta_jenis'), site.kind],
    [t('fakta_tambahan'), site.gain === null ? null : t('orang_kelompok', { n: site.gain, group: groupsSaid() })],
    [t('fakta_seluruhnya'), site.total === null ? null : t('orang_kelompok', { n: site.total, group: groupsSaid() })],
    [t('fakta_cakupan_lalu'), percent(site.share, 1)],
    [t('fakta_pengganti'), site.replaceable],
    [t('fakta_koordinat'), `${number(site.lat, 4)}; ${number(site.lon, 4)}`],
  ];
  return [
    el('h2', { tabindex: -1 }, siteTitle(site)),
    el('p', { class: 'where' }, whereOfSite(site)),
    el('dl', { class: 'facts' }, ...facts.filter(([, value]) => value).flatMap(([term, value]) => [el('dt', {}, term), el('dd', {}, value)])),
    plan.unit === 'kecamatan' ? el('p', { class: 'note' }, t('lokasi_kecamatan')) : null,
    ...substitutesOf(site),
    el('p', { class: 'note' }, shown(plan.notes[plan.notes.length - 1], 400)),
    el('button', { type: 'button', class: 'button', onclick: zoom }, t('perbesar_lokasi')),
  ].filter(Boolean);
}

function substitutesOf(site) {
  if (site.substitutes.length === 0) return [];
  const rows = site.substitutes.slice(0, SUBSTITUTES_LISTED).map(([code, name]) => el('li', {}, substitute(code, name)));
  const more = site.substitutes.length - SUBSTITUTES_LISTED;
  return [
    el(
      'section',
      {},
      el('h3', {}, t('pengganti_judul')),
      el('ul', { class: 'links' }, ...rows),
      more > 0 ? el('p', { class: 'note' }, t('dan_lainnya', { n: more })) : null,
    ),
  ];
}

/** An area that could take the place of a site: its name opens its card, if the page has one. */
function substitute(code, name) {
  const found = findArea(code);
  if (found === null) return el('span', {}, shown(name, 80));
  const open = () => change({ area: codeOf(found.level, found.at), place: '' });
  const where = shown(names(found.level, 'kecamatan')[found.at] ?? names(found.level, 'kabupaten')[found.at], 60);
  return el('span', {}, el('button', { type: 'button', class: 'link', 'data-code': code, onclick: open }, shown(name, 80)), found.level === FINEST ? `, ${where}` : '');
}

/** The switch between today and the plan, as radio buttons (`radios` makes them). */
export function planChoices() {
  return plan === null ? [] : [plan.before, plan.after].map((key) => ({ key, label: t(`peta_${key}`) }));
}

/** Changes to today or to the plan, and says what changed. */
export function showVariant(key) {
  change({ variant: key });
  const n = newlyServed(state.level, state.group, state.kabupaten).length;
  announce(`${t(`peta_${key}`)}. ${key === plan.after ? t(`mulai_terjangkau_${state.level}`, { n }) : ''}`);
}
