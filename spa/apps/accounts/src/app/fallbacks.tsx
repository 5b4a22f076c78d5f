import { Button, EmptyState } from "@anteroom/ui";
import { SearchX, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Stands where drawing a page failed. */
export function Broken() {
  const { t } = useTranslation(["app", "common"]);
  return (
    <EmptyState
      icon={<TriangleAlert aria-hidden size={36} />}
      title={t("common:brokenTitle")}
      action={<Button onClick={() => window.location.reload()}>{t("common:reload")}</Button>}
    >
      {t("common:brokenText")}
    </EmptyState>
  );
}

/** Stands where an address leads to nothing. */
export function Nothing() {
  const { t } = useTranslation(["app", "common"]);
  return (
    <EmptyState icon={<SearchX aria-hidden size={36} />} title={t("common:notFoundTitle")}>
      {t("common:notFoundText")}
    </EmptyState>
  );
}
