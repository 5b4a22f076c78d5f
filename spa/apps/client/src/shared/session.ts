import { booking, isProblem, unwrap } from "@anteroom/api";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Session } from "./types";

const session = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await unwrap(booking.GET("/api/v1/session", { signal }));
    } catch (error) {
      if (isProblem(error) && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** Who is buying: an account, a guest, or null. */
export function useSession() {
  return useQuery(session);
}

/** Starts a session for an e-mail address without an account. */
export function useStartGuest() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (email: string) => unwrap(booking.POST("/api/v1/guests", { body: { email } })),
    onSuccess: (guest) => client.setQueryData(session.queryKey, guest),
  });
}

/** To be called when a service says that nobody is signed in, whatever was known before. */
export function useForgetSession() {
  const client = useQueryClient();
  return () => client.setQueryData(session.queryKey, null);
}
