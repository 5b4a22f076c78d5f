import { booking } from "@anteroom/api";
import { useEffect, useState } from "react";

// Deadlines are the server's; the reader's clock may be minutes off. The Date header of every answer tells by how much.
let offsetMs = 0;

/**
 * How far the server's clock is ahead of ours.
 * @param header the Date header, whole seconds, which were cut off: half a second is the fair guess
 * @param receivedAt our clock, in milliseconds, when the answer came
 */
export function clockOffset(header: string | null, receivedAt: number): number | undefined {
  const server = header ? Date.parse(header) : Number.NaN;
  return Number.isNaN(server) ? undefined : server + 500 - receivedAt;
}

/** Starts learning the server's time from its answers. */
export function watchServerClock(): void {
  booking.use({
    onResponse({ response }) {
      const offset = clockOffset(response.headers.get("Date"), Date.now());
      // Below two seconds it is the header's coarseness and the way here, not a clock that is wrong.
      if (offset !== undefined) offsetMs = Math.abs(offset) < 2000 ? 0 : offset;
    },
  });
}

/** The milliseconds left until a moment of the server's clock, at a moment of ours; never below zero. */
export function remaining(until: string, now: number, offset = offsetMs): number {
  return Math.max(0, Date.parse(until) - (now + offset));
}

/** The milliseconds left, renewed every second. */
export function useCountdown(until: string | undefined): number | undefined {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!until) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return until ? remaining(until, now) : undefined;
}
