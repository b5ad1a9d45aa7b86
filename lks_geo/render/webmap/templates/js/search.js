/* Search for areas and LKS: from two letters, `/` jumps there, arrows and Enter choose. */

import { frame, remember } from './data.js';
import { announce, byId, el } from './dom.js';
import { codeOf, names, size } from './model.js';
import { PLACES, placeColumn } from './places.js';
import { whereOf } from './phrases.js';
import { byName, shown, t } from './words.js';

const MOST = 12;
const LEAST_LETTERS = 2;
let options = [];
let active = -1;

/** Lower case without accents, apostrophes and hyphens, as people type names. */
function folded(text) {
  return text
    .slice(0, 300)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’‘`"-]/g, '')
    .toLowerCase();
}

const entries = remember(() => {
  const found = [];
  for (const level of [...frame.levels].reverse()) {
    for (let at = 0; at < size(level); at += 1) {
      const name = names(level, 'nama')[at] ?? '';
      found.push({ kind: level, at, name, key: folded(name), code: codeOf(level, at) });
    }
  }
  for (let at = 0; at < PLACES; at += 1) {
    const name = placeColumn('nama')[at] ?? '';
    found.push({ kind: 'lks', at, name, key: folded(name), code: placeColumn('id')[at] });
  }
  return found;
});

/** Entries that match, those that begin with the words first. */
export function find(text) {
  const wanted = folded(text.trim());
  if (wanted.length < LEAST_LETTERS) return [];
  const matches = entries()
    .map((entry) => ({ entry, at: entry.code === text.trim() ? 0 : entry.key.indexOf(wanted) }))
    .filter(({ at }) => at >= 0);
  matches.sort((a, b) => worth(a) - worth(b) || byName(a.entry.name.slice(0, 200), b.entry.name.slice(0, 200)));
  return matches.slice(0, MOST).map(({ entry }) => entry);
}

function worth({ entry, at }) {
  if (at === 0) return 0;
  return entry.key[at - 1] === ' ' ? 1 : 2;
}

function whereOfEntry({ kind, at }) {
  if (kind === 'lks') return t('jenis_lks');
  return `${t(`jenis_${kind}`)}, ${whereOf(kind, at)}`;
}

/** Makes the search box work; `choose(entry)` is called with what was chosen. */
export function startSearch(choose) {
  const input = byId('search');
  const list = byId('search-results');
  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    active = -1;
  };
  const take = (entry) => {
    input.value = shown(entry.name, 60);
    close();
    choose(entry);
  };
  input.addEventListener('input', () => showResults(input, list, take, close));
  input.addEventListener('focus', () => showResults(input, list, take, close));
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1, input, list);
    } else if (event.key === 'Enter' && options.length > 0 && !list.hidden) {
      take(options[Math.max(0, active)]);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (list.hidden) input.value = '';
      close();
    }
  });
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
}

function showResults(input, list, take, close) {
  if (folded(input.value.trim()).length < LEAST_LETTERS) {
    close();
    return;
  }
  options = find(input.value);
  active = -1;
  const rows = options.map((entry, number) =>
    el(
      'li',
      { role: 'option', id: `result-${number}`, 'aria-selected': 'false', onmousedown: (event) => event.preventDefault(), onclick: () => take(entry) },
      el('b', {}, shown(entry.name, 80)),
      el('span', {}, whereOfEntry(entry)),
    ),
  );
  if (rows.length === 0) {
    rows.push(el('li', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false', class: 'none' }, t('tidak_ditemukan')));
  }
  list.replaceChildren(...rows);
  list.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  announce(options.length === 0 ? t('tidak_ditemukan') : t('hasil_cari', { n: options.length }));
}

function move(step, input, list) {
  if (list.hidden || options.length === 0) return;
  active = (active + step + options.length) % options.length;
  Array.from(list.children).forEach((row, number) => row.setAttribute('aria-selected', String(number === active)));
  list.children[active].scrollIntoView({ block: 'nearest' });
  input.setAttribute('aria-activedescendant', `result-${active}`);
}
