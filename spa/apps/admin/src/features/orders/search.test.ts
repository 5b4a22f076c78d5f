import { expect, test } from "vitest";
import { isFiltered, readSearch, readTrail, withFilter, writeSearch } from "./search";

const read = (query: string) => readSearch(new URLSearchParams(query));

test("an address says what is searched, and says it again the same way", () => {
  const search = read("state=paid&q=%20buyer%40demo.test%20&show=arena&cursor=abc");
  expect(search).toEqual({ q: "buyer@demo.test", show: "arena", state: "paid", cursor: "abc" });
  expect(writeSearch(search).toString()).toBe("q=buyer%40demo.test&show=arena&state=paid&cursor=abc");
});

test.each(["", "q=", "q=%20%20", "state=lost", "show=../x", `q=${"a".repeat(255)}`, "page=2"])(
  "what %j cannot mean counts as not said",
  (query) => {
    expect(read(query)).toEqual({});
  },
);

test("a good filter survives a bad one beside it", () => {
  expect(read("state=lost&show=arena")).toEqual({ show: "arena" });
});

test("another filter starts from the first page", () => {
  expect(withFilter(read("q=a&cursor=abc"), { state: "paid" })).toEqual({ q: "a", state: "paid" });
});

test("clearing a filter takes it out of the address", () => {
  expect(writeSearch(withFilter(read("q=a&show=arena"), { q: undefined })).toString()).toBe("show=arena");
});

test("a cursor alone is not a filter", () => {
  expect(isFiltered(read("cursor=abc"))).toBe(false);
  expect(isFiltered(read("state=paid"))).toBe(true);
});

test.each([null, undefined, "x", {}, { trail: "x" }, { trail: [1] }])(
  "a strange history entry %j has no trail",
  (s) => {
    expect(readTrail(s)).toEqual([]);
  },
);

test("a trail is kept", () => expect(readTrail({ trail: ["", "abc"] })).toEqual(["", "abc"]));
