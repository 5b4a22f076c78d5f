import type { AdminSchemas } from "@anteroom/api";
import { useLanguage } from "@anteroom/i18n";
import { Badge, Td } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import { differences, sayValue } from "./difference";

type Entry = AdminSchemas["AuditEntry"];

const tones = { done: "good", refused: "warn", failed: "bad" } as const;

export function AuditRow({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const { date } = useLanguage();
  return (
    <tr className="align-top last:*:border-b-0 hover:bg-raised/50">
      <Td className="align-top whitespace-nowrap">
        <time dateTime={entry.at} title={entry.at}>
          <span className="block font-semibold">{date(entry.at, "time")}</span>
          <span className="block text-xs text-muted">{date(entry.at, "date")}</span>
        </time>
      </Td>
      <Td className="align-top">
        <span className="block font-semibold">{entry.actor}</span>
        {entry.role && <span className="block text-xs text-muted">{t(`role.${entry.role}`)}</span>}
      </Td>
      <Td className="align-top">
        <Action action={entry.action} />
        <span className="block text-xs text-muted">{entry.target}</span>
      </Td>
      <Td className="align-top">
        <Differences before={entry.before} after={entry.after} />
      </Td>
      <Td className="align-top">
        <Badge tone={tones[entry.outcome]}>{t(`auditLog.${entry.outcome}`)}</Badge>
        {entry.reason && <p className="mt-1 max-w-60 text-xs text-muted">{entry.reason}</p>}
      </Td>
    </tr>
  );
}

/** An action that this page has no words for is shown by its own name. */
function Action({ action }: { action: string }) {
  const { t, i18n } = useTranslation();
  const key = `auditLog.actions.${action.replaceAll(".", "-")}`;
  const known = i18n.exists(key);
  return (
    <span className="block font-semibold">{known ? t(key as "auditLog.actions.room-change") : action}</span>
  );
}

function Differences({ before, after }: { before: unknown; after: unknown }) {
  const changed = differences(before, after);
  if (changed.length === 0) return <span className="text-muted">–</span>;
  return (
    <dl className="grid gap-1">
      {changed.map((change) => (
        <div key={change.path} className="flex flex-wrap gap-x-2">
          <dt className="font-mono text-xs leading-5 text-muted">{change.path}</dt>
          <dd className="flex flex-wrap gap-x-1.5">
            <del className="text-muted">
              <Value value={change.before} />
            </del>
            <span aria-hidden>→</span>
            <ins className="font-bold no-underline">
              <Value value={change.after} />
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value }: { value: unknown }) {
  const { t } = useTranslation();
  const said = sayValue(value);
  if (said === null) return <i className="font-normal">{t("auditLog.nothing")}</i>;
  return said === "" ? <span>“”</span> : said;
}
