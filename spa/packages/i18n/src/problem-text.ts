import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** An error as packages/api throws it; named by shape, so that the two packages stay apart. */
interface ProblemLike {
  problem: string;
  status: number;
  message: string;
}

function isProblemLike(error: unknown): error is ProblemLike {
  return error instanceof Error && "problem" in error && "status" in error;
}

/** Gives a function that says, in the reader's language, what an error means for them. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation("common");
  return useCallback(
    (error: unknown) => {
      // The names of problems are the services' own, so the keys are not known to the compiler.
      const say = t as unknown as (key: string, values?: Record<string, string>) => string;
      if (!isProblemLike(error)) return say("problem.unknown", { detail: String(error) });
      if (i18n.exists(`common:problem.${error.problem}`) && error.problem !== "unknown")
        return say(`problem.${error.problem}`);
      if (error.status === 429 || error.status >= 500) return say("problem.unavailable");
      return say("problem.unknown", { detail: error.message });
    },
    [t, i18n],
  );
}
