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
        /** Take a place in the line; with a valid ticket, returns the place already held. */
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
             * @description People still waiting in front.
             */
            ahead: number;
            /** @description An honest range of the wait; null while no one is being admitted. */
            eta_seconds: {
                low: number;
                high: number;
            } | null;
            /** @description When to ask again. */
            poll_after_ms: number;
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
            /** Format: int64 */
            issued: number;
            /** Format: int64 */
            serving: number;
            rate_per_minute: number;
            state: components["schemas"]["Mode"];
            /** Format: date-time */
            as_of: string;
        };
        /**
         * @description `open`: straight through unless busy. `queue`: everybody takes a place and waits for the next admission.
         *     `hold`: places are given, no one is admitted. `draining`: no new places, those waiting are admitted.
         *     `closed`: neither.
         * @enum {string}
         */
        Mode: "open" | "queue" | "hold" | "draining" | "closed";
        Policy: {
            mode: components["schemas"]["Mode"];
            rate_per_minute: number;
            max_active: number;
            /** @description An admitted session silent for this long gives its slot back. */
            session_idle_seconds: number;
            /** @description No session lasts longer than this. */
            session_limit_seconds: number;
            /** @description A waiting visitor silent for this long no longer counts. */
            ghost_seconds: number;
            /** @description Who comes back within this time takes the place up again. */
            return_grace_seconds: number;
            poll_min_ms: number;
            poll_max_ms: number;
            /**
             * @description Status of the answer a gated path gives to who must wait.
             * @enum {integer}
             */
            gate_status: 200 | 202 | 429;
            /** @description Shown to everyone who waits. */
            message: string;
        };
        PolicyChange: {
            mode?: components["schemas"]["Mode"];
            rate_per_minute?: number;
            max_active?: number;
            /** @description An admitted session silent for this long gives its slot back. */
            session_idle_seconds?: number;
            /** @description No session lasts longer than this. */
            session_limit_seconds?: number;
            /** @description A waiting visitor silent for this long no longer counts. */
            ghost_seconds?: number;
            /** @description Who comes back within this time takes the place up again. */
            return_grace_seconds?: number;
            poll_min_ms?: number;
            poll_max_ms?: number;
            /**
             * @description Status of the answer a gated path gives to who must wait.
             * @enum {integer}
             */
            gate_status?: 200 | 202 | 429;
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
                /** Format: int64 */
                issued: number;
                /** Format: int64 */
                serving: number;
                /** Format: int64 */
                waiting: number;
                /** Format: int64 */
                active: number;
                /** Format: int64 */
                admitted_total: number;
                /** Format: int64 */
                admitted_last_minute: number;
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
            header?: never;
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
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
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
}
