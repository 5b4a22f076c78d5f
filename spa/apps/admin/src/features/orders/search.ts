import type { AdminSchemas } from "@anteroom/api";
import { z } from "@/shared/zod";

type OrderState = AdminSchemas["OrderState"];
export const orderStates = [
  "pending",
  "confirming",
  "paid",
  "cancelled",
  "expired",
] as const satisfies OrderState[];

/** What the address bar says about the list. Whatever cannot be read there counts as not said. */
const schema = z.object({
  q: z.string().trim().min(1).max(254).optional().catch(undefined),
  show: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .optional()
    .catch(undefined),
  state: z.enum(orderStates).optional().catch(undefined),
  cursor: z.string().min(1).max(1024).optional().catch(undefined),
});
export type OrderSearch = z.infer<typeof schema>;

export function readSearch(params: URLSearchParams): OrderSearch {
  const search = schema.parse(Object.fromEntries(params));
  // Without undefined members two equal searches are one query key.
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** Only what is set, in a fixed order, so that the same list always has the same address. */
export function writeSearch(search: OrderSearch): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of ["q", "show", "state", "cursor"] as const) {
    const value = search[name]?.trim();
    if (value) params.set(name, value);
  }
  return params;
}

/** The search with another filter: always from the first page, since a cursor belongs to one filter. */
export function withFilter(search: OrderSearch, filter: Partial<Omit<OrderSearch, "cursor">>): OrderSearch {
  const { cursor: _, ...rest } = search;
  return { ...rest, ...filter };
}

export function isFiltered({ q, show, state }: OrderSearch): boolean {
  return Boolean(q || show || state);
}

/** The cursors of the pages before this one, kept in the history entry; the first page has none ("") as cursor. */
export function readTrail(state: unknown): string[] {
  if (typeof state !== "object" || state === null || !("trail" in state) || !Array.isArray(state.trail))
    return [];
  return state.trail.every((c) => typeof c === "string") ? state.trail : [];
}
