// Generated from admin-api/openapi.yaml by `npm run generate`; do not edit.

export interface paths {
    "/admin/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, with which permissions. */
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
    "/admin/api/v1/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All rooms. Permission `room:read`. */
        get: operations["listRooms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/rooms/{room}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** One room. Permission `room:read`. */
        get: operations["getRoom"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change settings; in force on every gateway within one second. Permission `room:write`. */
        patch: operations["changeRoom"];
        trace?: never;
    };
    "/admin/api/v1/rooms/{room}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start the line anew: every ticket and pass from before is worthless. Permission `line:write`. */
        post: operations["resetRoom"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/rooms/{room}/end": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the line and tell everybody why; places are kept. Permission `line:write`. */
        post: operations["endLine"];
        /** Go on with a line that was ended. While the show is sold out, `end_when_sold_out` would end it again. Permission `line:write`. */
        delete: operations["resumeLine"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/rooms/{room}/draw/beacon": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the draw the value that its beacon has published, once. Permission `line:write`. */
        post: operations["giveBeacon"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/rooms/{room}/visitors/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
                /** @description The visitor's number. */
                number: components["parameters"]["number"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End what one visitor has: the session, with its pass revoked, or the place. Permission `visitor:write`. */
        delete: operations["evict"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/rooms/{room}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** The room once a second as Server-Sent Events (`event: room`, data a Room; `event: problem`, data a Problem, while the gateway does not answer). Permission `room:read`. */
        get: operations["roomEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders of all buyers, newest first. Permission `order:read`. */
        get: operations["listOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit table, newest first. Permission `audit:read`. */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public keys of the staff tokens that the other services verify (RFC 7517). */
        get: operations["jwks"];
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
        /** @enum {string} */
        Role: "owner" | "event-manager" | "box-office" | "customer-service" | "finance" | "devops" | "developer" | "auditor";
        /** @enum {string} */
        Permission: "room:read" | "room:write" | "line:write" | "visitor:write" | "order:read" | "order:write" | "audit:read" | "staff:write" | "catalogue:write" | "seat:write" | "ticket:check";
        Session: {
            email: string;
            name: string;
            role: components["schemas"]["Role"];
            permissions: components["schemas"]["Permission"][];
        };
        AuditPage: {
            entries: components["schemas"]["AuditEntry"][];
            /**
             * Format: int64
             * @description Absent on the last page.
             */
            next_before?: number;
        };
        AuditEntry: {
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            at: string;
            /** @description E-mail address of the staff member; of a refused sign-in, the address that was tried. */
            actor: string;
            /** @description Absent where nobody of that address works here. */
            role?: components["schemas"]["Role"];
            /**
             * @example room.change
             * @example room.reset
             * @example room.end
             * @example room.resume
             * @example draw.beacon
             * @example visitor.evict
             * @example session.sign-in
             */
            action: string;
            /**
             * @example room/arena
             * @example room/arena/visitor/17
             */
            target: string;
            /** @enum {string} */
            outcome: "done" | "refused" | "failed";
            /** @description Of a room, its version and policy. Absent where nothing was changed. */
            before?: {
                [key: string]: unknown;
            } | null;
            /** @description Of what was refused or failed, what was asked for. */
            after?: {
                [key: string]: unknown;
            } | null;
            /** @description Why it was refused or failed. */
            reason?: string;
        };
        Problem: {
            /** @example urn:anteroom:problem:ticket-invalid */
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
        };
        /**
         * @description `open`: straight through unless busy. `queue`: everybody takes a place and waits for the next admission.
         *     `hold`: places are given, no one is admitted. `draining`: no new places, those waiting are admitted.
         *     `closed`: neither.
         * @enum {string}
         */
        Mode: "open" | "queue" | "hold" | "draining" | "closed";
        /**
         * @description What the room does just now: its mode, with schedule, draw and end applied. `prequeue`: before the opening, or before the
         *     draw is done; people gather. `closed`: the mode says so, or the line has ended, or it is before `prequeue_at` or after `close_at`.
         * @enum {string}
         */
        Phase: "prequeue" | "open" | "queue" | "hold" | "draining" | "closed";
        /**
         * @description `fifo`: first in, first out. `draw`: who gathers before the opening is put in a drawn order, later ones follow.
         *     `passthrough`: everybody goes through; measured is who would have waited. `reject`: who cannot go through at once
         *     is turned away, without a place.
         * @enum {string}
         */
        Method: "fifo" | "draw" | "passthrough" | "reject";
        /**
         * @description While the line cannot be reached: `hold`: no one new goes in, places are kept. `open`: everybody goes through, as
         *     fast as the room's rate allows. `closed`: nobody goes through, with or without a pass.
         * @enum {string}
         */
        Outage: "hold" | "open" | "closed";
        /**
         * @description Why the line was ended; absent while it was not.
         * @enum {string}
         */
        Ended: "sold_out" | "over";
        /**
         * @description `committed`: the seed is fixed and its digest is public. `sealed`: the entrants are fixed, the beacon's value is
         *     awaited. `drawn`: the ranks are fixed, all is revealed.
         * @enum {string}
         */
        DrawState: "committed" | "sealed" | "drawn";
        /**
         * @description A time of the clock on the wall in time_zone, which must have it, and once.
         * @example 2026-12-01T20:00:00
         */
        LocalTime: string;
        /** @description What a host makes of the waiting page. What is absent is as it is without a brand. */
        Brand: {
            /** @description Of the host; in the title, and the description of the logo. */
            name?: string;
            /** @description An https address or a path on the same host. */
            logo_url?: string;
            /** @description Of buttons and the progress; made darker or lighter where it could not be read. */
            colour?: string;
            /** @description By day and by night. */
            background?: string;
            texts?: {
                en?: components["schemas"]["BrandText"];
                ko?: components["schemas"]["BrandText"];
                ja?: components["schemas"]["BrandText"];
            };
        };
        /** @description A host's own words for who waits. */
        BrandText: {
            title?: string;
            lead?: string;
        };
        /**
         * @description How far a guard goes: off; counted as it would be enforced, and nobody notices; enforced.
         * @enum {string}
         */
        Watch: "" | "watch" | "enforce";
        /** @description What keeps those out of the line who are no buyers. See docs/guards.md. */
        Guards: {
            /** @description A join wants the solution of a puzzle. */
            proof_of_work?: components["schemas"]["Watch"];
            /** @description Its cost, from 8: 2 to the power of it hashes on average. */
            proof_bits?: number;
            /** @description New places by address and network. */
            join_limit?: components["schemas"]["Watch"];
            /** @description In any minute on one gateway, half of them at once; 0: any number. */
            joins_per_address?: number;
            /** @description The same of one /24 of IPv4 or /48 of IPv6. */
            joins_per_prefix?: number;
            /** @description A join wants a presale code. */
            presale?: components["schemas"]["Watch"];
            /** @description Until open_at only, which must be set; all others come after those with a code. */
            presale_until_open?: boolean;
            /** @description Who trips a guard by what no buyer does is shown a place in a line that does not move. */
            shadow?: components["schemas"]["Watch"];
        };
        /** @description Lets the rate follow how the upstream does, as the gateways see it. See docs/guards.md. */
        Adaptive: {
            /** @description watch computes the rate and changes nothing. */
            stage?: components["schemas"]["Watch"];
            /** @description The rate never falls below it; from 1 to rate_per_minute. */
            min_rate_per_minute?: number;
            /** @description An upstream whose 95th percentile of the time to the first byte is above it is under pressure; from 1. */
            target_p95_ms?: number;
            /** @description So is one that fails more often; from 1. */
            max_error_percent?: number;
            /** @description Or has more requests under way from one gateway; 0: any number. */
            max_in_flight?: number;
        };
        Policy: {
            mode: components["schemas"]["Mode"];
            method: components["schemas"]["Method"];
            /** @description Admissions in any 60 seconds; 0 only in the modes hold and closed. */
            rate_per_minute: number;
            /** @description Admitted sessions at any instant; not below those there are now. */
            max_active: number;
            /** @description Seconds of the rate that an idle room saves up to admit at once. */
            burst_seconds: number;
            /** @description An admitted session silent for this long gives its slot back. */
            session_idle_seconds: number;
            /** @description No session lasts longer than this. */
            session_limit_seconds: number;
            /** @description A waiting visitor silent for this long, at most half as long again, no longer counts. */
            ghost_seconds: number;
            /** @description Who was passed over while silent and comes back within this time is admitted next. */
            return_grace_seconds: number;
            /** @description Milliseconds between two calls of a visitor, at least. */
            poll_min_ms: number;
            /** @description Milliseconds, at most; not below poll_min_ms, and shorter than ghost_seconds. */
            poll_max_ms: number;
            /**
             * @description Status of the answer a gated path gives to who must wait.
             * @enum {integer}
             */
            gate_status: 200 | 202 | 429;
            on_outage: components["schemas"]["Outage"];
            /** @description The line ends when the show of the room's name has nothing left to sell. */
            end_when_sold_out: boolean;
            /** @description Places are given from then on; empty: at once. Wants open_at. */
            prequeue_at: components["schemas"]["LocalTime"];
            /** @description No one is admitted before; empty: at once. After prequeue_at. */
            open_at: components["schemas"]["LocalTime"];
            /** @description Closed from then on; empty: never. After open_at. */
            close_at: components["schemas"]["LocalTime"];
            /**
             * @description IANA name of the zone of the three times.
             * @example Asia/Seoul
             */
            time_zone: string;
            /** @description The public value, by name and round, that a draw will be mixed with; wanted by the method draw. */
            beacon: string;
            /** @description Shown to everyone who waits. */
            message: string;
            /** @description How long a pass is good; it is renewed while it is used, never beyond the session. No less than twice session_idle_seconds, nor 10; 0: for the whole session. */
            pass_life_seconds: number;
            /** @description Requests of one session on one gateway, a second and as many at once; 0: no limit. */
            pass_rate_per_second: number;
            /** @description Requests of one session under way on one gateway, until their answers begin; 0: no limit. */
            pass_concurrency: number;
            /** @description Absent while there is none. */
            brand?: components["schemas"]["Brand"];
            /** @description Absent while none is set. */
            guards?: components["schemas"]["Guards"];
            /** @description Absent while it is off. */
            adaptive?: components["schemas"]["Adaptive"];
        };
        PolicyChange: {
            mode?: components["schemas"]["Mode"];
            method?: components["schemas"]["Method"];
            /** @description Admissions in any 60 seconds; 0 only in the modes hold and closed. */
            rate_per_minute?: number;
            /** @description Admitted sessions at any instant; not below those there are now. */
            max_active?: number;
            /** @description Seconds of the rate that an idle room saves up to admit at once. */
            burst_seconds?: number;
            /** @description An admitted session silent for this long gives its slot back. */
            session_idle_seconds?: number;
            /** @description No session lasts longer than this. */
            session_limit_seconds?: number;
            /** @description A waiting visitor silent for this long, at most half as long again, no longer counts. */
            ghost_seconds?: number;
            /** @description Who was passed over while silent and comes back within this time is admitted next. */
            return_grace_seconds?: number;
            /** @description Milliseconds between two calls of a visitor, at least. */
            poll_min_ms?: number;
            /** @description Milliseconds, at most; not below poll_min_ms, and shorter than ghost_seconds. */
            poll_max_ms?: number;
            /**
             * @description Status of the answer a gated path gives to who must wait.
             * @enum {integer}
             */
            gate_status?: 200 | 202 | 429;
            on_outage?: components["schemas"]["Outage"];
            /** @description The line ends when the show of the room's name has nothing left to sell. */
            end_when_sold_out?: boolean;
            /** @description Places are given from then on; empty: at once. Wants open_at. */
            prequeue_at?: components["schemas"]["LocalTime"];
            /** @description No one is admitted before; empty: at once. After prequeue_at. */
            open_at?: components["schemas"]["LocalTime"];
            /** @description Closed from then on; empty: never. After open_at. */
            close_at?: components["schemas"]["LocalTime"];
            /**
             * @description IANA name of the zone of the three times.
             * @example Asia/Seoul
             */
            time_zone?: string;
            /** @description The public value, by name and round, that a draw will be mixed with; wanted by the method draw. */
            beacon?: string;
            /** @description Shown to everyone who waits. */
            message?: string;
            /** @description How long a pass is good; it is renewed while it is used, never beyond the session. No less than twice session_idle_seconds, nor 10; 0: for the whole session. */
            pass_life_seconds?: number;
            /** @description Requests of one session on one gateway, a second and as many at once; 0: no limit. */
            pass_rate_per_second?: number;
            /** @description Requests of one session under way on one gateway, until their answers begin; 0: no limit. */
            pass_concurrency?: number;
            /** @description Replaced whole. */
            brand?: components["schemas"]["Brand"];
            /** @description Replaced whole. */
            guards?: components["schemas"]["Guards"];
            /** @description Replaced whole. */
            adaptive?: components["schemas"]["Adaptive"];
            /**
             * Format: int64
             * @description When given, the change is refused with 409 unless the room still has this version.
             */
            version?: number;
        };
        Room: {
            room: string;
            /**
             * Format: int64
             * @description Rises by one with every change.
             */
            version: number;
            policy: components["schemas"]["Policy"];
            live: {
                /** Format: int64 */
                epoch: number;
                phase: components["schemas"]["Phase"];
                ended?: components["schemas"]["Ended"];
                /** @description How far the draw is; absent without one. */
                draw?: components["schemas"]["DrawState"];
                /**
                 * Format: int64
                 * @description The highest number given.
                 */
                issued: number;
                /**
                 * Format: int64
                 * @description The highest rank admitted.
                 */
                serving: number;
                /**
                 * Format: int64
                 * @description People who wait and are there, at most two seconds ago.
                 */
                waiting: number;
                /** Format: int64 */
                active: number;
                /** Format: int64 */
                admitted_total: number;
                /** Format: int64 */
                admitted_last_minute: number;
                /**
                 * Format: int64
                 * @description With the method passthrough: how many would have waited.
                 */
                would_queue: number;
                /**
                 * Format: int64
                 * @description Admissions in any 60 seconds as things are: rate_per_minute, or what pressure on the upstream has left of it.
                 */
                rate_now?: number;
                /**
                 * Format: int64
                 * @description What pressure has left of it; in the stage watch less than rate_now, which nothing changes.
                 */
                rate_advised?: number;
                /**
                 * @description The newest reason for rate_advised to be less than rate_per_minute; else absent.
                 * @example p95 840 ms > 500 ms
                 */
                rate_why?: string;
                /** Format: date-time */
                as_of: string;
            };
        };
        Reset: {
            /**
             * Format: int64
             * @description That the room must still have, so that a reset is made once.
             */
            version: number;
        };
        End: {
            reason: components["schemas"]["Ended"];
        };
        Beacon: {
            /** @description Character for character as the beacon has published it. */
            value: string;
        };
        Money: {
            /** Format: int64 */
            amount: number;
            /** @example KRW */
            currency: string;
        };
        /** @enum {string} */
        OrderState: "pending" | "confirming" | "paid" | "cancelled" | "expired";
        Order: {
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
        OrderPage: {
            orders: components["schemas"]["Order"][];
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
        room: string;
        /** @description The visitor's number. */
        number: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
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
            400: components["responses"]["Problem"];
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
    listRooms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rooms by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rooms: components["schemas"]["Room"][];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    changeRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyChange"];
            };
        };
        responses: {
            /** @description The room as it now stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    resetRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reset"];
            };
        };
        responses: {
            /** @description The room as it now stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            /** @description `room-changed`. */
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    endLine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["End"];
            };
        };
        responses: {
            /** @description The room as it now stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    resumeLine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room as it now stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    giveBeacon: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Beacon"];
            };
        };
        responses: {
            /** @description The room as it now stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            /** @description `draw-state`. */
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    evict: {
        parameters: {
            query?: {
                /** @description Of the number; the room's own when left out. */
                epoch?: number;
            };
            header?: never;
            path: {
                room: components["parameters"]["room"];
                /** @description The visitor's number. */
                number: components["parameters"]["number"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room as it now stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            /** @description `ticket-superseded`. */
            410: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    roomEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                show?: string;
                state?: components["schemas"]["OrderState"];
                /** @description An e-mail address, or the start of an order reference. */
                q?: string;
                limit?: number;
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
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                limit?: number;
                /** @description Entries with a smaller id. */
                before?: number;
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
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
        };
    };
    jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JWK set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: Record<string, never>[];
                    };
                };
            };
        };
    };
}
