import { admin, unwrap } from "@anteroom/api";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "@/shared/urls";

const pageSize = 50;

/** The log, newest first; a further page is what is older than the last entry shown. */
export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ pageParam, signal }) =>
    unwrap(admin.GET(api.audit, { params: { query: { limit: pageSize, before: pageParam } }, signal })),
  initialPageParam: undefined as number | undefined,
  getNextPageParam: (page) => page.next_before,
});
