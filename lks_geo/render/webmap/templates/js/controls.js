/* The controls on the left: group, level, measure, kabupaten, which LKS count, points, other views, comparison. */

import { frame } from './data.js';
import { byId, el } from './dom.js';
import { symbolIcon } from './symbols.js';
import { FINEST, UNREPORTED, UNSERVED, groupOf, inside, names, size, values } from './model.js';
import { planChoices, showVariant } from './plan.js';
import { besideGroup, differs } from './difference.js';
import { ALL_GROUPS, DIFFERENCE, ORDERS, change, isVariant, state, variantKey, variantParts } from './state.js';
import { byGain, countedNow, disguiseNote, totalsOf } from './phrases.js';
import { byName, number, shown, t } from './words.js';

/** One choice of several, as native radio buttons. */
function radios(name, choices, value, choose) {
  return choices.map(({ key, label, icon, note }) => {
    const input = el('input', { type: 'radio', name, value: key, checked: key === value, onchange: () => choose(key) });
    return el('label', { class: 'choice' }, input, icon ?? null, el('span', {}, label), note ?? null);
  });
}

function check(id, label, checked, choose) {
  const input = el('input', { type: 'checkbox', id, checked, onchange: (event) => choose(event.target.checked) });
  return el('label', { class: 'choice' }, input, el('span', {}, label));
}

/** Fills the controls once; `syncControls` then follows the state. */
export function buildControls() {
  const groups = frame.groups.map((group) => ({
    key: group.key,
    label: shown(group.name, 60),
    icon: symbolIcon(group),
    note: el('span', { class: 'count', 'data-unserved': group.key }),
  }));
  byId('choose-group').append(...radios('group', groups, state.group, chooseGroup));
  const levels = frame.levels.map((level) => ({ key: level, label: t(`tingkat_${level}`) }));
  byId('choose-level').append(...radios('level', levels, state.level, (key) => change({ level: key, only: '' })));
  const maps = frame.maps.map((map) => ({ key: map.key, label: map.title }));
  byId('choose-map').append(...radios('map', maps, state.map, chooseMap));
  const points = ['kelompok', 'semua', 'tanpa'].map((key) => ({ key, label: t(`titik_${key}`) }));
  byId('choose-points').append(...radios('points', points, state.points, (key) => change({ points: key })));
  byId('choose-plan').append(...radios('plan', planChoices(), state.variant, showVariant));
  const orders = ORDERS.map((key) => ({ key, label: t(`urutan_${key}`) }));
  byId('choose-order').append(...radios('order', orders, state.order, (key) => change({ order: key })));
  byId('choose-reach').classList.toggle('own', frame.reaches.length > 0 && frame.reaches[0].label === t('jangkauan_pengaturan'));
  byId('field-reach').hidden = frame.reaches.length < 2;
  byId('choose-reach').append(...radios('reach', frame.reaches, '', (km) => change({ variant: variantKey(variantParts(state.variant).filters, km) })));
  buildKabupaten();
  buildFilters();
  byId('choose-other').append(
    check('rings', t('lingkaran_jangkauan'), state.rings, (on) => change({ rings: on })),
    check('discs', t('nomor_prioritas'), state.discs, (on) => change({ discs: on })),
    check('circles', t('lingkaran'), state.circles, (on) => change({ circles: on })),
    check('tiles', t('peta_dasar'), state.tiles, (on) => change({ tiles: on })),
  );
  const compare = byId('compare');
  const several = frame.groups.length > 2 ? [el('option', { value: ALL_GROUPS }, t('banding_semua'))] : [];
  compare.append(el('option', { value: '' }, t('banding_tidak')), ...several, ...frame.groups.map((group) => el('option', { value: group.key }, shown(group.name, 60))));
  compare.addEventListener('change', () => chooseOther(compare.value));
}

/** The group in view; where it is the one compared with, both change places. */
function chooseGroup(key) {
  const other = state.other !== key ? state.other : differs() ? state.group : '';
  change({ group: key, only: '', other });
}

/** The measure; the difference of two groups needs a second one, which another measure leaves behind. */
function chooseMap(key) {
  const two = key === DIFFERENCE ? { other: besideGroup() } : differs() ? { other: '' } : {};
  change({ map: key, only: '', ...two });
}

