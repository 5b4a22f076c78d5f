import type { Point } from "./hull";

/** What the fingers, the mouse and the wheel ask of the map; points are in CSS pixels of the canvas. */
export interface GestureHandlers {
  pan: (dx: number, dy: number) => void;
  zoom: (factor: number, at: Point) => void;
  tap: (at: Point) => void;
  /** The mouse rests or moves there; null when it left. */
  hover: (at: Point | null) => void;
}

/** Below this many pixels a press is a tap, however unsteady the hand. */
const tapPixels = 7;

/** Listens to a canvas; returns what ends the listening. */
export function attachGestures(canvas: HTMLCanvasElement, handlers: GestureHandlers): () => void {
  const fingers = new Map<number, Point>();
  let travelled = 0;

  const point = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (fingers.size === 0) travelled = 0;
    fingers.set(event.pointerId, point(event));
    // Two fingers never tap.
    if (fingers.size > 1) travelled = Number.POSITIVE_INFINITY;
  };

  const move = (event: PointerEvent) => {
    const [now, before] = [point(event), fingers.get(event.pointerId)];
    if (!before) {
      if (event.pointerType === "mouse") handlers.hover(now);
      return;
    }
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    fingers.set(event.pointerId, now);
    if (travelled < tapPixels) return;
    handlers.hover(null);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return handlers.pan(now.x - before.x, now.y - before.y);
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    handlers.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    const [is, was] = [distance(now, other), distance(before, other)];
    if (was > 0) handlers.zoom(is / was, middle);
  };

  const up = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && travelled < tapPixels) handlers.tap(point(event));
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    // Browsers report a pinch on a touchpad as a wheel with Ctrl, in much smaller steps.
    handlers.zoom(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0018)), point(event));
  };

  const leave = () => handlers.hover(null);

  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("wheel", wheel, { passive: false });
  return () => {
    canvas.removeEventListener("pointerdown", down);
    canvas.removeEventListener("pointermove", move);
    canvas.removeEventListener("pointerup", up);
    canvas.removeEventListener("pointercancel", up);
    canvas.removeEventListener("pointerleave", leave);
    canvas.removeEventListener("wheel", wheel);
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
