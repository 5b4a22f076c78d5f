import { useLanguage } from "@anteroom/i18n";
import { useTranslation } from "react-i18next";
import type { Field } from "./settings";
import type { ControlsHandle } from "./use-controls";

/** Gives a function that says what is wrong with a field: by this page, or by the service about what was sent. */
export function useErrorText({ errors, state }: ControlsHandle): (field: Field) => string | undefined {
  const { t } = useTranslation();
  const { count } = useLanguage();
  return (field) => {
    const error = errors[field];
    if (!error) return state.refused[field];
    if (error.kind === "too-long") return t("errors.too-long", { max: error.max, length: error.length });
    if (error.kind === "out-of-range")
      return t("errors.out-of-range", { min: count(error.min), max: count(error.max) });
    return t(`errors.${error.kind}`);
  };
}
