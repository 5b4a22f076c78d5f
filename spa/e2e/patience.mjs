/** How long anything may take, ms, for a machine with much else to do; nothing is concluded from how long it took. */
export const patience = 180_000;
