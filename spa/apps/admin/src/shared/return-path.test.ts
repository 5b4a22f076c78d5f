import { expect, test } from "vitest";
import { safeReturnPath } from "./return-path";

test.each(["/rooms/arena", "/orders?state=paid&q=a%40b.test", "/audit#12"])("keeps %s", (path) => {
  expect(safeReturnPath(path)).toBe(path);
});

test.each([
  null,
  "",
  "rooms",
  "https://evil.test/",
  "//evil.test/x",
  "/\\evil.test",
  "/\t/evil.test",
  "/.//evil.test",
  "/rooms/..//evil.test",
  "javascript:alert(1)",
  "/sign-in?return=/rooms",
])("sends %j to the start page", (path) => {
  expect(safeReturnPath(path)).toBe("/rooms");
});
