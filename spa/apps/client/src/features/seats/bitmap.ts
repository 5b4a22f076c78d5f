/** Which seats cannot be had, a bit a seat in layout order. */
export class SeatBits {
  readonly #bytes: Uint8Array;
  readonly #count: number;

  /**
   * @param base64 a bitmap, least significant bit of each byte first
   * @param count how many seats it speaks of
   * @throws RangeError when it holds fewer bits than that
   */
  constructor(base64: string, count: number) {
    const text = atob(base64);
    if (text.length * 8 < count) throw new RangeError(`${text.length * 8} bits do not cover ${count} seats`);
    this.#bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    this.#count = count;
  }

  /** Whether the seat at that place of the layout is taken; one outside the layout is. */
  taken(index: number): boolean {
    if (index < 0 || index >= this.#count) return true;
    return (((this.#bytes[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
  }
}
