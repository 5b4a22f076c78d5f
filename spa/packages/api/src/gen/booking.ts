// Generated from booking/openapi.yaml by `npm run generate`; do not edit.

export interface paths {
    "/api/v1/shows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The published shows that are looked for, by start time. */
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
        /**
         * Which seats can be had now, a bit a seat in layout order; or what has changed since a version. Gated.
         * @description However many ask, the database is asked four times a second a show. With `since`, the answer has `since`, `taken` and `freed` in place of
         *     `unavailable`, unless that version is too old (or from another process that saw a moment which this one did not), or a list of changes would be longer than the whole state:
         *     then it is the whole state.
         */
        get: operations["getSeatState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}/seats/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        /**
         * The same as Server-Sent Events, as it changes. Gated; bounded in number.
         * @description The first event is at once; each has the version as its `id`. `state` is a whole state, `changes` what has changed since the event before (or since the
         *     version that `Last-Event-ID` or `since` names). A reader who is slow gets fewer events that tell more. The stream ends when the pass
         *     runs out that it was asked for with; ask again with the one you have by then. 503 `too-many-watchers`: poll the state instead.
         */
        get: operations["watchSeats"];
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
        /** The buyer's own holds in this show that are neither over nor ordered, oldest first. Gated. */
        get: operations["listHolds"];
        put?: never;
        /**
         * Take one to ten seats for a while, all or none. Gated.
         * @description Exactly one of `seat_ids`, `best` and `general`. `best` takes the best seats side by side: no single seat is left behind where that can be avoided, then the
         *     nearest to the stage; accessible and companion seats only when `accessible` asks for at least one of the first kind. When so many are not side by side it is
         *     409 `seats-not-together`, with how many are, unless `allow_split`. `general` takes any places of a general or standing section.
         *
         *     In a show with the policy `pay_first` the hold is not `exclusive`: others may select the same seats, and who pays first has them.
         */
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
        /** One of the buyer's own holds that is neither over nor ordered. Gated. */
        get: operations["getHold"];
        /**
         * Put other seats in the place of those held, all or nothing, with the same deadline. Gated.
         * @description The hold in the answer has an id of its own; the one before is over. When it is refused, the hold is as it was.
         */
        put: operations["changeHold"];
        post?: never;
        /** Give the seats back before the hold runs out. Gated. */
        delete: operations["releaseHold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}/holds/{hold}/renew": {
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
        /** Begin the time of a hold anew, as often as its `renewals_left` says. One that has run out stays over. Gated. */
        post: operations["renewHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}/waiting-list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        /** The buyer's own place on the list, and the seats that are offered. Gated. */
        get: operations["getWaitingPlace"];
        put?: never;
        /**
         * Wait for so many seats together, of one price or of any. Gated.
         * @description When so many come back, the first who waits for as many or fewer is offered them within a few seconds: they are held for the buyer for longer than usual, and a mail says so. An offer
         *     that runs out goes to the next. Until they are offered, seats that come back can be taken by anyone who finds them on the map.
         */
        post: operations["joinWaitingList"];
        /** Leave the list and let go of an offer. Gated. */
        delete: operations["leaveWaitingList"];
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
         * @description The money is set aside first and taken only when the seats are sure. In a show that is paid first several buyers may select a seat, and
         *     the first whose money is set aside wins it: the others get 409 `seats-lost` with `suggestions`, their order is cancelled and they are never charged.
         *
         *     The simulated provider knows these cards: `4242424242424242` pays; `4000000000000002` is declined
         *     (402 `payment-declined`, the hold stays and another card may be tried until it runs out); `4000002500003155` asks the buyer to act first
         *     (202, with `action_url`, which leads back to `return_to`; the seats are kept for as long as the hold lasts); `4000000000000341` pays, but the
         *     provider's answer is lost (202; it settles by itself); `4000000000000077` is undecided for two seconds (202). Of `4000000000000101` every webhook
         *     comes three times, of `4000000000000119` in the wrong order, of `4000000000000127` late. Any other card is declined.
         *
         *     Stripe takes a `payment_method`, which its form in the browser made of a card, in place of the card's number.
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
        /** Cancel. A paid order is refunded by the policy of its show (`cancellation`), and its seats go back on sale. */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{show}/holds/{hold}/quote": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
                hold: string;
            };
            cookie?: never;
        };
        /** What the seats of a hold cost, with fees and tax, as an order of it would. Gated. */
        get: operations["quoteHold"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * For payment providers. A message with a valid signature is written down and acknowledged; the work follows.
         * @description The signature is in `Stripe-Signature` or `Simulator-Signature`, in the form `t=<Unix seconds>,v1=<hex of HMAC-SHA256 of "<t>.<body>">`, at most five
         *     minutes old. A message is a hint only: how the charge stands is asked of the provider. So it may come twice, late, or in the wrong order.
         */
        post: operations["receiveWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulator/challenges/{charge}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                charge: string;
            };
            cookie?: never;
        };
        /** The page of the simulated bank, which asks the buyer to approve. Only with the simulated provider. */
        get: operations["showChallenge"];
        put?: never;
        /** The buyer's answer to it; too late, it changes nothing. */
        post: operations["decideChallenge"];
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
    "/control/v1/orders/{order}/refunds": {
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
         * Give single tickets of a paid order back. Private port; permission `order:write`.
         * @description What is given back for a ticket is its price, its share of the fees that tickets cost, and the tax that was added for both; with the last one the
         *     order is cancelled and all the rest is given back. No fee is kept. Tickets that are cancelled already stay as they are, so it may be repeated.
         */
        post: operations["staffRefund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/simulator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make the simulated payment provider slow or unreachable, to see what becomes of purchases meanwhile. Private port; permission `order:write`.
         * @description It holds for the answering process until it ends or is told otherwise; a new one begins with `up`. A slow provider does what it is asked to, and answers
         *     later. One that is down does nothing, answers nothing and sends nothing. Refused with 409 `provider-real` where the provider is not simulated.
         */
        put: operations["staffSetSimulator"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/organisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who sells shows. Private port; permission `catalogue:write`. */
        get: operations["staffListOrganisations"];
        put?: never;
        /** Enter an organisation. Private port; permission `catalogue:write`. */
        post: operations["staffAddOrganisation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/venues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where shows are. Private port; permission `catalogue:write`. */
        get: operations["staffListVenues"];
        put?: never;
        /** Enter a venue. Private port; permission `catalogue:write`. */
        post: operations["staffAddVenue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/venues/{venue}/layouts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                venue: string;
            };
            cookie?: never;
        };
        /** The versions of a layout of a venue, newest first. Private port; permission `catalogue:write`. */
        get: operations["staffListLayouts"];
        put?: never;
        /** Enter a drawing as the next version, a draft. Private port; permission `catalogue:write`. */
        post: operations["staffAddLayout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/venues/{venue}/layouts/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                venue: string;
                version: number;
            };
            cookie?: never;
        };
        /** The drawing as a seating plan in the open exchange format, or as a list of seats. Private port; permission `catalogue:write`. */
        get: operations["staffGetLayout"];
        /** Change a draft to another drawing. Private port; permission `catalogue:write`. */
        put: operations["staffReplaceLayout"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/venues/{venue}/layouts/{version}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                venue: string;
                version: number;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let shows use a draft. It never changes again; doing it twice is harmless. Private port; permission `catalogue:write`. */
        post: operations["staffPublishLayout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/venues/{venue}/layouts/{version}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                venue: string;
                version: number;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the next version, a draft, of any version. Private port; permission `catalogue:write`. */
        post: operations["staffCloneLayout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/shows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enter a show as a draft that nobody sees. Private port; permission `catalogue:write`. */
        post: operations["staffAddShow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/shows/{show}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        /** The settings of a show, also of a draft. Private port; permission `catalogue:write`. */
        get: operations["staffGetShow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the settings that the request has. Private port; permission `catalogue:write`. */
        patch: operations["staffChangeShow"];
        trace?: never;
    };
    "/control/v1/shows/{show}/publish": {
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
        /** Let everybody see a show. Doing it twice is harmless. Private port; permission `catalogue:write`. */
        post: operations["staffPublishShow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/shows/{show}/seats/block": {
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
        /** Keep seats that can be had back from sale, all or none. Private port; permission `seat:write`. */
        post: operations["staffBlockSeats"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/shows/{show}/seats/unblock": {
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
        /** Give seats that were kept back to the sale; others stay as they are. Private port; permission `seat:write`. */
        post: operations["staffUnblockSeats"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that tickets are signed with, for doors that verify without a network. */
        get: operations["getTicketKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tickets the buyer holds, of own orders or handed on to them, those of the newest order first. */
        get: operations["listTickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: components["parameters"]["ticket"];
            };
            cookie?: never;
        };
        /** One ticket that the buyer holds, with what its QR code says. */
        get: operations["getTicket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/page": {
        parameters: {
            query?: {
                /** @description `en` or `ko`; else what the browser asks for. */
                lang?: components["parameters"]["lang"];
            };
            header?: never;
            path: {
                ticket: components["parameters"]["ticket"];
            };
            cookie?: never;
        };
        /** A page of one ticket with its QR code, to print or to show. */
        get: operations["printTicket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}/tickets": {
        parameters: {
            query?: {
                /** @description `en` or `ko`; else what the browser asks for. */
                lang?: components["parameters"]["lang"];
            };
            header?: never;
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        /** A page of the tickets of an own order that are valid and still with the buyer, to print or to show. */
        get: operations["printTickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: components["parameters"]["ticket"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Offer a ticket to whoever reads the mails of an address; a link is sent there, good once and for a week at most. Repeating it with the same address sends no other mail. */
        post: operations["offerTicket"];
        /** Take the offer of a ticket back; without one this does nothing. */
        delete: operations["withdrawTicket"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a link for claiming a ticket is about. The token is what stands after the `#` of the link. */
        post: operations["getTransferOffer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an offered ticket. It has a new code; the old one is void. Repeating it answers the same. */
        post: operations["claimTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that is kept about the buyer. */
        get: operations["exportMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete the buyer. Name, addresses and password go and all sessions end; orders, payments and tickets stay, without a person.
         * @description Refused with 409 `buyer-in-use` while a payment or refund is under way, and with 409 `buyer-has-tickets` while there are tickets of shows to come that
         *     can be used, unless they are given up: they stay sold and valid, and their buyer can be found by nobody.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/shows/{show}/check-ins": {
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
        /** Let the bearer of a ticket in, once. Private port; permission `ticket:check`. */
        post: operations["staffCheckIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/shows/{show}/tickets/verify": {
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
        /** Tell whether a ticket would be let in, and let nobody in. Private port; permission `ticket:check`. */
        post: operations["staffVerifyTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/control/v1/shows/{show}/reserve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        get?: never;
        /** Set how many places of a general section stay unsold. Private port; permission `seat:write`. */
        put: operations["staffKeepBack"];
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
        SimulatorCondition: {
            /** @enum {string} */
            state: "up" | "slow" | "down";
            /** @description How much later each call is answered, in milliseconds; for `slow`, and for it alone. */
            delay_ms?: number;
        };
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
        } & {
            [key: string]: unknown;
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
            /** @description Who sells it; absent: not said. */
            organisation?: components["schemas"]["Organisation"];
            /**
             * @description Empty: none.
             * @example concert
             */
            category: string;
            tags: string[];
            /**
             * Format: date-time
             * @description Absent: until it starts.
             */
            on_sale_until?: string;
            hold_policy: components["schemas"]["HoldPolicy"];
            /** @description How long before the start an order can be cancelled; absent: never. */
            cancel_until_hours?: number;
            /** @description Of an order. */
            cancel_fee: components["schemas"]["Money"];
            /** @description On each ticket. */
            ticket_fee: components["schemas"]["Money"];
            /** @description On each order. */
            order_fee: components["schemas"]["Money"];
            /** @description 1000 are 10 %. */
            tax_basis_points: number;
            /** @description Prices and fees have the tax in them. */
            tax_included: boolean;
            waiting_list: boolean;
        };
        ShowPage: {
            shows: components["schemas"]["Show"][];
            /** @description Cursor of the next page; absent on the last. */
            next?: string;
        };
        Organisation: {
            slug: string;
            name: components["schemas"]["Text"];
        };
        Venue: {
            slug: string;
            name: components["schemas"]["Text"];
            city: components["schemas"]["Text"];
        };
        LayoutInfo: {
            venue: string;
            version: number;
            name: string;
            /** @enum {string} */
            status: "draft" | "published";
            sections: number;
            seats: number;
        };
        LayoutEntered: {
            layout: components["schemas"]["LayoutInfo"];
            /** @description What of the drawing was not taken over as it is. */
            warnings: {
                /** @description Of the first value concerned. */
                path: string;
                message: string;
                count: number;
            }[];
        };
        ShowSettings: {
            /** @description Its slug; empty: none. */
            organisation?: string;
            /** @description The waiting room in front of it; empty: none. */
            room?: string;
            title?: components["schemas"]["Text"];
            description?: components["schemas"]["Text"];
            category?: string;
            tags?: string[] | null;
            /** Format: date-time */
            starts_at?: string;
            /** Format: date-time */
            on_sale_at?: string;
            /**
             * Format: date-time
             * @description null: until it starts.
             */
            on_sale_until?: string | null;
            max_per_buyer?: number;
            hold_seconds?: number;
            hold_policy?: components["schemas"]["HoldPolicy"];
            /** @description Before the start; null: never. */
            cancel_until_hours?: number | null;
            /**
             * Format: int64
             * @description Of an order, as all amounts in the minor unit of the currency.
             */
            cancel_fee?: number;
            /** Format: int64 */
            ticket_fee?: number;
            /** Format: int64 */
            order_fee?: number;
            tax_basis_points?: number;
            tax_included?: boolean;
            waiting_list?: boolean;
        };
        ShowEntry: {
            slug: string;
            /** @description Its slug. */
            venue: string;
            layout_version: number;
            /** @example Asia/Seoul */
            time_zone: string;
            /** @example KRW */
            currency: string;
            bands: {
                name: components["schemas"]["Text"];
                /** Format: int64 */
                price: number;
                colour: string;
                /** @description All sections of these that no band names. */
                categories?: string[];
                /** @description Sections by their names. */
                sections?: string[];
            }[];
            /** @description Its slug; empty: none. */
            organisation?: string;
            /** @description The waiting room in front of it; empty: none. */
            room?: string;
            title: components["schemas"]["Text"];
            description?: components["schemas"]["Text"];
            category?: string;
            tags?: string[] | null;
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            on_sale_at: string;
            /**
             * Format: date-time
             * @description null: until it starts.
             */
            on_sale_until?: string | null;
            max_per_buyer?: number;
            hold_seconds?: number;
            hold_policy?: components["schemas"]["HoldPolicy"];
            /** @description Before the start; null: never. */
            cancel_until_hours?: number | null;
            /**
             * Format: int64
             * @description Of an order, as all amounts in the minor unit of the currency.
             */
            cancel_fee?: number;
            /** Format: int64 */
            ticket_fee?: number;
            /** Format: int64 */
            order_fee?: number;
            tax_basis_points?: number;
            tax_included?: boolean;
            waiting_list?: boolean;
        };
        /**
         * @description hold_first: a hold keeps the seats from all others until it runs out; pay_first: several may choose a seat, and the first authorised payment has it.
         * @enum {string}
         */
        HoldPolicy: "hold_first" | "pay_first";
        /**
         * @description seated: seats, each with its place in the drawing; general: numbered places of which a buyer takes any; standing: the same, and nobody sits.
         * @enum {string}
         */
        SectionKind: "seated" | "general" | "standing";
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
                kind: components["schemas"]["SectionKind"];
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
            /** @description Places for wheelchairs, by index in layout order. */
            accessible: number[];
            /** @description Places beside these. */
            companion: number[];
            /** @description Places with a restricted view. */
            restricted: number[];
        };
        /** @description A whole state has `unavailable`; one that tells changes has `since`, `taken` and `freed` in its place. */
        SeatState: {
            layout_version: number;
            /**
             * Format: int64
             * @description Greater with every change. Two states of a show with the same version are the same.
             */
            version: number;
            /**
             * Format: int64
             * @description The version that these are changes from.
             */
            since?: number;
            /** @description Cannot be had any more, by index in layout order. */
            taken?: number[];
            /** @description Can be had again, by index in layout order. */
            freed?: number[];
            /** @description Seats that can be had, by section of the layout. */
            sections: number[];
            /** @description It was read from a replica; what came after `as_of` may be missing. */
            stale?: boolean;
            available: number;
            /**
             * Format: byte
             * @description Base64 of a bitmap in layout order, least significant bit of each byte first; 1 means it cannot be had.
             */
            unavailable?: string;
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
            /** @description False: others may select the seats as well, and who pays first has them. */
            exclusive: boolean;
            /** @description Other buyers who have selected one of the seats. */
            others: number;
            /** @description How often its time can still begin anew. */
            renewals_left: number;
        };
        WaitingPlace: {
            show: string;
            /** @description Seats wanted together. */
            count: number;
            /** Format: int64 */
            band_id?: number;
            /** @enum {string} */
            state: "waiting" | "offered" | "taken" | "lapsed";
            /** Format: date-time */
            joined_at: string;
            /** @description How many wait in front, while waiting. */
            ahead?: number;
            offer?: components["schemas"]["Hold"];
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
            /** @description Given back for it alone; its ticket is cancelled. */
            refunded?: components["schemas"]["Money"];
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
            /** @description Of the lines. */
            subtotal?: components["schemas"]["Money"];
            fees?: components["schemas"]["Fee"][];
            tax?: components["schemas"]["Tax"];
            cancellation?: components["schemas"]["Cancellation"];
            /** @description What was kept when it was cancelled. */
            cancel_fee?: components["schemas"]["Money"];
            /** @description Where the buyer has to act before the payment goes on: a path of this site, or a whole URL. */
            action_url?: string;
            /**
             * @description Why it was cancelled, where that was not the buyer's doing.
             * @enum {string}
             */
            outcome?: "seats-lost";
            /** @description Seats that could be had in place of those lost. */
            suggestions?: number[];
        };
        Quote: {
            /** Format: uuid */
            hold_id: string;
            show: string;
            lines: components["schemas"]["Line"][];
            subtotal: components["schemas"]["Money"];
            fees: components["schemas"]["Fee"][];
            tax?: components["schemas"]["Tax"];
            total: components["schemas"]["Money"];
            cancellation: components["schemas"]["Cancellation"];
            /** Format: date-time */
            expires_at: string;
        };
        Fee: {
            /**
             * @description tickets: for each of them; order: once.
             * @enum {string}
             */
            kind: "tickets" | "order";
            amount: components["schemas"]["Money"];
        };
        Tax: {
            amount: components["schemas"]["Money"];
            /**
             * @description 1000 are 10 %.
             * @example 1000
             */
            basis_points: number;
            /** @description In prices and fees; else it is added to them. */
            included: boolean;
        };
        /** @description How the buyer may cancel once it is paid. */
        Cancellation: {
            /**
             * Format: date-time
             * @description Absent: not at all.
             */
            until?: string;
            /** @description What is kept, at most what was paid. */
            fee: components["schemas"]["Money"];
        };
        /** @description Either `card_number` or `payment_method`. */
        Means: {
            card_number?: string;
            payment_method?: string;
            /** @description Path of this site to which the buyer comes back after acting; absent: the page of the booking. */
            return_to?: string;
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
            /** Format: date-time */
            checked_in_at?: string;
            /** @description It was handed on; its new code is not told here. */
            transferred?: boolean;
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
        HeldTicket: {
            /** Format: uuid */
            id: string;
            /**
             * @description What is printed below the QR code.
             * @example 7K3M-9QXA-22BD
             */
            code: string;
            /** @description What the QR code says: a compact EdDSA JWS of the type `an-ticket+jws` with `iss`, `sub` (the id), `show`, `seat` and `start`; there while the ticket is valid. */
            token?: string;
            /** @enum {string} */
            state: "valid" | "cancelled";
            /** @description Reference of the order. */
            order: string;
            show: string;
            title: components["schemas"]["Text"];
            venue: components["schemas"]["Text"];
            /** Format: date-time */
            starts_at: string;
            time_zone: string;
            /** Format: int64 */
            seat_id: number;
            section: string;
            row: string;
            number: string;
            /** Format: date-time */
            checked_in_at?: string;
            transfer?: components["schemas"]["TicketTransfer"];
        };
        /** @description An offer that is open. */
        TicketTransfer: {
            /** Format: uuid */
            id: string;
            email: string;
            /** Format: date-time */
            expires_at: string;
        };
        TransferOffer: {
            /** @enum {string} */
            state: "offered" | "claimed" | "withdrawn" | "over";
            /** @description To whom it was sent. */
            email: string;
            /** @description Name or address of who offers it. */
            from: string;
            /** Format: date-time */
            expires_at: string;
            ticket: {
                show: string;
                title: components["schemas"]["Text"];
                venue: components["schemas"]["Text"];
                /** Format: date-time */
                starts_at: string;
                time_zone: string;
                section: string;
                row: string;
                number: string;
            };
        };
        TicketKeys: {
            keys: {
                [key: string]: unknown;
            }[];
        };
        BuyerExport: {
            /** Format: date-time */
            exported_at: string;
            buyer: {
                [key: string]: unknown;
            };
            orders: components["schemas"]["Order"][];
            tickets: components["schemas"]["HeldTicket"][];
            sessions: {
                [key: string]: unknown;
            }[];
            holds: {
                [key: string]: unknown;
            }[];
            payments: {
                [key: string]: unknown;
            }[];
            refunds: {
                [key: string]: unknown;
            }[];
            transfers: {
                [key: string]: unknown;
            }[];
            mails: {
                [key: string]: unknown;
            }[];
            waiting_list: {
                [key: string]: unknown;
            }[];
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
        ticket: string;
        /** @description `en` or `ko`; else what the browser asks for. */
        lang: string;
        show: string;
        order: string;
        /** @description One to 255 visible ASCII characters (IETF draft-ietf-httpapi-idempotency-key-header). The same key with another body is 422 `idempotency-key-reused`; a request still running under the key is 409 `idempotency-key-in-flight`. */
        idempotencyKey: string;
        /** @description The `version` that the client has. */
        since: number;
    };
    requestBodies: {
        TransferToken: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        /** @description Either what the QR code says or the code that is printed below it, in any writing. */
        Scan: {
            content: {
                "application/json": {
                    token?: string;
                    code?: string;
                };
            };
        };
    };
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listShows: {
        parameters: {
            query?: {
                /** @description Words, or parts of them, of title, venue or city, in either language. */
                q?: string;
                /** @description The whole name, in either language. */
                city?: string;
                category?: string;
                tag?: string;
                /** @description The first day, where the show is. */
                from?: string;
                /** @description The last day, where the show is. */
                to?: string;
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
                    "application/json": components["schemas"]["ShowPage"];
                };
            };
            400: components["responses"]["Problem"];
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
            /** @description It is the one of the `ETag` in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    getSeatState: {
        parameters: {
            query?: {
                /** @description The `version` that the client has. */
                since?: components["parameters"]["since"];
            };
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
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    watchSeats: {
        parameters: {
            query?: {
                /** @description The `version` that the client has. */
                since?: components["parameters"]["since"];
            };
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listHolds: {
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
            /** @description Holds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        holds: components["schemas"]["Hold"][];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
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
                    seat_ids?: number[];
                    best?: {
                        count: number;
                        /**
                         * Format: int64
                         * @description Only seats of this price.
                         */
                        band_id?: number;
                        /** @description Only seats of the section with this name. */
                        section?: string;
                        /**
                         * @description At least one is a place for a wheelchair.
                         * @default false
                         */
                        accessible?: boolean;
                        /**
                         * @description Take them in as large pieces as there are, when so many are not side by side.
                         * @default false
                         */
                        allow_split?: boolean;
                    };
                    general?: {
                        section: string;
                        count: number;
                    };
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
            /** @description `seat-taken`, with `seat_ids` that are taken; `limit-reached`; `not-on-sale`; `seats-not-together`, with how many are `together`; `seats-insufficient`, for a general section with how many are `available`. */
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
    getHold: {
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
            /** @description The hold. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    changeHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
                hold: string;
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
            /** @description The hold that has taken its place. */
            200: {
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
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
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
    renewHold: {
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
            /** @description The hold with its new deadline. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getWaitingPlace: {
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
            /** @description The place. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitingPlace"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    joinWaitingList: {
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
                    count: number;
                    /** Format: int64 */
                    band_id?: number;
                };
            };
        };
        responses: {
            /** @description On the list. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitingPlace"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            /** @description `waiting-list-joined` already; `seats-available`, so there is nothing to wait for; `waiting-list-closed`; `limit-reached`; `not-on-sale`. */
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
    leaveWaitingList: {
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
            409: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
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
                "application/json": components["schemas"]["Means"];
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
            /** @description The order is `confirming`: the provider has not answered yet, which settles by itself, or the buyer has to act at `action_url`. */
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
    quoteHold: {
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
            /** @description The quote. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
        };
    };
    receiveWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Written down. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    showChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                charge: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    decideChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                charge: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    decision: "approve" | "refuse";
                };
            };
        };
        responses: {
            /** @description Back to where the buyer came from. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
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
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
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
    staffRefund: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    ticket_ids: string[];
                    /** @description For the log. */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The order afterwards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    staffSetSimulator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimulatorCondition"];
            };
        };
        responses: {
            /** @description How it is from now on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimulatorCondition"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffListOrganisations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        organisations: components["schemas"]["Organisation"][];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffAddOrganisation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Organisation"];
            };
        };
        responses: {
            /** @description Entered. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organisation"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffListVenues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        venues: components["schemas"]["Venue"][];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffAddVenue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Venue"];
            };
        };
        responses: {
            /** @description Entered. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Venue"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffListLayouts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                venue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        layouts: components["schemas"]["LayoutInfo"][];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffAddLayout: {
        parameters: {
            query?: {
                /** @description Of the layout; absent: as the plan says. */
                name?: string;
            };
            header?: never;
            path: {
                venue: string;
            };
            cookie?: never;
        };
        /** @description A seating plan in the open exchange format, or a list of seats as CSV with the columns section, row, number and any of x, y, category, kind, accessible, companion, restricted, guid. */
        requestBody: {
            content: {
                "application/json": unknown;
                "text/csv": string;
            };
        };
        responses: {
            /** @description Entered. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LayoutEntered"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffGetLayout: {
        parameters: {
            query?: {
                format?: "plan" | "csv";
            };
            header?: never;
            path: {
                venue: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The drawing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/csv": string;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffReplaceLayout: {
        parameters: {
            query?: {
                /** @description Of the layout; absent: as the plan says. */
                name?: string;
            };
            header?: never;
            path: {
                venue: string;
                version: number;
            };
            cookie?: never;
        };
        /** @description A seating plan in the open exchange format, or a list of seats as CSV with the columns section, row, number and any of x, y, category, kind, accessible, companion, restricted, guid. */
        requestBody: {
            content: {
                "application/json": unknown;
                "text/csv": string;
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LayoutEntered"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffPublishLayout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                venue: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Published. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LayoutInfo"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffCloneLayout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                venue: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The clone. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LayoutInfo"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffAddShow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShowEntry"];
            };
        };
        responses: {
            /** @description Its settings. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShowSettings"];
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
    staffGetShow: {
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
            /** @description Its settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShowSettings"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffChangeShow: {
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
                "application/json": components["schemas"]["ShowSettings"];
            };
        };
        responses: {
            /** @description Its settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShowSettings"];
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
    staffPublishShow: {
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
            /** @description Its settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShowSettings"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    staffBlockSeats: {
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
            /** @description How many seats this changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changed: number;
                    };
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
    staffUnblockSeats: {
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
            /** @description How many seats this changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changed: number;
                    };
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
    getTicketKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JWK set (RFC 7517). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jwk-set+json": components["schemas"]["TicketKeys"];
                };
            };
            503: components["responses"]["Problem"];
        };
    };
    listTickets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tickets, without `token`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tickets: components["schemas"]["HeldTicket"][];
                    };
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    getTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: components["parameters"]["ticket"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldTicket"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    printTicket: {
        parameters: {
            query?: {
                /** @description `en` or `ko`; else what the browser asks for. */
                lang?: components["parameters"]["lang"];
            };
            header?: never;
            path: {
                ticket: components["parameters"]["ticket"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    printTickets: {
        parameters: {
            query?: {
                /** @description `en` or `ko`; else what the browser asks for. */
                lang?: components["parameters"]["lang"];
            };
            header?: never;
            path: {
                order: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    offerTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: components["parameters"]["ticket"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    email: string;
                };
            };
        };
        responses: {
            /** @description The offer. An earlier one to another address is withdrawn. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketTransfer"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    withdrawTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: components["parameters"]["ticket"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No offer is open any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
        };
    };
    getTransferOffer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["TransferToken"];
        responses: {
            /** @description The offer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferOffer"];
                };
            };
            400: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    claimTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["TransferToken"];
        responses: {
            /** @description The ticket; it is the buyer's now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldTicket"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    exportMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuyerExport"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    deleteMe: {
        parameters: {
            query?: {
                give_up_tickets?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted; the session is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
        };
    };
    staffCheckIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        requestBody: components["requestBodies"]["Scan"];
        responses: {
            /** @description Let in now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldTicket"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    staffVerifyTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                show: components["parameters"]["show"];
            };
            cookie?: never;
        };
        requestBody: components["requestBodies"]["Scan"];
        responses: {
            /** @description It would be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldTicket"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    staffKeepBack: {
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
                    section: string;
                    places: number;
                };
            };
        };
        responses: {
            /** @description They are kept back. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
}
