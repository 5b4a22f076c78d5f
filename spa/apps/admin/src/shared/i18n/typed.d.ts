import type { commonEn } from "@anteroom/i18n";
import type { en } from "./en";

// Makes t() know every key, so that a missing text is a type error.
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: { app: typeof en; common: typeof commonEn };
  }
}
