import { describe, expect, test } from "vitest";
import { SeatGrid } from "./seat-grid";

describe("the seat at a point", () => {
  const x = [0, 10, 20, 0, 10, -15];
  const y = [0, 0, 0, 10, 10, -15];
  const grid = new SeatGrid(x, y, 10);

  test("is the nearest one", () => {
    expect(grid.nearest(9, 1, 5)).toBe(1);
    expect(grid.nearest(6, 6, 8)).toBe(4);
    expect(grid.nearest(-14, -16, 5)).toBe(5);
  });
  test("is none beyond reach", () => {
    expect(grid.nearest(5, 5, 2)).toBe(-1);
    expect(grid.nearest(500, 500, 5)).toBe(-1);
  });

  test("is what looking at all 12,000 would find", () => {
    // A hall without symmetry, so that no two seats are equally near.
    const many = Array.from({ length: 12_000 }, (_, i) => ({
      x: (i % 120) * 9 + Math.sin(i) * 3,
      y: Math.floor(i / 120) * 11 + Math.cos(i * 7) * 3,
    }));
    const big = new SeatGrid(
      many.map((seat) => seat.x),
      many.map((seat) => seat.y),
      10,
    );
    for (let probe = 0; probe < 300; probe++) {
      const point = { x: (probe * 37) % 1080, y: (probe * 53) % 1100 };
      let expected = -1;
      let least = 8 ** 2;
      many.forEach((seat, i) => {
        const square = (seat.x - point.x) ** 2 + (seat.y - point.y) ** 2;
        if (square <= least) [expected, least] = [i, square];
      });
      expect(big.nearest(point.x, point.y, 8)).toBe(expected);
    }
  });
});
