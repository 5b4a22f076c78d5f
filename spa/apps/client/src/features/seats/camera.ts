import type { Point } from "./hull";

/** How the drawing lies on the screen: screen = drawing × scale + (x, y), in CSS pixels. */
export interface Camera {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Below this many pixels between seats a finger cannot tell them apart: sections are offered instead. */
export const seatPixels = 10;
/** No closer than this: a seat is then as large as a finger. */
const largestSeatPixels = 46;

/** Shows a part of the drawing as large as it fits, in the middle. */
export function fitBox(box: Box, screen: Size, margin: number): Camera {
  const width = Math.max(1e-6, box.right - box.left);
  const height = Math.max(1e-6, box.bottom - box.top);
  const scale = Math.min(
    Math.max(1, screen.width - 2 * margin) / width,
    Math.max(1, screen.height - 2 * margin) / height,
  );
  return centre(box, screen, scale);
}

/** Shows a section so that its seats can be told apart, even when it does not all fit then. */
export function showSection(box: Box, screen: Size, spacing: number, around: Point): Camera {
  const fitted = fitBox(box, screen, 40);
  const [least, most] = [(seatPixels * 1.6) / spacing, largestSeatPixels / spacing];
  if (fitted.scale >= least) return centre(box, screen, Math.min(fitted.scale, most));
  return { scale: least, x: screen.width / 2 - around.x * least, y: screen.height / 2 - around.y * least };
}

/** The point of the drawing under a point of the screen. */
export function toDrawing(camera: Camera, at: Point): Point {
  return { x: (at.x - camera.x) / camera.scale, y: (at.y - camera.y) / camera.scale };
}

/** Zooms so that what is under the pointer stays there; no farther out than the whole, no closer than a finger. */
export function zoomAt(camera: Camera, at: Point, factor: number, whole: Camera, spacing: number): Camera {
  const most = Math.max(whole.scale, largestSeatPixels / spacing);
  const scale = Math.min(most, Math.max(whole.scale, camera.scale * factor));
  const under = toDrawing(camera, at);
  return { scale, x: at.x - under.x * scale, y: at.y - under.y * scale };
}

/** Keeps some of the drawing on the screen: its middle third can reach every edge, but not leave. */
export function keepInSight(camera: Camera, drawing: Size, screen: Size): Camera {
  const clamp = (at: number, length: number, room: number) => {
    const slack = Math.max(room - length, 0) / 2 + Math.min(room, length) / 3;
    const [low, high] = [Math.min(0, room - length) - slack, Math.max(0, room - length) + slack];
    return Math.min(high, Math.max(low, at));
  };
  return {
    scale: camera.scale,
    x: clamp(camera.x, drawing.width * camera.scale, screen.width),
    y: clamp(camera.y, drawing.height * camera.scale, screen.height),
  };
}

/** The way from one camera to another; `part` runs from 0 to 1. */
export function between(from: Camera, to: Camera, part: number): Camera {
  const eased = 1 - (1 - part) ** 3;
  const mix = (a: number, b: number) => a + (b - a) * eased;
  return { scale: mix(from.scale, to.scale), x: mix(from.x, to.x), y: mix(from.y, to.y) };
}

function centre(box: Box, screen: Size, scale: number): Camera {
  return {
    scale,
    x: screen.width / 2 - ((box.left + box.right) / 2) * scale,
    y: screen.height / 2 - ((box.top + box.bottom) / 2) * scale,
  };
}
