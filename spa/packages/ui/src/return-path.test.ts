import { expect, test } from "vitest";
import { returnPath } from "./return-path";

const origin = "https://tickets.example";

test.each(["/shows/arena/seats", "/bookings?page=2#top", "/", "/shows/%ED%95%9C"])(
  "%j is a way on",
  (path) => {
    expect(returnPath(path, origin, "/accounts/")).toBe(path);
  },
);

test.each([
  null,
  "",
  "bookings",
  "//evil.example",
  "//evil.example/shows",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/.//evil.example",
  "/shows/..//evil.example",
  "/./\\evil.example",
  "https://evil.example/",
  "https:evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  " /bookings",
])("%j is not, however it is written", (path) => {
  expect(returnPath(path, origin, "/accounts/")).toBe("/accounts/");
});
