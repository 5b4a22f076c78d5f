import { Badge } from "@anteroom/ui";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SettingField } from "./setting-field";
import { type Group, groups } from "./settings";
import type { ControlsHandle } from "./use-controls";
import { useErrorText } from "./use-error-text";

/** The settings that are seldom changed during a sale, a group at a time. A group with an error opens by itself. */
export function MoreSettings({ controls }: { controls: ControlsHandle }) {
  const { t } = useTranslation();
  const error = useErrorText(controls);
  return (
    <div className="grid gap-2">
      {(Object.keys(groups) as Group[]).map((group) => {
        const wrong = groups[group].some((field) => error(field));
        const changed = controls.changes.filter((c) =>
          (groups[group] as readonly string[]).includes(c.field),
        ).length;
        return (
          <details key={group} open={wrong || undefined} className="group rounded-xl border border-line">
            <summary className="flex cursor-pointer items-center justify-between gap-2 px-4 py-2.5 text-sm font-semibold">
              <span className="flex items-center gap-2">
                <ChevronRight aria-hidden size={16} className="text-muted group-open:rotate-90" />
                {t(`groups.${group}`)}
              </span>
              {changed > 0 && <Badge tone="accent">{t("controls.changed", { count: changed })}</Badge>}
            </summary>
            <div className="grid gap-3 border-t border-line p-4">
              {isExplained(group) && <p className="text-sm text-muted">{t(`groupMeans.${group}`)}</p>}
              {groups[group].map((field) => (
                <SettingField key={field} field={field} controls={controls} error={error(field)} />
              ))}
            </div>
          </details>
        );
      })}
    </div>
  );
}

const explained = ["guards", "adaptive", "brand"] as const satisfies readonly Group[];

function isExplained(group: Group): group is (typeof explained)[number] {
  return (explained as readonly Group[]).includes(group);
}
