import { Button, EmptyState, Table, Th } from "@anteroom/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { PageTitle } from "@/shared/page-title";
import { Failed, Loading } from "@/shared/states";
import { AuditRow } from "./audit-row";
import { auditQuery } from "./queries";

/** Who changed what, and who was refused. */
export function AuditPage() {
  const { t } = useTranslation();
  const log = useInfiniteQuery(auditQuery);
  const entries = log.data?.pages.flatMap((page) => page.entries);
  return (
    <>
      <PageTitle
        title={t("auditLog.title")}
        text={t("auditLog.text")}
        aside={
          <Button variant="secondary" size="sm" busy={log.isRefetching} onClick={() => void log.refetch()}>
            {!log.isRefetching && <RotateCw aria-hidden size={15} />}
            {t("order.refresh")}
          </Button>
        }
      />
      {log.isPending && <Loading />}
      {log.isError && (
        <div className="mb-4">
          <Failed error={log.error} retry={() => void log.refetch()} />
        </div>
      )}
      {entries?.length === 0 && <EmptyState title={t("auditLog.none")}>{t("auditLog.noneText")}</EmptyState>}
      {entries && entries.length > 0 && (
        <>
          <Table label={t("auditLog.title")}>
            <thead>
              <tr>
                <Th>{t("auditLog.when")}</Th>
                <Th>{t("auditLog.who")}</Th>
                <Th>{t("auditLog.what")}</Th>
                <Th>{t("auditLog.difference")}</Th>
                <Th>{t("auditLog.outcome")}</Th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <AuditRow key={entry.id} entry={entry} />
              ))}
            </tbody>
          </Table>
          <div className="mt-4 text-center text-sm text-muted">
            {log.hasNextPage ? (
              <Button
                variant="secondary"
                busy={log.isFetchingNextPage}
                onClick={() => void log.fetchNextPage()}
              >
                {t("auditLog.older")}
              </Button>
            ) : (
              t("auditLog.end")
            )}
          </div>
        </>
      )}
    </>
  );
}
