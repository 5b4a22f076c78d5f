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
        Permission: "room:read" | "room:write" | "order:read" | "order:write" | "audit:read" | "staff:write";
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
             * @example session.sign-in
             */
            action: string;
            /** @example room/arena */
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
