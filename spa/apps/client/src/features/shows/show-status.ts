import type { Money, Show } from "@/shared/types";

/** Where the sale of a show stands. */
export type SaleStatus = "soon" | "open" | "few" | "sold-out" | "over";

/** Below this share of its seats a show is said to be nearly sold out. */
const fewShare = 0.05;

/** @param now milliseconds since 1970 */
export function saleStatus(show: Show, now: number): SaleStatus {
  if (Date.parse(show.starts_at) <= now) return "over";
  if (Date.parse(show.on_sale_at) > now) return "soon";
  if (show.on_sale_until && Date.parse(show.on_sale_until) <= now) return "over";
  if (show.seats_available <= 0) return "sold-out";
  return show.seats_available < show.seats_total * fewShare ? "few" : "open";
}

/** The lowest price of a show; undefined when it has no bands. */
export function fromPrice(show: Show): Money | undefined {
  return show.bands
    .map((band) => band.price)
    .reduce<Money | undefined>((low, price) => (low && low.amount <= price.amount ? low : price), undefined);
}
