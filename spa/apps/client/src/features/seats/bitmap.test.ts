import { describe, expect, test } from "vitest";
import { SeatBits } from "./bitmap";

describe("the bitmap of seats", () => {
  test("has the first seat in the lowest bit of the first byte", () => {
    const bits = new SeatBits(btoa("\x01\x80"), 16);
    const taken = Array.from({ length: 16 }, (_, i) => i).filter((i) => bits.taken(i));
    expect(taken).toEqual([0, 15]);
  });

  test("survives bytes above 127", () => {
    const bits = new SeatBits("/w==", 8);
    expect(Array.from({ length: 8 }, (_, i) => bits.taken(i))).not.toContain(false);
  });

  test("counts what is outside the layout as taken", () => {
    const bits = new SeatBits(btoa("\x00\x00"), 10);
    expect([bits.taken(-1), bits.taken(9), bits.taken(10)]).toEqual([true, false, true]);
  });

  test("that is too short is refused, not read as free", () => {
    expect(() => new SeatBits(btoa("\x00"), 9)).toThrow(RangeError);
  });
});
