import { Button } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import type { OrderSearch } from "./search";

interface Props {
  search: OrderSearch;
  /** Cursors of the pages before this one, the first page being "". */
  trail: string[];
  next: string | undefined;
  busy: boolean;
  onGo: (search: OrderSearch, trail: string[]) => void;
}

/** Forward by the cursor the service gave, back along the way one came. */
export function Pager({ search, trail, next, busy, onGo }: Props) {
  const { t } = useTranslation();
  const { cursor } = search;
  if (!cursor && !next) return null;
  const at = (to: string | undefined) => ({ ...search, cursor: to || undefined });
  return (
    <nav
      aria-label={t("order.page", { page: trail.length + 1 })}
      className="mt-4 flex items-center justify-end gap-2"
    >
      {cursor && (
        <Button variant="ghost" size="sm" onClick={() => onGo(at(undefined), [])}>
          {t("order.first")}
        </Button>
      )}
      {trail.length > 0 && (
        <Button variant="secondary" size="sm" onClick={() => onGo(at(trail.at(-1)), trail.slice(0, -1))}>
          {t("order.previous")}
        </Button>
      )}
      {/* Who came by a link is somewhere in the list; only the way from the first page gives a number. */}
      {(trail.length > 0 || !cursor) && (
        <span className="px-2 text-sm text-muted tabular-nums">
          {t("order.page", { page: trail.length + 1 })}
        </span>
      )}
      {next && (
        <Button
          variant="secondary"
          size="sm"
          disabled={busy}
          onClick={() => onGo(at(next), [...trail, cursor ?? ""])}
        >
          {t("order.next")}
        </Button>
      )}
    </nav>
  );
}
