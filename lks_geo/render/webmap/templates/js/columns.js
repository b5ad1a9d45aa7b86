/*
 * Reads the columns that packed_columns.py writes: every number comes back to the last bit.
 * NA is NaN in columns of numbers and null in all others; it is never 0.
 */

/** What a column is where nothing else is said. The same rules as in packed_columns.py. */
const RULES = {
  terjangkau: (row) => row.sasaran * row.pangsa_terjangkau,
  belum_terjangkau: (row) => row.sasaran - row.terjangkau,
  cakupan: (row) => (Number.isNaN(row.sasaran) ? row.pangsa_terjangkau : ratio(row.terjangkau, row.sasaran)),
  cakupan_terendah: (row) => row.cakupan,
  rasio_lks_per_1000: (row) => ratio(row.jumlah_lks * 1000, row.sasaran),
  rasio_kapasitas_per_1000: (row) => ratio(row.kapasitas * 1000, row.sasaran),
  desa_belum_terlayani: (row) => Number(row.status === 'belum_terlayani'),
};

const RULE_INPUTS = {
  terjangkau: ['sasaran', 'pangsa_terjangkau'],
  belum_terjangkau: ['sasaran', 'terjangkau'],
  cakupan: ['sasaran', 'pangsa_terjangkau', 'terjangkau'],
  cakupan_terendah: ['cakupan'],
  rasio_lks_per_1000: ['jumlah_lks', 'sasaran'],
  rasio_kapasitas_per_1000: ['kapasitas', 'sasaran'],
  desa_belum_terlayani: ['status'],
};

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function ratio(part, whole) {
  return whole > 0 ? part / whole : NaN;
}

export function isKnown(value) {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

/** One column as an array; texts and flags with null, numbers as written (see `decodeNumbers`). */
export function decodeColumn(form, size) {
  if (form === null || form === undefined) return new Array(size).fill(null);
  if (Array.isArray(form)) return form;
  if ('all' in form) return new Array(size).fill(form.all);
  if ('words' in form) return form.at.map((number) => (number < 0 ? null : form.words[number]));
  if ('f64' in form && !('most' in form)) return doubles(form.f64);
  const values = new Array(size).fill(form.most);
  patch(values, 'f64' in form ? { at: form.at, are: doubles(form.f64) } : form);
  return values;
}

/** One column as Float64Array. `other(name)` gives the columns that its rule needs. */
export function decodeNumbers(form, size, name, other) {
  if (form && form.rule) {
    const inputs = RULE_INPUTS[name].map((input) => [input, other(input)]);
    const values = new Float64Array(size);
    const row = {};
    for (let i = 0; i < size; i += 1) {
      for (const [input, column] of inputs) row[input] = column[i];
      values[i] = RULES[name](row);
    }
    if (form.at) patch(values, { at: form.at, are: form.are.map((value) => (value === null ? NaN : value)) });
    return values;
  }
  const values = decodeColumn(form, size);
  return values instanceof Float64Array ? values : Float64Array.from(values, (value) => (value === null ? NaN : value));
}

function patch(values, { at, are }) {
  let position = 0;
  at.forEach((step, number) => {
    position += step;
    values[position] = are[number];
  });
}

function doubles(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  if (LITTLE_ENDIAN) return new Float64Array(bytes.buffer);
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}
