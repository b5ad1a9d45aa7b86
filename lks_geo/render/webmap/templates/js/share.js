/*
 * What leaves the page: the map as a picture with title, legend, sources and assumptions, and a sentence to paste into a
 * message. The picture is one SVG made of what is drawn, with our own style sheet in it, turned into PNG by the browser.
 */

import { frame } from './data.js';
import { announce, byId, el, svg } from './dom.js';
import { differs } from './difference.js';
import { findingNow } from './finding.js';
import { widthOf } from './labels.js';
import { allViews } from './mapview.js';
import { disguiseNote, reportedPart, subtitle } from './phrases.js';
import { ALL_GROUPS, state, variantParts, writeAddress } from './state.js';
import { longDate, shown, t } from './words.js';

const EDGE_PX = 22;
const COLUMN_LEAST = 460;
const SHARPNESS = 2;
const SWATCH = 34;

/** The finding as one sentence with its assumptions, for a message. */
export function sentenceText() {
  const { found, people, message } = findingNow();
  const claim = found.areas === 0 ? [] : [message];
  const notes = [subtitle(state.group), ...frame.caveats, reportedPart(state.group), disguiseNote(state.group), ...frame.stamps];
  return [...claim, people.filter(Boolean).join(' '), ...notes].filter(Boolean).map((one) => (/[.!?]$/.test(one) ? one : `${one}.`)).join(' ');
}

/** Puts text into the clipboard, also where only the old way is allowed. */
export async function copyText(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = el('textarea', { class: 'off-screen' });
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand('copy');
    box.remove();
  }
  toast(said);
}

let hiding = 0;

/** A word at the foot of the window that goes by itself. */
export function toast(text) {
  const note = byId('copy-note');
  note.textContent = text;
  note.hidden = false;
  announce(text);
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    note.hidden = true;
  }, 6000);
}

