import { isProblem } from "@anteroom/api";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { sessionQuery } from "@/shared/session";

const attempts = 3;

/** A 401 from any call means that the session has ended: the guard sees it and asks to sign in. */
function forgetSession(client: () => QueryClient) {
  return (error: unknown) => {
    if (isProblem(error) && error.status === 401) client().setQueryData(sessionQuery.queryKey, null);
  };
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: forgetSession(() => queryClient) }),
  mutationCache: new MutationCache({ onError: forgetSession(() => queryClient) }),
  defaultOptions: {
    queries: {
      // Asking again helps only against what passes by itself.
      retry: (failures, error) => failures < attempts - 1 && isProblem(error) && error.transient,
      refetchOnWindowFocus: true,
    },
    // A change is never repeated by the page: whether it took effect is for the person to see.
    mutations: { retry: false },
  },
});
