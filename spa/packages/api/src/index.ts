import type { components as Admin } from "./gen/admin-api";
import type { components as Booking } from "./gen/booking";
import type { components as Waitroom } from "./gen/waitroom";

export { admin, booking, waitroom } from "./clients";
export { ApiProblem, isProblem, toProblem } from "./problem";
export { unwrap, unwrapWithResponse } from "./unwrap";

/** Schemas of the three services, by name: `AdminSchemas["Room"]`. */
export type AdminSchemas = Admin["schemas"];
export type BookingSchemas = Booking["schemas"];
export type WaitroomSchemas = Waitroom["schemas"];
