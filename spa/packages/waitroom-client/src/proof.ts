/** The puzzle of a room that asks for proof of work: n so that SHA-256 of text, a dot and n begins with so many zero bits. */
export interface Puzzle {
  required: boolean;
  challenge?: string;
  bits?: number;
}

const together = 256;

/** Solves a puzzle, some hundred tries at a time, so that the page stays alive. */
export async function solve({ challenge = "", bits = 0 }: Puzzle, signal: AbortSignal): Promise<string> {
  const coder = new TextEncoder();
  for (let from = 0; ; from += together) {
    signal.throwIfAborted();
    const tries = Array.from({ length: together }, (_, i) => `${challenge}.${from + i}`);
    const sums = await Promise.all(tries.map((one) => crypto.subtle.digest("SHA-256", coder.encode(one))));
    const found = tries[sums.findIndex((sum) => new DataView(sum).getUint32(0) >>> (32 - bits) === 0)];
    if (found) return found;
  }
}
