import { useLanguage } from "@anteroom/i18n";
import { useTranslation } from "react-i18next";
import type { Change } from "./changes";
import { type Mode, type Policy, settings } from "./settings";

type Stage = "watch" | "enforce";

/** Gives a function that says a value of a setting as people read it. */
export function useValueText() {
  const { t } = useTranslation();
  const { count } = useLanguage();
  return (field: Change["field"], value: Change["from"]): string => {
    if (field === "mode") return t(`mode.${value as Mode}`);
    if (field === "method") return t(`method.${value as Policy["method"]}`);
    if (field === "on_outage") return t(`outage.${value as Policy["on_outage"]}`);
    if (settings[field].kind === "stage") return t(`stage.${(value as Stage) || "off"}`);
    if (field === "message") return value === "" ? t("controls.noMessage") : `“${value}”`;
    if (typeof value === "boolean") return t(value ? "controls.yes" : "controls.no");
    if (value === "") return t("controls.unset");
    if (typeof value === "string") return settings[field].kind === "time" ? value.replace("T", " ") : value;
    return Number.isFinite(value) ? count(value) : "?";
  };
}

/** Gives a function that says a change in one line: "Mode Queue → Closed". */
export function useChangeText() {
  const { t } = useTranslation();
  const value = useValueText();
  return ({ field, from, to }: Change) =>
    `${t(`controls.${field}`)} ${value(field, from)} → ${value(field, to)}`;
}
