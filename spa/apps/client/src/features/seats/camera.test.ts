import { describe, expect, test } from "vitest";
import {
  between,
  type Camera,
  fitBox,
  keepInSight,
  seatPixels,
  showSection,
  toDrawing,
  zoomAt,
} from "./camera";

const screen = { width: 800, height: 600 };
const hall = { left: 0, top: 0, right: 1600, bottom: 900 };
const whole = fitBox(hall, screen, 0);

describe("the camera", () => {
  test("fits the whole hall in the middle", () => {
    expect(whole.scale).toBeCloseTo(0.5);
    expect(toDrawing(whole, { x: 400, y: 300 })).toEqual({ x: 800, y: 450 });
  });

  test("keeps what is under the pointer there while zooming", () => {
    const at = { x: 123, y: 456 };
    const before = toDrawing(whole, at);
    const closer = zoomAt(whole, at, 2.5, whole, 10);
    expect(closer.scale).toBeCloseTo(1.25);
    expect(toDrawing(closer, at).x).toBeCloseTo(before.x);
    expect(toDrawing(closer, at).y).toBeCloseTo(before.y);
  });

  test("goes neither farther out than the whole nor closer than a finger", () => {
    expect(zoomAt(whole, { x: 0, y: 0 }, 0.01, whole, 10).scale).toBeCloseTo(whole.scale);
    expect(zoomAt(whole, { x: 0, y: 0 }, 1000, whole, 10).scale).toBeCloseTo(4.6);
  });

  test("shows a section close enough to tell its seats apart", () => {
    const wide = { left: 0, top: 0, right: 1600, bottom: 300 };
    const camera = showSection(wide, screen, 10, { x: 1000, y: 100 });
    expect(camera.scale * 10).toBeGreaterThanOrEqual(seatPixels);
    expect(toDrawing(camera, { x: 400, y: 300 })).toEqual({ x: 1000, y: 100 });
  });

  test("cannot lose the hall", () => {
    const lost: Camera = { scale: 0.5, x: 9e9, y: -9e9 };
    const found = keepInSight(lost, { width: 1600, height: 900 }, screen);
    expect(found.x).toBeLessThan(screen.width);
    expect(found.y + 900 * 0.5).toBeGreaterThan(0);
    expect(keepInSight(whole, { width: 1600, height: 900 }, screen)).toEqual(whole);
  });

  test("arrives where it was sent", () => {
    const to = { scale: 2, x: 5, y: 6 };
    expect(between(whole, to, 0)).toEqual(whole);
    expect(between(whole, to, 1)).toEqual(to);
  });
});
