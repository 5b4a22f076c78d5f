// Generated from waitroom/openapi.yaml by `npm run generate`; do not edit.

export interface paths {
    "/waitroom/v1/{room}/join": {
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
        /** Take a place in the line; with a valid ticket, or the same key, returns the place already held. */
        post: operations["join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/status": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** Where the visitor stands. This call is the heartbeat; when admitted it carries the pass. */
        get: operations["status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** The place as a JWS that anyone can verify against the published keys. */
        get: operations["receipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/serving": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** How far the line has come; public, cacheable for one second. */
        get: operations["serving"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** The head of the line as Server-Sent Events (`event: serving`, data a Serving): about once a second, and at every change of phase, end and epoch. A comment keeps the connection up while the line is down. Bounded in number; polling `serving` is the fallback. */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/draw": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** The draw as far as it is; public, cacheable for one second. Once drawn, every rank can be recomputed from it offline. */
        get: operations["draw"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/draw/entrants": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** Who was present at the sealing, a bit a number, in gzip; for draws whose document gives this address in place of the bits. */
        get: operations["entrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** What was issued and served, as signed lines each of which names the one before; public, at most 1,000 lines a call. */
        get: operations["ledger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/ticket": {
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
        post?: never;
        /** Leave the line. */
        delete: operations["leave"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/pass": {
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
        post?: never;
        /** Give the slot back early. The pass is worthless from then on. */
        delete: operations["release"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public keys of passes and receipts (RFC 7517). */
        get: operations["jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All rooms, with policy and live figures. Private port. */
        get: operations["listRooms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/rooms/{room}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** One room. Private port. */
        get: operations["getRoom"];
        /** Make a room or replace its policy; what is left out takes its default. Private port. */
        put: operations["putRoom"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change some settings; in force on every gateway within one second, the line untouched. Private port. */
        patch: operations["changeRoom"];
        trace?: never;
    };
    "/control/v1/rooms/{room}/reset": {
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
        /** Start the line anew: every ticket and pass from before is worthless. Permission `line:write`. Private port. */
        post: operations["resetRoom"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/rooms/{room}/end": {
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
        /** End the line and tell everybody why. Places are kept. Permission `line:write`. Private port. */
        post: operations["endLine"];
        /** Go on with a line that was ended. While the show is sold out, `end_when_sold_out` would end it again. Permission `line:write`. Private port. */
        delete: operations["resumeLine"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/rooms/{room}/draw/beacon": {
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
        /** Give the draw the value that its beacon has published, once. Permission `line:write`. Private port. */
        post: operations["giveBeacon"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/rooms/{room}/visitors/{number}": {
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
        /** End what one visitor has: the session, with its pass revoked, or the place. Permission `visitor:write`. Private port. */
        delete: operations["evict"];
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
            /** @example urn:anteroom:problem:ticket-invalid */
            type: string;
            title: string;
            status: number;
            detail?: string;
            fields?: {
                name: string;
                message: string;
            }[];
        };
        /**
         * @description `passed`: the turn was used and given back or ran out. `expired`: silent for longer than the return grace;
         *     join again. `closed`: the room lets no one in.
         * @enum {string}
         */
        State: "prequeue" | "waiting" | "admitted" | "passed" | "expired" | "closed";
        Status: {
            room: string;
            state: components["schemas"]["State"];
            /**
             * Format: int64
             * @description Dense within room and epoch, from 1.
             */
            number: number;
            /** Format: int64 */
            epoch?: number;
            /**
             * Format: int64
             * @description People still waiting in front, at most two seconds ago. It can rise when some who fell silent come back: show the least so far.
             */
            ahead: number;
            /** @description An honest range of the wait; null while no one is being admitted. */
            eta_seconds: {
                low: number;
                high: number;
            } | null;
            /** @description When to ask again. */
            poll_after_ms: number;
            ended?: components["schemas"]["Ended"];
            /**
             * Format: date-time
             * @description When the room will open; in the state prequeue where it is known.
             */
            opens_at?: string;
            /** @description The operator's live message. */
            message?: string;
            /** @description On join only. */
            ticket?: string;
            /** @description When admitted. */
            pass?: string;
            /** Format: date-time */
            pass_expires_at?: string;
            /**
             * Format: date-time
             * @description By the clock of the line.
             */
            admitted_at?: string;
        };
        Receipt: {
            /** @description Compact JWS over room, epoch, number and time of joining. */
            receipt: string;
        };
        Serving: {
            /** Format: int64 */
            epoch: number;
            /**
             * Format: int64
             * @description The highest number given.
             */
            issued: number;
            /**
             * Format: int64
             * @description The highest rank admitted; the rank is the number unless the order was drawn.
             */
            serving: number;
            /**
             * Format: int64
             * @description People who wait and are there, at most two seconds ago.
             */
            waiting: number;
            rate_per_minute: number;
            /** @description The same as phase. */
            state: components["schemas"]["Phase"];
            phase: components["schemas"]["Phase"];
            ended?: components["schemas"]["Ended"];
            /** @description Share of the latest admissions that came in the order of the line; absent while nothing was measured. */
            fairness?: number;
            /**
             * Format: date-time
             * @description By the clock of the line.
             */
            as_of: string;
        };
        Digest: string;
        Draw: {
            /** @constant */
            version: 1;
            room: string;
            /** Format: int64 */
            epoch: number;
            state: components["schemas"]["DrawState"];
            /** @description Of seed, room, epoch and beacon_name. */
            commitment: components["schemas"]["Digest"];
            beacon_name: string;
            /**
             * Format: int64
             * @description Numbers up to this one are drawn; 0 before the sealing.
             */
            n: number;
            /** Format: date-time */
            sealed_at?: string;
            /** @description Merkle root of the entrants; from the sealing on. */
            entrants_root?: components["schemas"]["Digest"];
            /**
             * Format: byte
             * @description Who was present at the sealing, as `draw/entrants` gives it; left out above 64 KiB.
             */
            entrants?: string;
            /**
             * Format: uri-reference
             * @description Where the entrants are when they are left out.
             */
            entrants_url?: string;
            /** @description Once drawn. */
            beacon_value?: string;
            /** @description Once drawn. */
            seed?: components["schemas"]["Digest"];
            /** @description Once drawn: of the permutation that gives every number its rank. */
            key?: components["schemas"]["Digest"];
        };
        Ledger: {
            room: string;
            /**
             * Format: int64
             * @description The number of the first line.
             */
            from: number;
            /**
             * Format: int64
             * @description Where the next page begins.
             */
            next: number;
            lines: string[];
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
                /** Format: date-time */
                as_of: string;
            };
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
    join: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Who repeats a join with the same key within the hour, because the answer was lost, gets the same place and a ticket for
                 *     it. So it is as good as the ticket: make it at random, for one visitor, and tell nobody.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The place. The ticket is also set as a cookie. */
            201: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description `idempotency-key-invalid`. */
            400: components["responses"]["Problem"];
            /** @description `room-unknown`. */
            404: components["responses"]["Problem"];
            /** @description `room-closed`. */
            409: components["responses"]["Problem"];
            /** @description `room-sold-out`: the line has ended. */
            410: components["responses"]["Problem"];
            /** @description `room-full` (method reject), `line-unavailable`, `room-lost`; with Retry-After. */
            503: components["responses"]["Problem"];
        };
    };
    status: {
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
            /** @description The visitor's place. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    receipt: {
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
            /** @description The receipt. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    serving: {
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
            /** @description The head of the line. */
            200: {
                headers: {
                    "Cache-Control"?: "public, max-age=1";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Serving"];
                };
            };
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    events: {
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
            404: components["responses"]["Problem"];
            /** @description `too-many-streams`, `line-unavailable`, `room-lost`; with Retry-After. */
            503: components["responses"]["Problem"];
        };
    };
    draw: {
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
            /** @description The document of the draw. */
            200: {
                headers: {
                    "Cache-Control"?: "public, max-age=1";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draw"];
                };
            };
            /** @description `room-unknown`, or `draw-none`: the room has no draw. */
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    entrants: {
        parameters: {
            query: {
                /** @description Of the draw. */
                epoch: number;
            };
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The gzip file; bit n mod 8 (the most significant first) of byte n / 8 is number n. */
            200: {
                headers: {
                    "Cache-Control"?: "public, max-age=3600, immutable";
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": string;
                };
            };
            400: components["responses"]["Problem"];
            /** @description `room-unknown`, or `draw-none`: no draw of this epoch is sealed. */
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    ledger: {
        parameters: {
            query?: {
                /** @description The number of the first line wanted. */
                from?: number;
            };
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lines. A full page never changes and may be kept; the last page may for one second. */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ledger"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            /** @description `line-unavailable`, or `ledger-busy`; with Retry-After. */
            503: components["responses"]["Problem"];
        };
    };
    leave: {
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
            /** @description Left; asking again is harmless. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    release: {
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
            /** @description Released; asking again is harmless. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
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
    putRoom: {
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
            422: components["responses"]["Problem"];
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
            /** @description `room-changed`: someone else has changed or reset it meanwhile. */
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
            /** @description `draw-state`: the entrants are not sealed yet, or the value has been given. */
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
            /** @description `ticket-superseded`: the epoch is not the one of the room. */
            410: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
}
