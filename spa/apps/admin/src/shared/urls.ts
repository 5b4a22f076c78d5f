/** Where the gateway serves this app; the router strips it. */
export const base = "/admin";

/** Paths inside the app, as the router sees them. */
export const paths = {
  signIn: "/sign-in",
  rooms: "/rooms",
  room: (room: string) => `/rooms/${encodeURIComponent(room)}`,
  orders: "/orders",
  audit: "/audit",
} as const;

/** Patterns of the same paths, for the router. */
export const patterns = { ...paths, room: "/rooms/:room" } as const;

/** Query parameter of the sign-in page that says where to go on to. */
export const returnParameter = "return";

/** Calls of the admin API; the typed client checks each against the OpenAPI file. */
export const api = {
  session: "/admin/api/v1/session",
  rooms: "/admin/api/v1/rooms",
  room: "/admin/api/v1/rooms/{room}",
  reset: "/admin/api/v1/rooms/{room}/reset",
  end: "/admin/api/v1/rooms/{room}/end",
  beacon: "/admin/api/v1/rooms/{room}/draw/beacon",
  orders: "/admin/api/v1/orders",
  audit: "/admin/api/v1/audit",
  /** Of the booking service: the open catalogue, for the show filter. */
  shows: "/api/v1/shows",
} as const;

/** The stream of one room; EventSource is not part of the typed client. */
export const roomEvents = (room: string) => `/admin/api/v1/rooms/${encodeURIComponent(room)}/events`;
