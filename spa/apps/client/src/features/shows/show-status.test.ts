import { expect, test } from "vitest";
import type { Show } from "@/shared/types";
import { fromPrice, saleStatus } from "./show-status";

const text = { en: "", ko: "" };
const show: Show = {
  slug: "arena",
  title: text,
  description: text,
  venue: text,
  city: text,
  starts_at: "2026-12-31T10:00:00Z",
  on_sale_at: "2026-11-01T00:00:00Z",
  time_zone: "Asia/Seoul",
  seats_total: 1000,
  seats_available: 400,
  sold_out: false,
  max_per_buyer: 4,
  hold_seconds: 480,
  room: "arena",
  bands: [],
  category: "",
  tags: [],
  hold_policy: "hold_first",
  cancel_fee: { amount: 0, currency: "KRW" },
  ticket_fee: { amount: 0, currency: "KRW" },
  order_fee: { amount: 0, currency: "KRW" },
  tax_basis_points: 0,
  tax_included: true,
  waiting_list: true,
};
const now = Date.parse("2026-11-22T00:00:00Z");

test.each([
  [{}, "open"],
  [{ seats_available: 49 }, "few"],
  [{ seats_available: 50 }, "open"],
  [{ seats_available: 0 }, "sold-out"],
  [{ on_sale_at: "2026-11-23T00:00:00Z" }, "soon"],
  [{ starts_at: "2026-11-21T00:00:00Z", seats_available: 0 }, "over"],
] as const)("%j is %s", (change, status) => {
  expect(saleStatus({ ...show, ...change }, now)).toBe(status);
});

test("the price from which seats can be had is the lowest", () => {
  const band = (amount: number) => ({
    id: amount,
    name: text,
    colour: "#000",
    price: { amount, currency: "KRW" },
  });
  expect(fromPrice({ ...show, bands: [band(132000), band(77000), band(99000)] })?.amount).toBe(77000);
  expect(fromPrice(show)).toBeUndefined();
});
