import { Button, EmptyState } from "@anteroom/ui";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Stands where drawing a page failed: a bug, or a part of the app that is no longer on the server. */
export function Broken() {
  const { t } = useTranslation(["app", "common"]);
  return (
    <div className="mx-auto max-w-xl p-6">
      <EmptyState
        icon={<TriangleAlert aria-hidden size={36} />}
        title={t("common:brokenTitle")}
        action={<Button onClick={() => window.location.reload()}>{t("common:reload")}</Button>}
      >
        {t("common:brokenText")}
      </EmptyState>
    </div>
  );
}
