import { useTranslation } from "react-i18next";

/** Gives a function that names a seat: "A1, row 12, seat 7". */
export function useSeatLabel() {
  const { t } = useTranslation();
  return (seat: { section: string; row: string; number: string }) => t("seat", seat);
}
