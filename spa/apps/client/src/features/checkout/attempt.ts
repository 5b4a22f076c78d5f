import { isProblem } from "@anteroom/api";

/** Keeps the Idempotency-Key of a payment for as long as it may still be under way. */
export class PaymentAttempt {
  readonly #storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly #name: string;
  readonly #newKey: () => string;
  #card: string | undefined;

  constructor(
    order: string,
    storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    newKey: () => string = randomKey,
  ) {
    this.#name = `anteroom:pay:${order}`;
    this.#storage = storage;
    this.#newKey = newKey;
  }

  /**
   * The key to pay with. Pressing again after the network failed sends the same one, so nobody pays twice; another
   * card is another attempt. The key outlives a reload, the card number is never stored.
   */
  key(card: string): string {
    const kept = this.#storage.getItem(this.#name);
    if (kept && (this.#card === undefined || this.#card === card)) {
      this.#card = card;
      return kept;
    }
    const key = this.#newKey();
    this.#storage.setItem(this.#name, key);
    this.#card = card;
    return key;
  }

  /** Tells how the attempt ended: the key is let go only when the service has decided. */
  ended(error?: unknown): void {
    if (error !== undefined && stillOpen(error)) return;
    this.#storage.removeItem(this.#name);
    this.#card = undefined;
  }
}

/** Whether the payment may have gone through all the same. */
function stillOpen(error: unknown): boolean {
  return !isProblem(error) || error.transient || error.problem === "idempotency-key-in-flight";
}

// Not crypto.randomUUID: that is missing where a demonstration is opened over plain HTTP from another machine.
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
