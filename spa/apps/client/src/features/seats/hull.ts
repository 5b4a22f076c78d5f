export interface Point {
  x: number;
  y: number;
}

/** The smallest convex outline around points, counter-clockwise in a drawing whose y grows downwards (Andrew's chain). */
export function convexHull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (ordered: Point[]) => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** Whether a point is inside an outline, or no farther outside than a margin. */
export function insideHull(hull: Point[], point: Point, margin: number): boolean {
  const sides = hull.map((a, i) => ({ a, b: hull[(i + 1) % hull.length] ?? a }));
  if (hull.length >= 3 && sides.every(({ a, b }) => turn(a, b, point) >= 0)) return true;
  return sides.some(({ a, b }) => distance(a, b, point) <= margin);
}

function turn(a: Point | undefined, b: Point | undefined, c: Point): number {
  return a && b ? (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) : 0;
}

/** From a point to the nearest place of a line between two others. */
function distance(a: Point, b: Point, point: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / length;
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - at * dx, point.y - a.y - at * dy);
}
