// Generated from booking/openapi.yaml by `npm run generate`; do not edit.

export interface paths {
    "/api/v1/shows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The catalogue, by start time. */
        get: operations["listShows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        /** One show. */
        get: operations["getShow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}/seats": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        /** The layout of the hall; changes only with `layout_version`. Gated. */
        get: operations["getSeatLayout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}/seats/state": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        /** Which seats can be had now, a bit a seat in layout order. Gated. */
        get: operations["getSeatState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take one to ten seats for a while, all or none. Gated. */
        post: operations["holdSeats"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}/holds/{hold}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
                hold: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Give the seats back before the hold runs out. Gated. */
        delete: operations["releaseHold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The buyer's own orders, newest first. */
        get: operations["listOrders"];
        put?: never;
        /** Turn a hold into an order that awaits payment. Idempotent by key. */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        /** One of the buyer's own orders, with tickets once paid. */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}/payment": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pay. Idempotent by key.
         * @description The simulated provider knows these cards: `4242424242424242` pays; `4000000000000002` is declined
         *     (402 `payment-declined`, the hold stays and another card may be tried until it runs out); `4000000000000341` pays, but the
         *     provider's answer is lost (202; it settles by itself). Any other card is declined.
         */
        post: operations["payOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel; a paid order is refunded in full and its seats go back on sale. */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an account and sign in. A guest session in the request becomes the account, with its orders. */
        post: operations["signUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/guests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A session for buying without an account; the e-mail address receives the tickets. */
        post: operations["startGuest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["getSession"];
        put?: never;
        /** Sign in. */
        post: operations["signIn"];
        /** Sign out; the session ends on the server. */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders of all buyers, newest first. Private port; permission `order:read`. */
        get: operations["staffListOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            /** @example urn:anteroom:problem:seat-taken */
            type: string;
            title: string;
            status: number;
            detail?: string;
            /** @description Names the request in our logs: say it when you ask what went wrong. */
            request_id?: string;
            fields?: {
                name: string;
                message: string;
            }[];
            /** @description With `seat-taken`. */
            seat_ids?: number[];
        };
        /** @description A text in both languages. */
        Text: {
            en: string;
            ko: string;
        };
        Money: {
            /** Format: int64 */
            amount: number;
            /** @example KRW */
            currency: string;
        };
        Band: {
            /** Format: int64 */
            id: number;
            name: components["schemas"]["Text"];
            price: components["schemas"]["Money"];
            /** @example #7c3aed */
            colour: string;
        };
        Show: {
            slug: string;
            title: components["schemas"]["Text"];
            description: components["schemas"]["Text"];
            venue: components["schemas"]["Text"];
            city: components["schemas"]["Text"];
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            on_sale_at: string;
            /** @example Asia/Seoul */
            time_zone: string;
            seats_total: number;
            seats_available: number;
            /** @description Every seat is sold or blocked. Seats that are only held may come back, so without any available a show need not be sold out. */
            sold_out: boolean;
            max_per_buyer: number;
            hold_seconds: number;
            /** @description The waiting room in front of it. */
            room: string;
            bands: components["schemas"]["Band"][];
        };
        /** @description Seats as columns of equal length, so that 12,000 of them stay small; the index in the columns is the layout order. */
        SeatLayout: {
            layout_version: number;
            /** @description Of the drawing. */
            width: number;
            height: number;
            stage: {
                x: number;
                y: number;
                width: number;
                height: number;
            };
            sections: {
                /** @example A1 */
                name: string;
                /** Format: int64 */
                band_id: number;
                /** @description Where its name is drawn. */
                x: number;
                y: number;
            }[];
            seats: {
                id: number[];
                /** @description Index into sections. */
                section: number[];
                row: string[];
                number: string[];
                x: number[];
                y: number[];
            };
        };
        SeatState: {
            layout_version: number;
            available: number;
            /**
             * Format: byte
             * @description Base64 of a bitmap in layout order, least significant bit of each byte first; 1 means it cannot be had.
             */
            unavailable: string;
            /** Format: date-time */
            as_of: string;
        };
        Hold: {
            /** Format: uuid */
            id: string;
            show: string;
            seats: components["schemas"]["Line"][];
            total: components["schemas"]["Money"];
            /** Format: date-time */
            expires_at: string;
        };
        Line: {
            /** Format: int64 */
            seat_id: number;
            section: string;
            row: string;
            number: string;
            /** Format: int64 */
            band_id: number;
            price: components["schemas"]["Money"];
        };
        /** @enum {string} */
        OrderState: "pending" | "confirming" | "paid" | "cancelled" | "expired";
        Order: {
            /** Format: uuid */
            id: string;
            /**
             * @description Short, for people.
             * @example AN-7K3M9Q
             */
            reference: string;
            state: components["schemas"]["OrderState"];
            show: string;
            title: components["schemas"]["Text"];
            venue: components["schemas"]["Text"];
            /** Format: date-time */
            starts_at: string;
            time_zone: string;
            lines: components["schemas"]["Line"][];
            total: components["schemas"]["Money"];
            refunded?: components["schemas"]["Money"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description While pending.
             */
            pay_by?: string;
            tickets: components["schemas"]["Ticket"][];
        };
        Ticket: {
            /** Format: uuid */
            id: string;
            /**
             * @description What the door reads.
             * @example 7K3M-9QXA-22BD
             */
            code: string;
            /** Format: int64 */
            seat_id: number;
            section: string;
            row: string;
            number: string;
            /** @enum {string} */
            state: "valid" | "cancelled";
        };
        Session: {
            /** @enum {string} */
            kind: "account" | "guest";
            email: string;
            name?: string;
        };
        StaffOrder: {
            /** Format: uuid */
            id: string;
            reference: string;
            state: components["schemas"]["OrderState"];
            show: string;
            email: string;
            /**
             * @example [
             *       "A1 · 12 · 7"
             *     ]
             */
            seats: string[];
            total: components["schemas"]["Money"];
            /** Format: date-time */
            created_at: string;
        };
        StaffOrderPage: {
            orders: components["schemas"]["StaffOrder"][];
            /** @description Cursor of the next page; absent on the last. */
            next?: string;
        };
    };
    responses: {
        /** @description What was wrong. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        show: string;
        order: string;
        /** @description One to 255 visible ASCII characters (IETF draft-ietf-httpapi-idempotency-key-header). The same key with another body is 422 `idempotency-key-reused`; a request still running under the key is 409 `idempotency-key-in-flight`. */
        idempotencyKey: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listShows: {
        parameters: {
            query?: {
                /** @description Words of title, venue or city. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        shows: components["schemas"]["Show"][];
                    };
                };
            };
            503: components["responses"]["Problem"];
        };
    };
    getShow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The show. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Show"];
                };
            };
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getSeatLayout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The layout. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeatLayout"];
                };
            };
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    getSeatState: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeatState"];
                };
            };
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    holdSeats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    seat_ids: number[];
                };
            };
        };
        responses: {
            /** @description Held. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            /** @description `seat-taken`, with `seat_ids` that are taken; `limit-reached`; `not-on-sale`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    releaseHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
                hold: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Released; asking again is harmless. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
        };
    };
    listOrders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Orders. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        orders: components["schemas"]["Order"][];
                    };
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description One to 255 visible ASCII characters (IETF draft-ietf-httpapi-idempotency-key-header). The same key with another body is 422 `idempotency-key-reused`; a request still running under the key is 409 `idempotency-key-in-flight`. */
                "Idempotency-Key": components["parameters"]["idempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    hold_id: string;
                };
            };
        };
        responses: {
            /** @description The order. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    payOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description One to 255 visible ASCII characters (IETF draft-ietf-httpapi-idempotency-key-header). The same key with another body is 422 `idempotency-key-reused`; a request still running under the key is 409 `idempotency-key-in-flight`. */
                "Idempotency-Key": components["parameters"]["idempotencyKey"];
            };
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    card_number: string;
                };
            };
        };
        responses: {
            /** @description The order, paid, with its tickets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The provider has not answered yet; the order is `confirming` and settles by itself. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            402: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cancelled order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
        };
    };
    signUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: email */
                    email: string;
                    password: string;
                    name: string;
                };
            };
        };
        responses: {
            /** @description Signed in; the session cookie is set. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    startGuest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: email */
                    email: string;
                };
            };
        };
        responses: {
            /** @description The session cookie is set. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    email: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description The session cookie is set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    staffListOrders: {
        parameters: {
            query?: {
                show?: string;
                state?: components["schemas"]["OrderState"];
                /** @description An e-mail address, or the start of an order reference. */
                q?: string;
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffOrderPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
        };
    };
}
