/* The shown table as CSV: the same columns and numbers as cakupan.csv, for the Excel of the reader's language. */

import { frame } from './data.js';
import { codeOf, inside, names, size, values } from './model.js';
import { state } from './state.js';

const KEYS = new Set(['level', 'kode', 'kode_bps', 'nama', 'kecamatan', 'kabupaten', 'kelompok']);

/** Indonesian Excel wants semicolon and decimal comma. */
const STYLE = frame.lang === 'en' ? { separator: ',', decimal: '.' } : { separator: ';', decimal: ',' };

function cell(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'number') return String(value).replace('.', STYLE.decimal);
  if (typeof value === 'boolean') return String(value);
  const text = /^[=+\-@\t\r\n\0]/.test(value) ? `'${value}` : value;
  return /["\r\n]/.test(text) || text.includes(STYLE.separator) ? `"${text.replace(/"/g, '""')}"` : text;
}

function keyOf(name, level, at, group) {
  if (name === 'level') return level;
  if (name === 'kelompok') return group;
  if (name === 'kode') return codeOf(level, at);
  return names(level, name)[at];
}

/** Lines of the table at the level, group and kabupaten shown. */
export function csvText() {
  const { level, variant, group } = state;
  const wanted = inside(level, state.kabupaten);
  const columns = frame.columns.map((name) => [name, KEYS.has(name) ? null : values(level, variant, group, name)]);
  const lines = [frame.columns.map(cell).join(STYLE.separator)];
  for (let at = 0; at < size(level); at += 1) {
    if (!wanted[at]) continue;
    lines.push(columns.map(([name, column]) => cell(column ? column[at] : keyOf(name, level, at, group))).join(STYLE.separator));
  }
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

export function csvName() {
  const parts = ['cakupan', state.group, state.level];
  if (state.kabupaten) parts.push(state.kabupaten);
  if (frame.stamps.length > 0) parts.push(...frame.stamps.map((stamp) => stamp.toLowerCase().replace(/\W+/g, '-')));
  return `${parts.join('-')}.csv`;
}

export function downloadCsv() {
  const address = URL.createObjectURL(new Blob([csvText()], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = csvName();
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
