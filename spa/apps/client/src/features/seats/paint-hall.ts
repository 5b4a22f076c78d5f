import type { SeatLayout } from "@/shared/types";
import type { SeatBits } from "./bitmap";
import type { MapTheme } from "./map-theme";
import { freeSeats, type PlanSection } from "./seat-plan";

/** Pixels of the letters: text beyond the one, not legible below the other. */
const largestLabel = 13;
const smallestLabel = 6;

/** Draws the stage and its name. */
export function paintStage(
  ctx: CanvasRenderingContext2D,
  stage: SeatLayout["stage"],
  theme: MapTheme,
  text: string,
): void {
  ctx.beginPath();
  ctx.roundRect(stage.x, stage.y, stage.width, stage.height, Math.min(stage.width, stage.height) * 0.15);
  ctx.fillStyle = theme.raised;
  ctx.fill();
  ctx.fillStyle = theme.muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const height = Math.min(stage.height * 0.4, stage.width / (text.length + 2));
  ctx.font = `700 ${height}px system-ui, sans-serif`;
  ctx.fillText(text, stage.x + stage.width / 2, stage.y + stage.height / 2);
}

/** Draws the ground of a section: its outline, as wide around its seats as half a seat. */
export function paintOutline(
  ctx: CanvasRenderingContext2D,
  section: PlanSection,
  spacing: number,
  close: boolean,
  surface: string,
): void {
  const [first, ...rest] = section.hull;
  if (!first) return;
  ctx.beginPath();
  ctx.moveTo(first.x, first.y);
  for (const point of rest) ctx.lineTo(point.x, point.y);
  ctx.closePath();
  ctx.lineJoin = "round";
  ctx.lineWidth = spacing * 1.3;
  // One opaque mixture: fill and stroke overlap, and would add up if they were translucent.
  const ground = `color-mix(in srgb, ${section.band.colour} ${close ? 9 : 17}%, ${surface})`;
  ctx.strokeStyle = ground;
  ctx.fillStyle = ground;
  ctx.stroke();
  ctx.fill();
}

/** Writes the names of the sections as large as there is room, and no larger than text; a sold-out one is struck through. */
export function paintLabels(
  ctx: CanvasRenderingContext2D,
  sections: PlanSection[],
  bits: SeatBits,
  theme: MapTheme,
  spacing: number,
  scale: number,
): void {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const section of sections) {
    const { x, y } = section.label;
    // About the side of the section, however it is turned: its box would be too large.
    const side = spacing * Math.sqrt(section.seats.length);
    const room = side / (section.name.length * 0.55 + 1);
    const height = Math.min(largestLabel / scale, room);
    if (height * scale < smallestLabel) continue;
    ctx.font = `700 ${height}px system-ui, sans-serif`;
    const width = ctx.measureText(section.name).width;
    const soldOut = freeSeats(section, bits) === 0;
    ctx.beginPath();
    ctx.roundRect(x - width / 2 - height * 0.5, y - height * 0.8, width + height, height * 1.6, height * 0.8);
    ctx.fillStyle = theme.surface;
    ctx.globalAlpha = 0.92;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.fillStyle = soldOut ? theme.muted : theme.ink;
    ctx.fillText(section.name, x, y);
    if (soldOut)
      ctx.fillRect(x - width / 2 - height * 0.1, y - height * 0.05, width + height * 0.2, height * 0.1);
  }
}
