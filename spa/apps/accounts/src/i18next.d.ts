import "i18next";
import type { commonEn } from "@anteroom/i18n";
import type { en } from "./shared/messages-en";

// Makes a mistyped key a compile error.
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: { app: typeof en; common: typeof commonEn };
  }
}
