import { type AdminSchemas, admin, isProblem, unwrap } from "@anteroom/api";
import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { api } from "./urls";

export type Session = AdminSchemas["Session"];
export type Permission = AdminSchemas["Permission"];

/** Who is signed in; null is nobody, which is an answer and not an error. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await unwrap(admin.GET(api.session));
    } catch (error) {
      if (isProblem(error) && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const SessionContext = createContext<Session | null>(null);

/** The signed-in member of staff; only below the guard. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession is used outside of the guard");
  return session;
}

/** Whether the signed-in role has a permission. The service decides; this only keeps screens honest. */
export function useCan(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}
