/* Everything the page says: catalogue texts, numbers as the language writes them, and foreign text made safe to show. */

import { frame } from './data.js';
import { isKnown } from './columns.js';

const LOCALE = frame.lang === 'en' ? 'en-GB' : 'id-ID';
const formats = new Map();

/** A number with a fixed number of decimals; "–" where it is not known. */
export function number(value, digits = 0, atMost = digits) {
  if (!isKnown(value)) return '–';
  const key = `${digits} ${atMost}`;
  if (!formats.has(key)) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: atMost };
    formats.set(key, new Intl.NumberFormat(LOCALE, options));
  }
  return formats.get(key).format(value);
}

/** A number as a spreadsheet of the language reads it, without thousands separators; blank where it is not known. */
export function plainNumber(value, digits = 0) {
  if (!isKnown(value)) return '';
  return new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits, useGrouping: false }).format(value);
}

/** A share 0-1 as per cent; "–" where it is not known. A small share is never shown as 0, nor one just short as 100. */
export function percent(share, digits = 0) {
  if (!isKnown(share)) return '–';
  const sign = frame.lang === 'en' ? '%' : '\u00a0%';
  const least = 10 ** -digits / 100;
  if (share > 0.0005 && share < least / 2) return `<${number(least * 100, digits)}${sign}`;
  if (share < 1 && share >= 1 - least / 2) return `>${number(100 - least * 100, digits)}${sign}`;
  return `${number(share * 100, digits)}${sign}`;
}

export function longDate(day) {
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(LOCALE, options).format(new Date(`${day}T00:00:00Z`));
}

/** A text of the catalogue with its placeholders filled: {n} number, {km:1} decimals, {share:%1} per cent. */
export function t(key, params = {}) {
  const entry = frame.texts[key];
  const text = Array.isArray(entry) ? entry[params.n === 1 ? 1 : 0] : entry;
  return text.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, spec) => filledIn(params[name], spec));
}

function filledIn(value, spec = '') {
  if (typeof value === 'string') return value;
  if (spec === 'g') return number(value, 0, 6);
  if (spec.startsWith('%')) return percent(value, Number(spec.slice(1) || 0));
  return number(value, Number(spec || 0));
}

/** Text from outside as it may be shown: controls that could reorder the line become visible, the length is bounded. */
export function shown(text, most = 200) {
  if (text === null || text === undefined) return '';
  // eslint-disable-next-line no-control-regex -- these signs are what it takes away
  const plain = String(text).replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
  const letters = Array.from(plain.slice(0, 2 * most + 2));
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : plain;
}

const collator = new Intl.Collator(LOCALE, { numeric: true });

export function byName(one, other) {
  return collator.compare(one, other);
}
