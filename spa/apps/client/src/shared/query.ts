import { ApiProblem } from "@anteroom/api";
import { QueryClient } from "@tanstack/react-query";

const tries = 2;

/** The cache of server answers. What may help is tried again; a clear no is shown at once. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // "always": without a network the call fails and says so, instead of looking as if it were loading.
      networkMode: "always",
      staleTime: 10_000,
      retry: (failures, error) => error instanceof ApiProblem && error.transient && failures < tries,
    },
    mutations: { networkMode: "always" },
  },
});
