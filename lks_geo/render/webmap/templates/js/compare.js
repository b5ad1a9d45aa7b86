/* The page of a comparison: difference, or before beside now; what changed, for whom, by which cause. */

import { el, fill, svg } from './dom.js';

const content = JSON.parse(document.getElementById('content').textContent);
const { texts, areas, groups, kinds } = content;
const locale = content.lang === 'en' ? 'en-GB' : 'id-ID';
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const state = { group: groups[content.start], beside: false, box: [...content.box], chosen: -1, kind: '' };
const drawn = [];
const told = el('p', { class: 'told', 'aria-live': 'polite' });
const panel = el('aside', { class: 'panel', 'aria-label': texts.what_changed });
const pair = el('div', { class: 'pair' });

/** One map: the land, every area in its colour, the borders of the kabupaten. */
function figure(caption, kind) {
  const paths = areas.map((area, at) => {
    const path = svg('path', { class: 'area', d: area.d, 'data-at': at });
    path.style.fill = colour(kind, at);
    return path;
  });
  const sheet = svg(
    'svg',
    { role: 'img', 'aria-label': caption, tabindex: '0', onkeydown: steer, onwheel: wheel, onpointerdown: grab },
    svg('path', { class: 'land', d: content.land }),
    ...paths,
    svg('path', { class: 'outline', d: content.outline }),
  );
  sheet.addEventListener('pointermove', (event) => tell(event.target.getAttribute('data-at')));
  sheet.addEventListener('click', (event) => choose(event.target.getAttribute('data-at')));
  drawn.push({ sheet, paths });
  return el('figure', {}, el('figcaption', {}, caption), sheet);
}

function colour(kind, at) {
  const found = kinds[kind][state.group[kind][at]];
  return found ? found.colour : '#fff';
}

function draw() {
  drawn.length = 0;
  const maps = state.beside
    ? [figure(texts.before, 'before'), figure(texts.now, 'now')]
    : [figure(texts.difference, 'change')];
  fill(pair, ...maps, zooms());
  pair.style.setProperty('--shape', String((maps.length * content.box[2]) / content.box[3]));
  frame();
  mark();
}

function zooms() {
  const button = (label, title, act) => el('button', { type: 'button', title, 'aria-label': title, onclick: act }, label);
  return el(
    'div',
    { class: 'zoom' },
    button('+', texts.zoom_in, () => zoom(0.6)),
    button('−', texts.zoom_out, () => zoom(1 / 0.6)),
    button('⌂', texts.zoom_all, () => home()),
  );
}

/** All maps show the same box. */
function frame() {
  for (const { sheet } of drawn) sheet.setAttribute('viewBox', state.box.join(' '));
}

function home() {
  state.box = [...content.box];
  frame();
}

function zoom(factor) {
  const [x, y, width, height] = state.box;
  const times = Math.min(Math.max(factor, content.box[2] / 60 / width), (1.5 * content.box[2]) / width);
  state.box = [x + (width * (1 - times)) / 2, y + (height * (1 - times)) / 2, width * times, height * times];
  frame();
}

function shift(dx, dy) {
  state.box[0] += dx;
  state.box[1] += dy;
  frame();
}

function steer(event) {
  const step = state.box[2] / 10;
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  if (event.key in moves) shift(...moves[event.key]);
  else if (event.key === '+' || event.key === '=') zoom(0.6);
  else if (event.key === '-') zoom(1 / 0.6);
  else if (event.key === '0') home();
  else return;
  event.preventDefault();
}

function wheel(event) {
  event.preventDefault();
  zoom(event.deltaY < 0 ? 0.8 : 1.25);
}

function grab(event) {
  const sheet = event.currentTarget;
  const scale = Math.max(state.box[2] / sheet.clientWidth, state.box[3] / sheet.clientHeight);
  let from = [event.clientX, event.clientY];
  const move = (next) => {
    shift((from[0] - next.clientX) * scale, (from[1] - next.clientY) * scale);
    from = [next.clientX, next.clientY];
  };
  const end = () => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', end);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', end);
}

/** What became of an area, in one line. */
function tell(place) {
  if (place === null) return;
  const at = Number(place);
  const { before, now, change, numbers, unit } = state.group;
  const [was, is] = numbers[at] ? numbers[at].map((value) => (value === null ? '–' : whole.format(value))) : ['–', '–'];
  const label = (kind, which) => (kinds[kind][which] ? kinds[kind][which].label : '–');
  const parts = [
    `${areas[at].name}, ${areas[at].where}`,
    label('change', change[at]),
    `${label('before', before[at])} → ${label('now', now[at])}`,
    `${texts.reached}: ${was} → ${is} ${unit}`,
  ];
  told.textContent = parts.join(' · ');
}

