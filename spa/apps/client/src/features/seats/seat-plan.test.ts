import { expect, test } from "vitest";
import type { Band, SeatLayout } from "@/shared/types";
import { describeSeat, makePlan, rowsOf } from "./seat-plan";

const bands: Band[] = [
  { id: 1, name: { en: "R", ko: "R" }, price: { amount: 1000, currency: "KRW" }, colour: "#123456" },
];
const layout = (): SeatLayout => ({
  layout_version: 1,
  width: 100,
  height: 100,
  stage: { x: 0, y: 0, width: 10, height: 5 },
  sections: [
    { name: "A", band_id: 1, x: 5, y: 5, kind: "seated" },
    { name: "B", band_id: 1, x: 50, y: 5, kind: "seated" },
  ],
  seats: {
    id: [101, 102, 103, 201],
    section: [0, 0, 0, 1],
    row: ["1", "1", "2", "1"],
    number: ["1", "2", "1", "1"],
    x: [0, 8, 0, 50],
    y: [10, 10, 20, 10],
  },
  accessible: [2],
  companion: [1],
  restricted: [1, 3],
});

test("a plan knows its seats by id, section and row", () => {
  const plan = makePlan(layout(), bands);
  expect(plan.count).toBe(4);
  expect(plan.spacing).toBe(8);
  expect(plan.indexOf.get(201)).toBe(3);
  const [a] = plan.sections;
  expect(a && [...rowsOf(plan, a)]).toEqual([
    ["1", [0, 1]],
    ["2", [2]],
  ]);
  expect(describeSeat(plan, 1)).toMatchObject({ id: 102, section: "A", row: "1", number: "2" });
  expect(() => describeSeat(plan, 4)).toThrow(RangeError);
});

test("a layout that does not hang together is refused", () => {
  const short = layout();
  short.seats.x.pop();
  expect(() => makePlan(short, bands)).toThrow(/column x has 3/);

  const lost = layout();
  lost.seats.section[3] = 9;
  expect(() => makePlan(lost, bands)).toThrow(/section 9/);

  expect(() => makePlan(layout(), [])).toThrow(/band 1/);
});

test("a seat says what sets it apart; where several things do, the first that decides", () => {
  const plan = makePlan(layout(), bands);
  expect([0, 1, 2, 3].map((index) => describeSeat(plan, index).mark)).toEqual([
    undefined,
    "companion",
    "wheelchair",
    "restricted",
  ]);
});
