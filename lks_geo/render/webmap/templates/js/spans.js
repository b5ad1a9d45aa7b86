/* Where land lies on each row of pixels, for labels that must stand beside the coast or inside an area. */

const ROW = 4;

/** Rows of an area's rings: for each row number the sorted x where the outline crosses it. */
export function rowsOf(list, scale) {
  const rows = new Map();
  for (const points of list) {
    const last = points.length - 2;
    let x1 = points[last] * scale;
    let y1 = points[last + 1] * scale;
    for (let i = 0; i < points.length; i += 2) {
      const x2 = points[i] * scale;
      const y2 = points[i + 1] * scale;
      cross(rows, x1, y1, x2, y2);
      x1 = x2;
      y1 = y2;
    }
  }
  for (const crossings of rows.values()) crossings.sort((a, b) => a - b);
  return rows;
}

function cross(rows, x1, y1, x2, y2) {
  const first = Math.ceil(Math.min(y1, y2) / ROW - 0.5);
  const end = Math.ceil(Math.max(y1, y2) / ROW - 0.5);
  for (let row = first; row < end; row += 1) {
    const share = ((row + 0.5) * ROW - y1) / (y2 - y1);
    if (!rows.has(row)) rows.set(row, []);
    rows.get(row).push(x1 + share * (x2 - x1));
  }
}

/** Whether a box touches the area. */
export function touches(rows, left, top, right, bottom) {
  for (let row = Math.floor(top / ROW); row <= Math.floor(bottom / ROW); row += 1) {
    const crossings = rows.get(row);
    if (crossings === undefined) continue;
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      if (crossings[i] < right && crossings[i + 1] > left) return true;
    }
  }
  return false;
}

/** Whether a box lies inside the area. */
export function covers(rows, left, top, right, bottom) {
  for (let row = Math.floor(top / ROW); row <= Math.floor(bottom / ROW); row += 1) {
    const crossings = rows.get(row) ?? [];
    const inside = crossings.filter((x) => x < left).length;
    if (inside % 2 === 0 || crossings[inside] < right) return false;
  }
  return true;
}

/** West and east end of the area between two heights, or null. */
export function reachBetween(rows, top, bottom) {
  let left = Infinity;
  let right = -Infinity;
  for (let row = Math.floor(top / ROW); row <= Math.floor(bottom / ROW); row += 1) {
    const crossings = rows.get(row);
    if (crossings === undefined || crossings.length < 2) continue;
    left = Math.min(left, crossings[0]);
    right = Math.max(right, crossings[crossings.length - 1]);
  }
  return left <= right ? { left, right } : null;
}

/** A point well inside: the middle of the widest stretch near the middle height of the area. */
export function middleOf(list, box) {
  const height = Math.max(1, box[3] - box[1]);
  const scale = (ROW * 16) / height;
  const rows = rowsOf(list, scale);
  const centre = ((box[1] + box[3]) / 2) * scale;
  let best = null;
  for (const [row, crossings] of rows) {
    const y = (row + 0.5) * ROW;
    const near = 1 - Math.abs(y - centre) / (ROW * 16);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const worth = (crossings[i + 1] - crossings[i]) * near;
      if (best === null || worth > best.worth) {
        best = { worth, x: (crossings[i] + crossings[i + 1]) / 2 / scale, y: y / scale };
      }
    }
  }
  return best ?? { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 };
}
