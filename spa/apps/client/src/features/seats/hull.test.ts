import { describe, expect, test } from "vitest";
import { convexHull, insideHull } from "./hull";

describe("the outline of a section", () => {
  const square = [
    { x: 0, y: 0 },
    { x: 4, y: 0 },
    { x: 4, y: 4 },
    { x: 0, y: 4 },
    { x: 2, y: 2 },
    { x: 2, y: 0 },
  ];
  const hull = convexHull(square);

  test("keeps only the corners", () => {
    expect(hull).toHaveLength(4);
    expect(hull).not.toContainEqual({ x: 2, y: 2 });
  });
  test("knows inside from outside", () => {
    expect(insideHull(hull, { x: 1, y: 3 }, 0)).toBe(true);
    expect(insideHull(hull, { x: 5, y: 3 }, 0)).toBe(false);
  });
  test("reaches out by the margin and no farther", () => {
    expect(insideHull(hull, { x: 4.9, y: 3 }, 1)).toBe(true);
    expect(insideHull(hull, { x: 5.1, y: 3 }, 1)).toBe(false);
  });
  test("of a single row or a single seat can still be hit", () => {
    const row = convexHull([
      { x: 0, y: 0 },
      { x: 9, y: 0 },
    ]);
    expect(insideHull(row, { x: 5, y: 0.5 }, 1)).toBe(true);
    expect(insideHull(row, { x: 5, y: 2 }, 1)).toBe(false);
    expect(insideHull(convexHull([{ x: 3, y: 3 }]), { x: 3.5, y: 3 }, 1)).toBe(true);
  });
});