/** Saves text or a picture as a file. */
export function saveFile(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** The name of a file about the view: what it is, group, level, kabupaten, stamps. */
export function fileName(what, ending) {
  const words = (text) => text.toLowerCase().replace(/\W+/g, '-');
  const { km } = variantParts(state.variant);
  const parts = [what, state.group, state.level];
  if (differs()) parts.push(words(t('beda_nama', { group: state.other })));
  else if (state.other) parts.push(words(t('banding_nama', { group: state.other === ALL_GROUPS ? t('titik_semua') : state.other })));
  if (km !== '') parts.push(`${km}km`);
  if (frame.plan) parts.push(words(t(`peta_${state.variant}`)));
  if (state.kabupaten) parts.push(state.kabupaten);
  return `${[...parts, ...frame.stamps.map(words)].join('-')}.${ending}`;
}

/** Saves what is seen as PNG. */
export async function savePicture() {
  const { root, width, height } = wholePicture();
  // The policy of the page lets no style into it; the picture is a document of its own, so that they are added as text.
  const drawn = new XMLSerializer().serializeToString(root).replace(/ data-style=/g, ' style=');
  const sheet = document.querySelector('style').textContent.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const text = drawn.replace('>', `><style>${sheet}</style>`);
  const picture = new Image();
  picture.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml;charset=utf-8' }));
  try {
    await picture.decode();
    const canvas = el('canvas', { width: width * SHARPNESS, height: height * SHARPNESS });
    const pen = canvas.getContext('2d');
    pen.scale(SHARPNESS, SHARPNESS);
    pen.drawImage(picture, 0, 0, width, height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    saveFile(blob, fileName(t('png_nama'), 'png'));
    toast(t('png_dibuat'));
  } catch {
    toast(t('png_gagal'));
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}

function wholePicture() {
  const parts = [];
  const bottoms = [];
  let x = 0;
  for (const view of allViews()) {
    const width = Math.max(COLUMN_LEAST, view.map.getSize().x);
    bottoms.push(column(parts, view, x, width));
    x += width;
  }
  const width = x;
  let y = Math.max(...bottoms) + 8;
  y = lines(parts, sourceLines(), EDGE_PX, y, width - 2 * EDGE_PX, 'small');
  const height = Math.ceil(y + EDGE_PX - 8);
  const paper = svg('rect', { width, height, fill: '#fff' });
  return { root: svg('svg', { xmlns: 'http://www.w3.org/2000/svg', class: 'picture', width, height, viewBox: `0 0 ${width} ${height}` }, paper, ...parts), width, height };
}

/** Title, map and legend of one view from `x`; gives where they end. */
function column(parts, view, x, width) {
  const room = width - 2 * EDGE_PX;
  const [heading, note] = view.title.children;
  let y = lines(parts, [heading.textContent], x + EDGE_PX, EDGE_PX, room, 'title');
  y = lines(parts, [note.textContent], x + EDGE_PX, y, room, 'note');
  if (view === allViews()[0]) {
    const { found, message } = findingNow();
    if (found.areas > 0) y = lines(parts, [message], x + EDGE_PX, y + 2, room, 'finding');
  }
  y += 10;
  parts.push(mapPart(view, x + Math.max(0, (width - view.map.getSize().x) / 2), y));
  return legendPart(parts, view, x + EDGE_PX, y + view.map.getSize().y + 14, room);
}

/** What is drawn of a map, cut to its frame, with its scale. */
function mapPart(view, x, y) {
  const { x: width, y: height } = view.map.getSize();
  const container = view.map.getContainer();
  const outer = container.getBoundingClientRect();
  const drawn = Array.from(container.querySelectorAll('canvas.ground, svg.ground, svg.marks'), (layer) => layerPart(layer, outer));
  const bar = container.querySelector('.leaflet-control-scale-line');
  const scale = bar ? [svg('path', { class: 'scale-line', d: `M12 ${height - 18}v6h${bar.offsetWidth}v-6` }), svg('text', { x: 16, y: height - 17, class: 'text-small' }, bar.textContent)] : [];
  return svg('svg', { x, y, width, height, viewBox: `0 0 ${width} ${height}`, overflow: 'hidden' },
    svg('rect', { width, height, class: 'sea-fill' }), svg('g', { class: view.root.className.replace('with-tiles', '') }, ...drawn), ...scale);
}

function layerPart(layer, outer) {
  const box = layer.getBoundingClientRect();
  const place = { x: box.left - outer.left, y: box.top - outer.top, width: box.width, height: box.height };
  if (layer instanceof HTMLCanvasElement) return svg('image', { ...place, href: layer.toDataURL() });
  const copy = layer.cloneNode(true);
  for (const group of copy.querySelectorAll('.off')) group.remove();
  const style = Array.from(layer.style).filter((name) => name.startsWith('--')).map((name) => `${name}:${layer.style.getPropertyValue(name)}`).join(';');
  copy.removeAttribute('style');
  for (const [name, value] of Object.entries({ ...place, 'data-style': style })) copy.setAttribute(name, value);
  return copy;
}

/** The legend as it stands beside the map; gives where it ends. */
function legendPart(parts, view, x, y, room) {
  const across = room >= 640 ? 3 : 2;
  const wide = room / across;
  const rows = Array.from(view.legend.querySelectorAll('.legend-row'));
  let below = lines(parts, [view.legend.querySelector('h3').textContent], x, y, room, 'finding') + 2;
  const tall = 38;
  rows.forEach((row, number) => {
    const [left, top] = [x + wide * Math.floor(number / Math.ceil(rows.length / across)), below + tall * (number % Math.ceil(rows.length / across))];
    parts.push(placed(row.querySelector('.swatch'), left, top + 2, 26, 18));
    parts.push(svg('text', { x: left + SWATCH, y: top + 12, class: 'text-label' }, `${row.querySelector('.label').textContent}: ${row.querySelector('.count').textContent}`));
    parts.push(svg('text', { x: left + SWATCH, y: top + 27, class: 'text-small' }, row.querySelector('small').textContent));
  });
  below += tall * Math.ceil(rows.length / across);
  let right = x;
  for (const mark of view.legend.querySelectorAll('.legend-marks > span')) {
    const text = Array.from(mark.childNodes).filter((node) => !(node instanceof SVGElement)).map((node) => node.textContent).join(' ');
    const length = 30 + widthOf(text, view.fontSmall) * 1.12;
    if (right > x && right + length > x + room) {
      right = x;
      below += 20;
    }
    const icon = mark.querySelector('svg');
    if (icon) parts.push(placed(icon, right, below, 16, 16));
    parts.push(svg('text', { x: right + 22, y: below + 12, class: 'text-small' }, text));
    right += length + 14;
  }
  return below + (right > x ? 24 : 4);
}

function placed(picture, x, y, width, height) {
  const copy = picture.cloneNode(true);
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, value);
  return copy;
}

function sourceLines() {
  const note = disguiseNote(state.group);
  return [
    [...frame.stamps, ...frame.caveats, reportedPart(state.group), note].filter(Boolean).join(' · '),
    `${t('cetak_sumber')} ${frame.sources.map((line) => shown(line, 200)).join('; ')}`,
    t('dicetak', { day: longDate(frame.day) }),
  ];
}

const SIZES = { title: [22, 700, 28], finding: [14.5, 700, 20], note: [13, 400, 18], small: [11, 400, 15] };

/** Adds text in lines that fit; gives where they end. */
function lines(parts, texts, x, y, room, kind) {
  const [size, weight, step] = SIZES[kind];
  const font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  let below = y;
  for (const text of texts) {
    let line = '';
    const put = () => {
      parts.push(svg('text', { x, y: below + size, class: `text-${kind}` }, line));
      below += step;
    };
    for (const word of text.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && widthOf(longer, font) > room) {
        put();
        line = word;
      } else line = longer;
    }
    if (line !== '') put();
  }
  return below;
}

/** Buttons of the page that hand something on. A link to a file on this computer leads nowhere on another. */
export function startSharing() {
  byId('copy').hidden = window.location.protocol === 'file:';
  byId('copy').addEventListener('click', () => {
    writeAddress();
    copyText(window.location.href, t('tautan_disalin'));
  });
  byId('png').addEventListener('click', savePicture);
  byId('panel').addEventListener('click', (event) => {
    if (event.target.closest('#copy-sentence')) copyText(sentenceText(), t('kalimat_disalin'));
  });
}
