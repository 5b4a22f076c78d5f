import { expect, test } from "vitest";
import { chooseLanguage } from "./languages";

test.each([
  ["an_lang=en; other=1", ["ko-KR"], "en"],
  ["x=1; an_lang=ko", ["en-GB"], "ko"],
  ["an_lang=xx", ["fr-FR", "en-GB"], "en"],
  ["", ["ja-JP"], "ko"],
  ["not_an_lang=en", [], "ko"],
] as const)("cookies %j, browser %j: %s", (cookies, preferred, language) => {
  expect(chooseLanguage(cookies, preferred)).toBe(language);
});
