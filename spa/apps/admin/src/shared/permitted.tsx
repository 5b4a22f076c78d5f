import { EmptyState } from "@anteroom/ui";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Permission, useCan, useSession } from "./session";

/** Shows a page to the roles that may see it, and the reason to the others. */
export function Permitted({ permission, children }: { permission: Permission; children: ReactNode }) {
  const { t } = useTranslation();
  const { role } = useSession();
  if (useCan(permission)) return children;
  return (
    <EmptyState icon={<Lock aria-hidden size={32} />} title={t("denied.title")}>
      {t("denied.text", { permission, role: t(`role.${role}`) })}
    </EmptyState>
  );
}
