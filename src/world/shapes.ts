import type { Shape } from './canvas.ts';

/** An ellipse with radii `rx` along the unit vector (ux, uy) and `ry` across it. */
export function ellipse(cx: number, cy: number, rx: number, ry: number, ux = 1, uy = 0): Shape {
  // A x^2 + B x y + C y^2 = 1 around the centre, solved for x on each line.
  const p = 1 / (rx * rx);
  const q = 1 / (ry * ry);
  const a = ux * ux * p + uy * uy * q;
  const b = 2 * ux * uy * (p - q);
  const c = uy * uy * p + ux * ux * q;
  const determinant = 4 * a * c - b * b;
  const halfWidth = Math.sqrt((4 * c) / determinant);
  const halfHeight = Math.sqrt((4 * a) / determinant);
  return {
    left: cx - halfWidth,
    right: cx + halfWidth,
    top: cy - halfHeight,
    bottom: cy + halfHeight,
    spans(line, out) {
      const y = line - cy;
      const discriminant = b * b * y * y - 4 * a * (c * y * y - 1);
      if (discriminant <= 0) return 0;
      const root = Math.sqrt(discriminant);
      out[0] = cx + (-b * y - root) / (2 * a);
      out[1] = cx + (-b * y + root) / (2 * a);
      return 2;
    },
  };
}

/** A rectangle with rounded corners. */
export function rectangle(left: number, top: number, right: number, bottom: number, radius = 0): Shape {
  const r = Math.max(0, Math.min(radius, (right - left) / 2, (bottom - top) / 2));
  return {
    left,
    right,
    top,
    bottom,
    spans(y, out) {
      if (y < top || y >= bottom) return 0;
      const into = Math.max(0, top + r - y, y - (bottom - r));
      const inset = r === 0 ? 0 : r - Math.sqrt(Math.max(0, r * r - into * into));
      out[0] = left + inset;
      out[1] = right - inset;
      return 2;
    },
  };
}

/** A polygon [x, y, x, y...], filled by the even-odd rule. */
export function polygon(points: readonly number[]): Shape {
  const count = points.length / 2;
  let left = points[0]!;
  let right = left;
  let top = points[1]!;
  let bottom = top;
  for (let i = 1; i < count; i++) {
    left = Math.min(left, points[2 * i]!);
    right = Math.max(right, points[2 * i]!);
    top = Math.min(top, points[2 * i + 1]!);
    bottom = Math.max(bottom, points[2 * i + 1]!);
  }
  return {
    left,
    right,
    top,
    bottom,
    spans(y, out) {
      let written = 0;
      let xa = points[2 * count - 2]!;
      let ya = points[2 * count - 1]!;
      for (let i = 0; i < count && written < out.length; i++) {
        const xb = points[2 * i]!;
        const yb = points[2 * i + 1]!;
        if (ya <= y !== yb <= y) {
          const x = xa + ((y - ya) * (xb - xa)) / (yb - ya);
          let slot = written++;
          while (slot > 0 && out[slot - 1]! > x) {
            out[slot] = out[slot - 1]!;
            slot--;
          }
          out[slot] = x;
        }
        xa = xb;
        ya = yb;
      }
      return written;
    },
  };
}

/** Rounds a closed polygon by cutting its corners (Chaikin, 1974): a smooth curve by + and * alone. */
export function rounded(points: readonly number[], times: number): number[] {
  let current = [...points];
  for (let pass = 0; pass < times; pass++) {
    const next: number[] = [];
    const count = current.length / 2;
    for (let i = 0; i < count; i++) {
      const j = (i + 1) % count;
      const xa = current[2 * i]!;
      const ya = current[2 * i + 1]!;
      const xb = current[2 * j]!;
      const yb = current[2 * j + 1]!;
      next.push(0.75 * xa + 0.25 * xb, 0.75 * ya + 0.25 * yb, 0.25 * xa + 0.75 * xb, 0.25 * ya + 0.75 * yb);
    }
    current = next;
  }
  return current;
}
