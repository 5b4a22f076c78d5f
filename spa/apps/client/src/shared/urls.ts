/** Every address of the app, and those of its neighbours that it links to. */
export const urls = {
  home: "/",
  search: (words: string) => (words ? `/?q=${encodeURIComponent(words)}` : "/"),
  show: (show: string) => `/shows/${show}`,
  /** Gated: link to it with a plain <a>, so that the gateway can answer with the waiting page. */
  seats: (show: string) => `/shows/${show}/seats`,
  checkout: (hold: string) => `/checkout/${hold}`,
  pay: (order: string) => `/pay/${order}`,
  bookings: "/bookings",
  booking: (order: string) => `/bookings/${order}`,
  /** The service's own page of the tickets, with codes that a door can check without a network. */
  printedTickets: (order: string, language: string) => `/api/v1/orders/${order}/tickets?lang=${language}`,
  account: "/accounts/",
  signIn: (backTo: string) => `/accounts/sign-in?return=${encodeURIComponent(backTo)}`,
  signUp: (backTo: string) => `/accounts/sign-up?return=${encodeURIComponent(backTo)}`,
} as const;

/** The same as patterns, for the router. */
export const routes = {
  show: "/shows/:show",
  seats: "/shows/:show/seats",
  checkout: "/checkout/:hold",
  pay: "/pay/:order",
  bookings: "/bookings",
  booking: "/bookings/:order",
} as const;
