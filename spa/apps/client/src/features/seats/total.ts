import type { Money } from "@/shared/types";

/** The sum of prices of one currency; undefined of none. The service's own total is what is paid in the end. */
export function totalOf(prices: Money[]): Money | undefined {
  const [first] = prices;
  return first && { currency: first.currency, amount: prices.reduce((sum, price) => sum + price.amount, 0) };
}
