/** A value before and after; undefined is "was not there". */
export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

type Bag = Record<string, unknown>;

/**
 * What changed between two recorded objects, by path ("policy.rate_per_minute"), sorted. Values that stayed are
 * left out; where one side is missing altogether, all of the other is shown.
 */
export function differences(before: unknown, after: unknown): Difference[] {
  const left = flatten(before);
  const right = flatten(after);
  return [...new Set([...left.keys(), ...right.keys()])]
    .sort()
    .map((path) => ({ path, before: left.get(path), after: right.get(path) }))
    .filter((d) => JSON.stringify(d.before) !== JSON.stringify(d.after));
}

function flatten(value: unknown, path = "", into = new Map<string, unknown>()): Map<string, unknown> {
  if (isBag(value)) {
    for (const [key, member] of Object.entries(value)) flatten(member, path ? `${path}.${key}` : key, into);
  } else if (path !== "") {
    into.set(path, value);
  }
  return into;
}

/** Lists are values of their own: an entry moved is the list changed. */
function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A recorded value in one line; null for what was not there. */
export function sayValue(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
