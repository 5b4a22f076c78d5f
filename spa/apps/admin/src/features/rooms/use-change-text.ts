import { useLanguage } from "@anteroom/i18n";
import { useTranslation } from "react-i18next";
import type { Change, Mode } from "./changes";

/** Gives a function that says a value of a setting as people read it. */
export function useValueText() {
  const { t } = useTranslation();
  const { count } = useLanguage();
  return (field: Change["field"], value: string | number): string => {
    if (field === "mode") return t(`mode.${value as Mode}`);
    if (field === "message") return value === "" ? t("controls.noMessage") : `“${value}”`;
    return typeof value === "number" && Number.isFinite(value) ? count(value) : "?";
  };
}

/** Gives a function that says a change in one line: "Mode Queue → Closed". */
export function useChangeText() {
  const { t } = useTranslation();
  const value = useValueText();
  return ({ field, from, to }: Change) =>
    `${t(`controls.${field}`)} ${value(field, from)} → ${value(field, to)}`;
}
