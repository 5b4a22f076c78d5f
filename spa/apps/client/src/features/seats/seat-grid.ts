/** Finds the seat at a point among many: seats are sorted into square cells once, and a search looks at few of them. */
export class SeatGrid {
  readonly #cells = new Map<number, number[]>();
  readonly #x: ArrayLike<number>;
  readonly #y: ArrayLike<number>;
  readonly #size: number;

  /** @param size the side of a cell, about the distance between two seats */
  constructor(x: ArrayLike<number>, y: ArrayLike<number>, size: number) {
    if (!(size > 0)) throw new RangeError("a cell needs a size above zero");
    [this.#x, this.#y, this.#size] = [x, y, size];
    for (let i = 0; i < x.length; i++) {
      const key = this.#key(this.#cell(x[i]), this.#cell(y[i]));
      const cell = this.#cells.get(key);
      if (cell) cell.push(i);
      else this.#cells.set(key, [i]);
    }
  }

  /** The index of the seat nearest to a point, no farther away than reach; -1 when there is none. */
  nearest(x: number, y: number, reach: number): number {
    let best = -1;
    let bestSquare = reach * reach;
    for (let row = this.#cell(y - reach); row <= this.#cell(y + reach); row++) {
      for (let column = this.#cell(x - reach); column <= this.#cell(x + reach); column++) {
        for (const i of this.#cells.get(this.#key(column, row)) ?? []) {
          const square = ((this.#x[i] ?? 0) - x) ** 2 + ((this.#y[i] ?? 0) - y) ** 2;
          if (square <= bestSquare) [best, bestSquare] = [i, square];
        }
      }
    }
    return best;
  }

  #cell(at = 0): number {
    return Math.floor(at / this.#size);
  }

  // Two cell numbers in one; halls are far smaller than a million cells across.
  #key(column: number, row: number): number {
    return row * 2 ** 21 + column;
  }
}
