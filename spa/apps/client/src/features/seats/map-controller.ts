import {
  between,
  type Camera,
  fitBox,
  keepInSight,
  type Size,
  seatPixels,
  showSection,
  toDrawing,
  zoomAt,
} from "./camera";
import { insideHull, type Point } from "./hull";
import { readTheme } from "./map-theme";
import { paint, type Scene } from "./paint";
import type { PlanSection } from "./seat-plan";

/** What lies under a point of the screen. */
export type Target = { seat: number } | { section: PlanSection } | null;

const flightMs = 320;
/** A finger may miss a seat by this part of the distance between seats. */
const reach = 0.6;

/** Draws the map on a canvas when something changed, and moves the camera. It knows nothing of React. */
export class MapController {
  #scene: Scene;
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #whole: Camera = this.#camera;
  #size: Size = { width: 0, height: 0 };
  #frame = 0;
  #flight: { from: Camera; to: Camera; start: number } | null = null;
  readonly #canvas: HTMLCanvasElement;
  readonly #observer: ResizeObserver;
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");

  constructor(canvas: HTMLCanvasElement, scene: Omit<Scene, "theme">) {
    this.#canvas = canvas;
    this.#scene = { ...scene, theme: readTheme(document.body) };
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvas);
    this.#scheme.addEventListener("change", this.#retheme);
    this.#resize();
  }

  /** Ends drawing and listening. */
  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    this.#scheme.removeEventListener("change", this.#retheme);
  }

  /** Changes what is shown. */
  update(change: Partial<Scene>): void {
    this.#scene = { ...this.#scene, ...change };
    this.#repaint();
  }

  pan(dx: number, dy: number): void {
    this.#flight = null;
    this.#move({ ...this.#camera, x: this.#camera.x + dx, y: this.#camera.y + dy });
  }

  /** Zooms around a point of the screen; the middle when left out. */
  zoom(factor: number, at: Point = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    this.#flight = null;
    this.#move(zoomAt(this.#camera, at, factor, this.#whole, this.#scene.plan.spacing));
  }

  /** Flies to the whole hall. */
  fit(): void {
    this.#fly(this.#whole);
  }

  /** Flies to a section, around a point of the screen. */
  open(section: PlanSection, at: Point): void {
    this.#fly(showSection(section.box, this.#size, this.#scene.plan.spacing, toDrawing(this.#camera, at)));
  }

  /** What is under a point: a seat where seats can be told apart, else a section. */
  target(at: Point): Target {
    const { plan } = this.#scene;
    const point = toDrawing(this.#camera, at);
    if (plan.spacing * this.#camera.scale >= seatPixels) {
      const seat = plan.grid.nearest(point.x, point.y, plan.spacing * reach);
      if (seat >= 0) return { seat };
      return null;
    }
    const section = plan.sections.find(({ hull }) => insideHull(hull, point, plan.spacing));
    return section ? { section } : null;
  }

  #retheme = () => this.update({ theme: readTheme(document.body) });

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    const untouched = this.#camera === this.#whole;
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * devicePixelRatio);
    this.#canvas.height = Math.round(height * devicePixelRatio);
    const { layout } = this.#scene.plan;
    const hall = { left: 0, top: 0, right: layout.width, bottom: layout.height };
    this.#whole = fitBox(hall, this.#size, 12);
    this.#move(untouched ? this.#whole : this.#camera);
  }

  #move(camera: Camera): void {
    this.#camera = camera === this.#whole ? camera : keepInSight(camera, this.#scene.plan.layout, this.#size);
    this.#repaint();
  }

  #fly(to: Camera): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#move(to);
      return;
    }
    this.#flight = { from: this.#camera, to, start: performance.now() };
    this.#repaint();
  }

  #repaint(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#draw(now);
    });
  }

  #draw(now: number): void {
    const flight = this.#flight;
    if (flight) {
      const part = Math.min(1, Math.max(0, (now - flight.start) / flightMs));
      if (part === 1) this.#flight = null;
      this.#move(part === 1 ? flight.to : between(flight.from, flight.to, part));
    }
    const ctx = this.#canvas.getContext("2d", { alpha: false });
    if (!ctx) return;
    paint(ctx, this.#scene, this.#camera, this.#size, this.#canvas.width / Math.max(1, this.#size.width));
  }
}
