import type { Status } from "./types";

/**
 * The least `ahead` of a place so far, kept over a reload. It can rise when people who fell silent in front come back; shown as it is, the line would
 * seem to go back.
 */
export class Least {
  #place = "";
  #ahead = Number.POSITIVE_INFINITY;

  /** Takes note of a place and returns what to show. Nobody is ahead before the opening: that is no position. */
  of({ room, epoch, number, state, ahead }: Status): number {
    if (state !== "waiting" && state !== "closed") return ahead;
    const place = `waitroom:${room}:${epoch}:${number}`;
    if (place !== this.#place) {
      this.#place = place;
      this.#ahead = Number.POSITIVE_INFINITY;
      try {
        const kept = sessionStorage.getItem(place);
        if (kept !== null && Number(kept) >= 0) this.#ahead = Number(kept);
      } catch {} // a browser may keep nothing
    }
    this.#ahead = Math.min(this.#ahead, ahead);
    try {
      sessionStorage.setItem(place, String(this.#ahead));
    } catch {}
    return this.#ahead;
  }
}
