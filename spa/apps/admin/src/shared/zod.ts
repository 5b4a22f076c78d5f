import { z } from "zod";

// Compiled checks need eval, which the gateway's content security policy rightly forbids; even the attempt is reported.
z.config({ jitless: true });

export { z };