function choose(place) {
  if (place === null) return;
  state.chosen = Number(place);
  tell(place);
  mark();
}

function mark() {
  for (const { paths } of drawn) {
    paths.forEach((path, at) => path.classList.toggle('chosen', at === state.chosen));
    if (state.chosen >= 0) paths[state.chosen].parentNode.insertBefore(paths[state.chosen], paths[0].parentNode.lastChild);
  }
}

function goTo(at) {
  const [x, y] = areas[at].middle;
  const [width, height] = [content.box[2] / 5, content.box[3] / 5];
  state.box = [x - width / 2, y - height / 2, width, height];
  frame();
  choose(String(at));
}

function legend(kind) {
  const counts = kinds[kind].map(() => 0);
  for (const which of state.group[kind]) if (which >= 0) counts[which] += 1;
  const rows = kinds[kind].map((found, which) => {
    const swatch = el('span', { class: 'swatch' });
    swatch.style.background = found.colour;
    return counts[which] ? el('li', { class: 'legend-row' }, swatch, found.label, el('span', { class: 'count' }, whole.format(counts[which]))) : null;
  });
  return el('ul', { class: 'legend' }, ...rows);
}

function causes() {
  const { heads, rows } = state.group.causes;
  return el(
    'div',
    { class: 'scroll', tabindex: '0' },
    el(
      'table',
      { class: 'causes' },
      el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
      el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell, at) => el('td', { 'data-head': heads[at] }, cell))))),
    ),
  );
}

function changedAreas() {
  const rows = state.group.most.map((at) => {
    const [was, is] = state.group.numbers[at];
    const words = `${areas[at].name}, ${areas[at].where}: ${whole.format(was)} → ${whole.format(is)} ${state.group.unit} (${signed.format(is - was)})`;
    return el('li', {}, el('button', { type: 'button', onclick: () => goTo(at) }, words));
  });
  return el('ul', { class: 'list' }, ...rows);
}

function changes() {
  const shown = content.changes.filter((row) => !state.kind || row.kinds.includes(state.kind));
  const rows = shown.map((row) =>
    el(
      'li',
      {},
      el('span', { class: 'kind' }, row.kinds.join(', ')),
      ` ${row.name} `,
      el('span', { class: 'soft' }, [row.where, row.why].filter(Boolean).join(' · ')),
    ),
  );
  return el('ul', { class: 'list', id: 'changes' }, ...rows);
}

function filter() {
  const all = [...new Set(content.changes.flatMap((row) => row.kinds))];
  const options = ['', ...all].map((kind) => el('option', { value: kind }, kind || texts.all_kinds));
  const box = el('select', { 'aria-label': texts.kind_filter }, ...options);
  box.value = state.kind;
  box.addEventListener('change', () => {
    state.kind = box.value;
    document.getElementById('changes').replaceWith(changes());
  });
  return content.changes.length ? box : null;
}

function say() {
  const maps = state.beside ? ['before', 'now'] : ['change'];
  fill(
    panel,
    el('p', { class: 'finding' }, state.group.headline),
    state.group.people ? el('p', {}, state.group.people) : null,
    ...maps.flatMap((kind) => [el('h2', {}, `${texts[kind] || texts.difference} (${content.levelName})`), legend(kind)]),
    el('h2', {}, texts.by_cause),
    causes(),
    state.group.most.length ? el('h2', {}, texts.most_changed) : null,
    changedAreas(),
    el('h2', {}, texts.what_changed),
    el('p', {}, content.counts),
    filter(),
    changes(),
    el('h2', {}, texts.notes),
    ...content.notes.map((note) => el('p', { class: 'soft' }, note)),
  );
}

function choice(label, options, chosen, act) {
  const buttons = options.map(([name, value]) => {
    const button = el('button', { type: 'button', 'aria-pressed': String(value === chosen) }, name);
    button.addEventListener('click', () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      act(value);
      draw();
      say();
    });
    return button;
  });
  return el('fieldset', {}, el('legend', {}, label), ...buttons);
}

fill(
  document.getElementById('head'),
  el('h1', {}, content.title),
  el('p', { class: 'compared' }, content.compared),
  ...content.stamps.map((stamp) => el('span', { class: 'stamp' }, stamp)),
  choice(texts.group, groups.map((group) => [group.name, group]), state.group, (group) => {
    state.group = group;
  }),
  choice(texts.view, [[texts.difference, false], [texts.side_by_side, true]], state.beside, (beside) => {
    state.beside = beside;
  }),
);
fill(document.getElementById('page'), el('section', { class: 'maps' }, pair, told), panel);
told.textContent = texts.hint;
draw();
say();