/** The group compared with; a difference is one of exactly two. */
function chooseOther(key) {
  const two = key !== '' && key !== ALL_GROUPS;
  change(differs() ? { other: key, only: '', map: two ? DIFFERENCE : frame.maps[0].key } : { other: key });
}

function buildKabupaten() {
  const select = byId('kabupaten');
  const known = frame.levels.includes('kabupaten') && size('kabupaten') > 1;
  byId('field-kabupaten').hidden = !known;
  if (!known) return;
  const codes = names('kabupaten', 'kode');
  const status = values('kabupaten', frame.start.variant, frame.start.group, 'status');
  const rows = names('kabupaten', 'nama').map((name, at) => ({
    name: shown(name, 60) + (status[at] === UNREPORTED ? ` (${frame.unreportedClass.label.toLowerCase()})` : ''),
    code: codes[at],
  }));
  rows.sort((a, b) => byName(a.name, b.name));
  select.append(el('option', { value: '' }, t('seluruh', { region: shown(frame.region, 60) })));
  select.append(...rows.map(({ name, code }) => el('option', { value: code }, name)));
  select.addEventListener('change', () => change({ kabupaten: select.value, only: '' }));
}

/** Switches for active and accredited, as far as the page holds those variants. */
function buildFilters() {
  if (frame.plan !== null) return;
  const variants = Object.keys(frame.variants);
  const has = (position) => new Set(variants.map((key) => key[position])).size > 1;
  const flip = (position, on) => {
    const wanted = [...state.variant];
    wanted[position] = on ? '1' : '0';
    const key = wanted.join('');
    if (isVariant(key)) change({ variant: key });
    else syncControls();
  };
  const made = [];
  if (has(0)) made.push(check('active', t('hanya_aktif'), false, (on) => flip(0, on)));
  if (has(1)) made.push(check('accredited', t('hanya_terakreditasi'), false, (on) => flip(1, on)));
  byId('choose-counted').append(...made);
}

/** Brings every control in line with the state. */
export function syncControls() {
  for (const [name, value] of [['group', state.group], ['level', state.level], ['map', state.map], ['points', state.points], ['plan', state.variant], ['reach', variantParts(state.variant).km], ['order', state.order]]) {
    for (const input of document.querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === value;
  }
  for (const name of ['rings', 'discs', 'circles', 'tiles']) byId(name).checked = state[name];
  for (const [id, position] of [['active', 0], ['accredited', 1]]) {
    if (byId(id)) byId(id).checked = state.variant[position] === '1';
  }
  byId('rings').closest('label').hidden = frame.byRoad;
  byId('kabupaten').value = state.kabupaten;
  byId('compare').value = state.other;
  for (const option of byId('compare').options) option.disabled = option.value === state.group;
  byId('unserved-head').textContent = t(`belum_${state.level}`);
  for (const group of frame.groups) document.querySelector(`[data-unserved="${group.key}"]`).textContent = unserved(group.key);
  byId('counted-note').textContent = countedNote();
  byId('level-note').hidden = state.level === FINEST;
  byId('discs').disabled = state.level !== FINEST || byGain();
  byId('circles-note').hidden = !state.circles;
  byId('tiles-note').hidden = !state.tiles;
}

/** How many areas are unserved; a dash where nothing in view is reported. */
function unserved(group) {
  const status = values(state.level, state.variant, group, 'status');
  const wanted = inside(state.level, state.kabupaten);
  if (status.every((key, at) => !wanted[at] || key === UNREPORTED)) return '–';
  const found = status.reduce((count, key, at) => count + Number(wanted[at] && key === UNSERVED), 0);
  return number(found);
}

function countedNote() {
  const group = groupOf(state.group);
  const { filters } = countedNow();
  const { counted, tanpa_titik: pointless, approximate } = totalsOf(group.key);
  const said = { n: counted, all: totalsOf().used, filters: filters.join('; '), group: shown(group.short, 60) };
  const notes = [t('dihitung', said)];
  if (pointless > 0) notes.push(t('dihitung_tanpa_titik', { n: pointless }));
  if (approximate > 0) notes.push(t('dihitung_perkiraan', { n: approximate }));
  const disguised = disguiseNote(group.key);
  if (disguised) notes.push(`${disguised}.`);
  return notes.join(' ');
}
