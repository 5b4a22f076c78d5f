import createClient from "openapi-fetch";
import type { paths as AdminPaths } from "./gen/admin-api";
import type { paths as BookingPaths } from "./gen/booking";
import type { paths as WaitroomPaths } from "./gen/waitroom";

// Every call is same-origin and carries only cookies that script cannot read.
const options = { credentials: "same-origin", headers: { Accept: "application/json" } } as const;

/** Shows, seats, holds, orders, buyers. */
export const booking = createClient<BookingPaths>(options);
/** The visitor's side of the waiting room. */
export const waitroom = createClient<WaitroomPaths>(options);
/** The back office. */
export const admin = createClient<AdminPaths>(options);
