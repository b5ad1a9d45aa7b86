/* The data blocks of the page: each is parsed when it is first asked for. */

const parsed = new Map();

/** The JSON block `data-<name>`. */
export function block(name) {
  if (!parsed.has(name)) parsed.set(name, JSON.parse(document.getElementById(`data-${name}`).textContent));
  return parsed.get(name);
}

/** Whether the page has a block. */
export function hasBlock(name) {
  return document.getElementById(`data-${name}`) !== null;
}

export const frame = block('frame');

/** A function that remembers its results by its arguments (texts and numbers). */
export function remember(compute) {
  const known = new Map();
  return (...args) => {
    const key = args.join('\u0000');
    if (!known.has(key)) known.set(key, compute(...args));
    return known.get(key);
  };
}
