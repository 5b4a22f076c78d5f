import { Button, EmptyState } from "@anteroom/ui";
import { useTranslation } from "react-i18next";

/** An address that no page has. */
export function NotFound() {
  const { t } = useTranslation(["app", "common"]);
  return <EmptyState title={t("common:notFoundTitle")}>{t("common:notFoundText")}</EmptyState>;
}

/** Instead of a page whose code failed. */
export function Broken() {
  const { t } = useTranslation(["app", "common"]);
  return (
    <main className="mx-auto max-w-2xl px-6 py-24">
      <EmptyState
        title={t("common:brokenTitle")}
        action={<Button onClick={() => location.reload()}>{t("common:reload")}</Button>}
      />
    </main>
  );
}
