import { booking, isProblem, unwrap } from "@anteroom/api";
import { QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

/** The cache of server answers; without a network a call fails and says so. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { networkMode: "always", retry: false }, mutations: { networkMode: "always" } },
});

const session = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => {
    try {
      return await unwrap(booking.GET("/api/v1/session", { signal }));
    } catch (error) {
      if (isProblem(error) && error.status === 401) return null;
      throw error;
    }
  },
});

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery(session);
}

/** Signs in; the cookie it sets cannot be read here. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (who: { email: string; password: string }) =>
      unwrap(booking.POST("/api/v1/session", { body: who })),
    onSuccess: (signedIn) => client.setQueryData(session.queryKey, signedIn),
  });
}

/** Makes an account and signs in; a guest's bookings come along. */
export function useSignUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (who: { email: string; password: string; name: string }) =>
      unwrap(booking.POST("/api/v1/accounts", { body: who })),
    onSuccess: (signedIn) => client.setQueryData(session.queryKey, signedIn),
  });
}

/** Signs out, here and on the server. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(booking.DELETE("/api/v1/session")),
    onSuccess: () => client.setQueryData(session.queryKey, null),
  });
}
