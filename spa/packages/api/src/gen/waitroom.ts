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
    "/waitroom/v1/{room}/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /**
         * The puzzle whose solution a join will want, so that the join need not be refused first.
         * @description It is for this visitor's network, room and line, and for five minutes. Who will join with an idempotency key asks with it, for then the solution is good for that key alone. A solution is good for one place, however often and at whichever gateway it is shown.
         */
        get: operations["challenge"];
        put?: never;
        post?: never;
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
    "/waitroom/v1/{room}/move": {
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
        /**
         * A link that takes the place to another device. A browser that sends a form gets a page with it.
         * @description A place moves while it waits, not once it was admitted; three times at most. Its link works once, for five minutes, and only the latest one
         *     does. With the move this ticket ends: a place has one ticket in force, and one pass. So who shows the link to somebody else gives
         *     the place away, and cannot sell it twice. Gateways refuse the old ticket within about a second, and never give a pass for it.
         */
        post: operations["offerMove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/move/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
                /** @description Of the link, with 128 bits that nobody can guess. */
                code: components["parameters"]["code"];
            };
            cookie?: never;
        };
        /** What the link leads to, a page that asks. It uses nothing up, so that link previews and mail filters do no harm. */
        get: operations["askMove"];
        put?: never;
        /** Take the place over, once. The ticket is set as a cookie, in place of one that this device may have. */
        post: operations["claimMove"];
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
    "/waitroom/v1/{room}/auth": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /**
         * For a site's own proxy, which asks about each request before it forwards it. Any method is answered alike.
         * @description The proxy sends the visitor's headers and says what was asked for in `X-Forwarded-Uri` and `X-Forwarded-Method`, or in `X-Original-URI` (`-URL`) and
         *     `X-Original-Method`; the gateway believes those among its `trusted_proxies` (docs/configuration.md). They decide where the waiting page leads back to and
         *     whether a browser is sent there. Where the configuration believes its proxies about `request` too, what stands in `X-Forwarded-Method` and
         *     `X-Forwarded-Uri`, each once, goes past the gate as on the gateway's own routes: by the rules of the route that leads there, and with a staff
         *     token. Nothing else of it lets anybody through. 200, and no other answer, means to forward the request, with `Waitroom-Pass` in place
         *     of any that the visitor sent. A proxy that copies one value of a header only finds each cookie of `Set-Cookie` in a header of its own.
         *     Any other answer is for the visitor. `infra/edge` has complete configurations.
         */
        get: operations["askAuth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/waitroom/v1/{room}/wait": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        /** Where a visitor waits who came by a site's own proxy; answers as a gated path does, and leads back. */
        get: operations["waitHere"];
        put?: never;
        /** The same for a request that would have changed something, of any method but GET and HEAD. It is never answered with success. */
        post: operations["waitHerePost"];
        delete?: never;
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
        MoveRequest: {
            /** @description A path of this host, where the other device goes on. */
            return_to?: string;
        };
        MoveLink: {
            /**
             * Format: uri-reference
             * @description A path of this host, to be opened on the other device.
             */
            url: string;
            /** Format: int64 */
            number: number;
            /** Format: date-time */
            expires_at: string;
            /** @description The whole address as a QR code, to be drawn dark on light: <svg viewBox="0 0 {size} {size}"><path d="{path}" stroke="#000"/></svg>. */
            qr: {
                /** @description Modules on a side, with the margin that readers want. */
                size: number;
                path: string;
            };
        };
        Problem: {
            /** @example urn:anteroom:problem:ticket-invalid */
            type: string;
            title: string;
            status: number;
            detail?: string;
            /** @description With `waiting`: the place. */
            waitroom?: components["schemas"]["Status"];
            /** @description With `permission-denied`: the one that is missing. */
            permission?: string;
            /** @description Names the request in our logs: say it when you ask what went wrong. */
            request_id?: string;
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
            /**
             * Format: int64
             * @description Until opens_at, by the clock of the line: count down from here, not by the own clock. Absent once that has come.
             */
            opens_in_ms?: number;
            /**
             * @description How far the draw of the room is; absent where the order is not drawn.
             * @enum {string}
             */
            draw?: "committed" | "sealed" | "drawn";
            /**
             * Format: int64
             * @description What the draw gave this number, once it is done; absent for who joined later. See /draw for the proof.
             */
            drawn_position?: number;
            /** @description The operator's live message. */
            message?: string;
            /** @description Names the look that the operator has given the room; a page that shows another is to be loaded anew. Absent without one. */
            brand?: string;
            /** @description On join; elsewhere only when it is to be kept in the place of the one that was shown, whose key was replaced. */
            ticket?: string;
            /** @description When admitted. */
            pass?: string;
            /**
             * Format: date-time
             * @description Of this pass. Sooner than the session ends where passes are short; they are renewed while they are used.
             */
            pass_expires_at?: string;
            /**
             * Format: date-time
             * @description By the clock of the line.
             */
            admitted_at?: string;
            /**
             * Format: int64
             * @description When admitted: the pass must be used, or the status asked for again, within this time; else the turn passes to the next.
             */
            claim_in_ms?: number;
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
        Challenge: {
            /** @description False: a join wants no solution, and the rest is absent. */
            required: boolean;
            challenge?: string;
            /** @description With how many zero bits the SHA-256 must begin: 2 to the power of it tries, on average. */
            bits?: number;
            /**
             * Format: date-time
             * @description By the clock of the line.
             */
            expires_at?: string;
        };
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
                rate_now: number;
                /**
                 * Format: int64
                 * @description What pressure has left of it; in the stage watch less than rate_now, which nothing changes.
                 */
                rate_advised: number;
                /**
                 * @description The newest reason for rate_advised to be less than rate_per_minute; else absent.
                 * @example p95 840 ms > 500 ms
                 */
                rate_why?: string;
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
        /** @description What was wrong; as a page to a browser that navigates. */
        MoveProblem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "text/html": string;
            };
        };
        /** @description `proof-required`: the join wants the solution of the puzzle that the problem carries, in the header `Waitroom-Proof`. */
        ProofRequired: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    challenge: string;
                    bits: number;
                    /** Format: date-time */
                    expires_at: string;
                    /** @description What was wrong with the one that was sent, for developers; `missing` for none. */
                    solution: string;
                };
            };
        };
    };
    parameters: {
        room: string;
        /** @description The solution of a challenge: its text, a dot, and a whole number such that the SHA-256 of all three together begins with as many zero bits as it wants. */
        proof: string;
        /** @description A presale code; upper or lower case, hyphens and spaces as one likes, O for 0 and I or L for 1. One code has one place at a time. */
        presaleCode: string;
        /** @description The visitor's number. */
        number: number;
        /** @description Of the link, with 128 bits that nobody can guess. */
        code: string;
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
                /** @description The solution of a challenge: its text, a dot, and a whole number such that the SHA-256 of all three together begins with as many zero bits as it wants. */
                "Waitroom-Proof"?: components["parameters"]["proof"];
                /** @description A presale code; upper or lower case, hyphens and spaces as one likes, O for 0 and I or L for 1. One code has one place at a time. */
                "Waitroom-Code"?: components["parameters"]["presaleCode"];
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
            /** @description `origin-mismatch`; in a presale `code-required` (with `open_at` where it ends then) and `code-invalid`. */
            403: components["responses"]["Problem"];
            /** @description `room-unknown`. */
            404: components["responses"]["Problem"];
            /** @description `room-closed`. */
            409: components["responses"]["Problem"];
            /** @description `room-sold-out`: the line has ended. */
            410: components["responses"]["Problem"];
            428: components["responses"]["ProofRequired"];
            /** @description `join-limit`: too many new places from the address or its network; `code-attempts`: too many wrong codes. With Retry-After. */
            429: components["responses"]["Problem"];
            /** @description `room-full` (method reject), `line-unavailable`, `room-lost`; with Retry-After. */
            503: components["responses"]["Problem"];
        };
    };
    challenge: {
        parameters: {
            query?: never;
            header?: {
                /** @description The one that the join will have; none if it will have none. */
                "Idempotency-Key"?: string;
            };
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The puzzle, or that none is wanted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Challenge"];
                };
            };
            400: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
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
    offerMove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MoveRequest"];
                "application/x-www-form-urlencoded": components["schemas"]["MoveRequest"];
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoveLink"];
                    "text/html": string;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["MoveProblem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["MoveProblem"];
            409: components["responses"]["MoveProblem"];
            410: components["responses"]["MoveProblem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["MoveProblem"];
        };
    };
    askMove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: components["parameters"]["room"];
                /** @description Of the link, with 128 bits that nobody can guess. */
                code: components["parameters"]["code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The question */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            404: components["responses"]["Problem"];
            410: components["responses"]["MoveProblem"];
        };
    };
    claimMove: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who repeats the claim with the same key while the link is good, because the answer was lost, gets the same answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                room: components["parameters"]["room"];
                /** @description Of the link, with 128 bits that nobody can guess. */
                code: components["parameters"]["code"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @description The same for a form. */
                    key?: string;
                };
            };
        };
        responses: {
            /** @description The place, with its new ticket, which is also set as a cookie. */
            201: {
                headers: {
                    "Set-Cookie": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description To a browser that sent the form; on to where the first device was. */
            303: {
                headers: {
                    "Set-Cookie": string;
                    Location: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["MoveProblem"];
            409: components["responses"]["MoveProblem"];
            410: components["responses"]["MoveProblem"];
            503: components["responses"]["MoveProblem"];
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
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
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
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    askAuth: {
        parameters: {
            query?: {
                /** @description Every refusal is answered with 401 and `Location`, for a proxy that understands nothing else (nginx). */
                refuse?: "401";
            };
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request may go on. */
            200: {
                headers: {
                    /** @description The pass that is good. */
                    "Waitroom-Pass": string;
                    /** @description When the visitor was let in by this very request */
                    "Set-Cookie"?: string;
                    "Waitroom-Pass-Cookie"?: string;
                    "Waitroom-Ticket-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A browser is to wait. */
            302: {
                headers: {
                    Location: string;
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            /** @description With `refuse=401`, whatever the reason. `Waitroom-Ticket` carries the ticket, for the call of `wait` on the visitor's behalf. */
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            428: components["responses"]["ProofRequired"];
            /** @description `waiting`: a program is to wait, whatever `gate_status` says; the member `waitroom` is the `Status`. `pass-too-many`: the session is over its `pass_rate_per_second`, a browser's too. */
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    waitHere: {
        parameters: {
            query?: {
                /** @description Where the page leads when the turn has come; a path of this host with its query. Without it, what the proxy tells in `X-Original-URI` or `X-Forwarded-Uri`, else `/`. */
                return?: string;
            };
            header?: never;
            path: {
                room: components["parameters"]["room"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The waiting page or, to a program, the place; with the room's `gate_status`. */
            200: {
                headers: {
                    "Waitroom-State": string;
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description The visitor is let in. */
            302: {
                headers: {
                    Location: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            428: components["responses"]["ProofRequired"];
            /** @description Also the place, where that is the room's `gate_status`. */
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    waitHerePost: {
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
            404: components["responses"]["Problem"];
            /** @description `waiting` once it is the turn, too: the request is the visitor's to send again. */
            429: components["responses"]["Problem"];
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
            /** @description A JWK set: the key that signs now, the next one and former ones, with `nbf` (signs from) and `exp` (passes are accepted until) in Unix seconds. Receipts and ledgers are verified with a key beyond its `exp`, too. */
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
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
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
