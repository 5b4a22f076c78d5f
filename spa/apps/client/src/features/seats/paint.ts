import type { SeatBits } from "./bitmap";
import { type Camera, type Size, seatPixels } from "./camera";
import type { MapTheme } from "./map-theme";
import { paintLabels, paintOutline, paintStage } from "./paint-hall";
import type { PlanSection, SeatPlan } from "./seat-plan";
import { textOn } from "./text-on";

/** Everything a frame is drawn from. */
export interface Scene {
  plan: SeatPlan;
  bits: SeatBits;
  /** Indexes of chosen seats. */
  chosen: ReadonlySet<number>;
  /** Index of the seat under the pointer, or -1. */
  hover: number;
  theme: MapTheme;
  stageText: string;
}

const full = Math.PI * 2;
/** From this many pixels between seats on there is room for their numbers. */
const numberPixels = 26;

/**
 * Draws the hall. Seats of one colour go into one path, and what is off the screen is left out: 12,000 seats stay
 * far below a frame's 16 ms. A scene graph with an object a seat (konva) needs one hit canvas and 12,000 nodes for the same.
 */
export function paint(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  camera: Camera,
  screen: Size,
  dpr: number,
): void {
  const { plan, theme } = scene;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  ctx.fillStyle = theme.surface;
  ctx.fillRect(0, 0, screen.width, screen.height);
  ctx.setTransform(dpr * camera.scale, 0, 0, dpr * camera.scale, dpr * camera.x, dpr * camera.y);

  const seatSize = plan.spacing * camera.scale;
  const close = seatSize >= seatPixels;
  paintStage(ctx, plan.layout.stage, theme, scene.stageText);
  const visible = plan.sections.filter((section) => onScreen(section, plan.spacing, camera, screen));
  for (const section of visible) paintOutline(ctx, section, plan.spacing, close, theme.surface);
  for (const section of visible) paintSeats(ctx, scene, section, close);
  if (seatSize >= numberPixels)
    for (const section of visible) paintNumbers(ctx, scene, section, camera, screen);
  if (close) paintMarks(ctx, scene);
  else {
    for (const index of scene.chosen) dot(ctx, plan, index, 0.9, theme.ink);
    paintLabels(ctx, visible, scene.bits, theme, plan.spacing, camera.scale);
  }
}

function onScreen({ box }: PlanSection, spacing: number, camera: Camera, screen: Size): boolean {
  return (
    (box.right + spacing) * camera.scale + camera.x > 0 &&
    (box.bottom + spacing) * camera.scale + camera.y > 0 &&
    (box.left - spacing) * camera.scale + camera.x < screen.width &&
    (box.top - spacing) * camera.scale + camera.y < screen.height
  );
}

function paintSeats(ctx: CanvasRenderingContext2D, scene: Scene, section: PlanSection, close: boolean): void {
  const { plan, bits, theme } = scene;
  const { x, y } = plan.layout.seats;
  const free = new Path2D();
  const taken = new Path2D();
  const side = plan.spacing * 0.62;
  for (const index of section.seats) {
    const [sx, sy, isTaken] = [x[index] ?? 0, y[index] ?? 0, bits.taken(index)];
    // Taken seats are smaller as well as grey, for whoever does not see the difference of colours.
    const radius = plan.spacing * (isTaken ? 0.2 : 0.4);
    const path = isTaken ? taken : free;
    if (close) {
      path.moveTo(sx + radius, sy);
      path.arc(sx, sy, radius, 0, full);
    } else path.rect(sx - side / 2, sy - side / 2, side, side);
  }
  ctx.fillStyle = section.band.colour;
  ctx.fill(free);
  ctx.fillStyle = close ? theme.muted : theme.line;
  ctx.globalAlpha = close ? 0.45 : 1;
  ctx.fill(taken);
  ctx.globalAlpha = 1;
}

/** The chosen seats with a tick, the one under the pointer with a ring. */
function paintMarks(ctx: CanvasRenderingContext2D, scene: Scene): void {
  const { plan, chosen, hover, theme } = scene;
  const { seats } = plan.layout;
  if (hover >= 0) {
    ctx.beginPath();
    ctx.arc(seats.x[hover] ?? 0, seats.y[hover] ?? 0, plan.spacing * 0.5, 0, full);
    ctx.lineWidth = plan.spacing * 0.1;
    ctx.strokeStyle = theme.ink;
    ctx.stroke();
  }
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  for (const index of chosen) {
    const [sx, sy, s] = [seats.x[index] ?? 0, seats.y[index] ?? 0, plan.spacing];
    dot(ctx, plan, index, 0.5, theme.ink);
    ctx.beginPath();
    ctx.moveTo(sx - s * 0.2, sy + s * 0.02);
    ctx.lineTo(sx - s * 0.05, sy + s * 0.17);
    ctx.lineTo(sx + s * 0.22, sy - s * 0.15);
    ctx.lineWidth = s * 0.1;
    ctx.strokeStyle = theme.surface;
    ctx.stroke();
  }
}

function paintNumbers(
  ctx: CanvasRenderingContext2D,
  { plan, bits, chosen }: Scene,
  section: PlanSection,
  camera: Camera,
  screen: Size,
): void {
  const { seats } = plan.layout;
  ctx.font = `600 ${plan.spacing * 0.36}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = textOn(section.band.colour);
  for (const index of section.seats) {
    const [sx, sy] = [seats.x[index] ?? 0, seats.y[index] ?? 0];
    const [px, py] = [sx * camera.scale + camera.x, sy * camera.scale + camera.y];
    if (px < 0 || py < 0 || px > screen.width || py > screen.height) continue;
    if (bits.taken(index) || chosen.has(index)) continue;
    ctx.fillText(seats.number[index] ?? "", sx, sy + plan.spacing * 0.02);
  }
}

function dot(
  ctx: CanvasRenderingContext2D,
  plan: SeatPlan,
  index: number,
  size: number,
  colour: string,
): void {
  const { x, y } = plan.layout.seats;
  ctx.beginPath();
  ctx.arc(x[index] ?? 0, y[index] ?? 0, plan.spacing * size, 0, full);
  ctx.fillStyle = colour;
  ctx.fill();
}
