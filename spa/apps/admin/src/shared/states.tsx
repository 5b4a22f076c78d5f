import { isProblem } from "@anteroom/api";
import { useProblemText } from "@anteroom/i18n";
import { Alert, Button, Skeleton } from "@anteroom/ui";
import { useTranslation } from "react-i18next";

/** Holds the place of a page that is on its way. */
export function Loading() {
  const { t } = useTranslation(["app", "common"]);
  return (
    <div role="status" aria-label={t("common:loading")} className="grid gap-4">
      <Skeleton className="h-24" />
      <Skeleton className="h-64" />
    </div>
  );
}

/** What an error means for the reader, and the service's own words, which an operator can act on. */
function useErrorText(): (error: unknown) => { text: string; detail: string | null } {
  const text = useProblemText();
  return (error) => {
    const said = text(error);
    if (!isProblem(error) || error.status === 0) return { text: said, detail: null };
    // A text that only wraps the service's own sentence adds nothing to it.
    return said.includes(error.message)
      ? { text: error.message, detail: null }
      : { text: said, detail: error.message };
  };
}

interface Props {
  error: unknown;
  retry?: () => void;
  title?: string;
}

/** Something that could not be loaded or done, and why. */
export function Failed({ error, retry, title }: Props) {
  const { t } = useTranslation(["app", "common"]);
  const { text, detail } = useErrorText()(error);
  return (
    <Alert
      kind="bad"
      title={title ?? t("problem.failed")}
      action={
        retry && (
          <Button variant="secondary" size="sm" onClick={retry}>
            {t("common:retry")}
          </Button>
        )
      }
    >
      <p>{text}</p>
      {detail && <p>{t("problem.detail", { detail })}</p>}
    </Alert>
  );
}
