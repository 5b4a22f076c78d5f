import { Badge } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import type { Mode } from "./settings";

const tones = { open: "good", queue: "accent", hold: "warn", draining: "warn", closed: "bad" } as const;

export function ModeBadge({ mode }: { mode: Mode }) {
  const { t } = useTranslation();
  return (
    <Badge tone={tones[mode]} title={t(`modeMeans.${mode}`)}>
      {t(`mode.${mode}`)}
    </Badge>
  );
}
