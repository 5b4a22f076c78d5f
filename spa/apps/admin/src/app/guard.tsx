import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { SessionContext, sessionQuery } from "@/shared/session";
import { Failed, Loading } from "@/shared/states";
import { paths, returnParameter } from "@/shared/urls";

/** Shows its children to who is signed in; sends everybody else to the sign-in page, and back afterwards. */
export function Guard({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const location = useLocation();
  if (session.data) return <SessionContext value={session.data}>{children}</SessionContext>;
  if (session.data === null) {
    const here = location.pathname + location.search + location.hash;
    return <Navigate to={`${paths.signIn}?${new URLSearchParams({ [returnParameter]: here })}`} replace />;
  }
  return (
    <div className="mx-auto max-w-2xl px-6 py-24">
      {session.isError ? <Failed error={session.error} retry={() => void session.refetch()} /> : <Loading />}
    </div>
  );
}
