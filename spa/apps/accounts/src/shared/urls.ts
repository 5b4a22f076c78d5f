/** Where the gateway serves this app. */
export const base = "/accounts";

/** Pages of this app, below its base. */
export const routes = { me: "/", signIn: "/sign-in", signUp: "/sign-up" } as const;

/** Pages of the client app. */
export const shop = { home: "/", bookings: "/bookings" } as const;

/** The parameter that says where to go on to. */
export const returnParam = "return";
