/* The list shown as CSV, with the headings, rounding and first line of the table for people, for the reader's Excel. */

import { frame } from './data.js';
import { FINEST, codeOf, groupOf, names, siteGains, values } from './model.js';
import { besideGroup, differenceLabel, differs, listedClass } from './difference.js';
import { byGain, disguiseNote, reportedPart, subtitle } from './phrases.js';
import { nearestName } from './places.js';
import { listNow } from './ranking.js';
import { fileName, saveFile } from './share.js';
import { state } from './state.js';
import { plainNumber, shown, t } from './words.js';

const NAMES = new Set(['kode', 'nama', 'kecamatan', 'kabupaten']);

/** Indonesian Excel wants semicolon and decimal comma. */
const SEPARATOR = frame.lang === 'en' ? ',' : ';';

/** Text as one cell; what a spreadsheet would take for a formula gets an apostrophe. */
function cell(text) {
  const safe = /^[=+\-@\t\r\n\0]/.test(text) ? `'${text}` : text;
  return /["\r\n]/.test(safe) || safe.includes(SEPARATOR) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A cell of the list: `no` counts its lines, `prioritas` is the rank in the province. */
function valueOf(name, group, level, at, position) {
  if (name === 'no') return String(position + 1);
  if (NAMES.has(name)) return name === 'kode' ? codeOf(level, at) : (names(level, name)[at] ?? '');
  if (name === 'tambahan_satu_lks') return plainNumber(siteGains(state.variant, state.group)[at]);
  const nearest = name === 'nama_lks_terdekat';
  const value = values(level, state.variant, group, nearest ? 'lks_terdekat' : name)[at];
  if (nearest) return value === null ? '' : nearestName(value);
  const { digits, kind } = frame.measures[name];
  return kind === 'share' ? plainNumber(value * 100, digits) : plainNumber(value, digits);
}

/** Which of the lists is shown. */
function kindOfList() {
  if (differs()) return 'beda';
  if (byGain()) return 'tambahan';
  return state.level === FINEST ? 'prioritas' : 'atas';
}

/** What the list is, from when, and under which assumptions. */
function firstLine() {
  const group = groupOf(state.group);
  const title = differs() ? differenceLabel(listedClass()) : t(`csv_judul_${kindOfList()}`, { group: shown(group.name, 80) });
  const notes = [title, subtitle(state.group), ...frame.caveats, reportedPart(state.group), disguiseNote(state.group)];
  return [...frame.stamps, ...notes].filter(Boolean).map((note) => `${note.replace(/\.$/, '')}.`).join(' ');
}

/** The columns of the list; a difference has the measures of both groups. */
function columnsNow() {
  const columns = frame.listColumns[kindOfList()];
  if (!differs()) return columns;
  const ofAreas = columns.filter(({ name }) => !(name in frame.measures) || NAMES.has(name));
  const ofGroups = columns.filter((column) => !ofAreas.includes(column));
  const both = [state.group, besideGroup()];
  return [...ofAreas, ...both.flatMap((group) => ofGroups.map(({ name, title }) => ({ name, group, title: `${title}: ${shown(groupOf(group).short, 60)}` })))];
}

/** The list as shown, whole: the unserved desa by priority, or the areas of a higher level that hold some. */
export function csvText() {
  const { level } = state;
  const columns = columnsNow().filter(({ name }) => name !== level && (name !== 'no' || level === FINEST));
  const lines = listNow().map((at, position) =>
    columns.map(({ name, group }) => cell(valueOf(name, group ?? state.group, level, at, position))).join(SEPARATOR),
  );
  const headings = columns.map(({ title }) => cell(title)).join(SEPARATOR);
  return `\ufeff${[cell(firstLine()), headings, ...lines].join('\r\n')}\r\n`;
}

export function downloadCsv() {
  saveFile(new Blob([csvText()], { type: 'text/csv;charset=utf-8' }), fileName(t('csv_nama'), 'csv'));
}
