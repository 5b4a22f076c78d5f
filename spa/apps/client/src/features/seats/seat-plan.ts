import type { Band, SeatLayout } from "@/shared/types";
import type { SeatBits } from "./bitmap";
import { convexHull, type Point } from "./hull";
import { SeatGrid } from "./seat-grid";

/** A section of the hall, with what drawing and choosing need. */
export interface PlanSection {
  name: string;
  band: Band;
  label: Point;
  /** Indexes of its seats, in layout order. */
  seats: number[];
  hull: Point[];
  box: { left: number; top: number; right: number; bottom: number };
}

/** A hall made ready: built once a layout, used on every frame. */
export interface SeatPlan {
  layout: SeatLayout;
  count: number;
  sections: PlanSection[];
  /** The usual distance between neighbours, in the units of the drawing. */
  spacing: number;
  grid: SeatGrid;
  indexOf: Map<number, number>;
  marks: Map<number, SeatMark>;
}

/** What sets a seat apart: a place for a wheelchair, one beside it, one that does not see everything. */
export type SeatMark = "wheelchair" | "companion" | "restricted";

/** @throws RangeError when the columns of the layout do not belong together */
export function makePlan(layout: SeatLayout, bands: Band[]): SeatPlan {
  const { seats } = layout;
  const count = seats.id.length;
  for (const [name, column] of Object.entries(seats)) {
    if (column.length !== count)
      throw new RangeError(`column ${name} has ${column.length} seats, not ${count}`);
  }
  const bandOf = new Map(bands.map((band) => [band.id, band]));
  const members = layout.sections.map((): number[] => []);
  seats.section.forEach((section, index) => {
    const list = members[section];
    if (!list)
      throw new RangeError(
        `seat ${seats.id[index]} is in section ${section}, which the layout does not have`,
      );
    list.push(index);
  });
  const sections = layout.sections.map((section, at): PlanSection => {
    const band = bandOf.get(section.band_id);
    if (!band)
      throw new RangeError(
        `section ${section.name} has band ${section.band_id}, which the show does not have`,
      );
    const indexes = members[at] ?? [];
    const points = indexes.map((i) => ({ x: seats.x[i] ?? 0, y: seats.y[i] ?? 0 }));
    return {
      name: section.name,
      band,
      label: { x: section.x, y: section.y },
      seats: indexes,
      hull: convexHull(points),
      box: boxOf(points),
    };
  });
  const spacing = spacingOf(layout);
  return {
    layout,
    count,
    sections,
    spacing,
    grid: new SeatGrid(seats.x, seats.y, spacing),
    indexOf: new Map(seats.id.map((id, index) => [id, index])),
    // The last entry of an index counts.
    marks: new Map([
      ...layout.restricted.map((index) => [index, "restricted"] as const),
      ...layout.companion.map((index) => [index, "companion"] as const),
      ...layout.accessible.map((index) => [index, "wheelchair"] as const),
    ]),
  };
}

/** The rows of a section with the indexes of their seats, in layout order. */
export function rowsOf(plan: SeatPlan, section: PlanSection): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const index of section.seats) {
    const name = plan.layout.seats.row[index] ?? "";
    const row = rows.get(name);
    if (row) row.push(index);
    else rows.set(name, [index]);
  }
  return rows;
}

/** How many seats of a section can be had. */
export function freeSeats(section: PlanSection, bits: SeatBits): number {
  return section.seats.reduce((free, index) => free + (bits.taken(index) ? 0 : 1), 0);
}

/** What people call a seat, and what it costs. */
export function describeSeat(plan: SeatPlan, index: number) {
  const { seats } = plan.layout;
  const section = plan.sections[seats.section[index] ?? -1];
  const id = seats.id[index];
  if (!section || id === undefined) throw new RangeError(`the layout has no seat ${index}`);
  return {
    id,
    section: section.name,
    row: seats.row[index] ?? "",
    number: seats.number[index] ?? "",
    band: section.band,
    mark: plan.marks.get(index),
  };
}

function boxOf(points: Point[]): PlanSection["box"] {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

/** The median distance of seats that follow each other in one row: gaps for aisles do not move it. */
function spacingOf({ seats, width, height }: SeatLayout): number {
  const gaps: number[] = [];
  for (let i = 1; i < seats.id.length; i++) {
    if (seats.row[i] !== seats.row[i - 1] || seats.section[i] !== seats.section[i - 1]) continue;
    const gap = Math.hypot(
      (seats.x[i] ?? 0) - (seats.x[i - 1] ?? 0),
      (seats.y[i] ?? 0) - (seats.y[i - 1] ?? 0),
    );
    if (gap > 0) gaps.push(gap);
  }
  gaps.sort((a, b) => a - b);
  return gaps[gaps.length >> 1] ?? Math.max(1, Math.min(width, height) / 50);
}
