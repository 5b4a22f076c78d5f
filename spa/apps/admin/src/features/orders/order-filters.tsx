import { useLanguage } from "@anteroom/i18n";
import { Button, Field, Input, Select } from "@anteroom/ui";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { showsQuery } from "./queries";
import { isFiltered, type OrderSearch, orderStates } from "./search";

interface Props {
  search: OrderSearch;
  onChange: (filter: Pick<OrderSearch, "q" | "show" | "state">) => void;
}

/** Search, show and state. Selecting applies at once, the text on Enter. */
export function OrderFilters({ search, onChange }: Props) {
  const { t } = useTranslation();
  const { text } = useLanguage();
  const shows = useQuery(showsQuery);
  const options = (shows.data ?? []).map((show) => ({ slug: show.slug, title: text(show.title) }));
  // A show that the catalogue does not (or no longer) name can still be filtered by.
  if (search.show && !options.some((o) => o.slug === search.show))
    options.push({ slug: search.show, title: search.show });

  return (
    <search>
      <form
        className="mb-4 flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const q = new FormData(event.currentTarget).get("q");
          onChange({ q: typeof q === "string" ? q : undefined });
        }}
      >
        <Field label={t("order.search")} className="min-w-60 flex-1">
          {(control) => (
            <Input
              {...control}
              // A new key gives the field the text of the address after Back or Clear.
              key={search.q ?? ""}
              name="q"
              type="search"
              maxLength={254}
              defaultValue={search.q ?? ""}
              placeholder={t("order.searchHint")}
            />
          )}
        </Field>
        <Field label={t("order.show")} className="w-52">
          {(control) => (
            <Select
              {...control}
              value={search.show ?? ""}
              onChange={(event) => onChange({ show: event.target.value || undefined })}
            >
              <option value="">{t("order.any")}</option>
              {options.map((show) => (
                <option key={show.slug} value={show.slug}>
                  {show.title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("order.state")} className="w-40">
          {(control) => (
            <Select
              {...control}
              value={search.state ?? ""}
              onChange={(event) => onChange({ state: orderStates.find((s) => s === event.target.value) })}
            >
              <option value="">{t("order.any")}</option>
              {orderStates.map((state) => (
                <option key={state} value={state}>
                  {t(`order.states.${state}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit">
          <Search aria-hidden size={16} />
          {t("order.find")}
        </Button>
        {isFiltered(search) && (
          <Button
            variant="ghost"
            onClick={() => onChange({ q: undefined, show: undefined, state: undefined })}
          >
            {t("order.clear")}
          </Button>
        )}
      </form>
    </search>
  );
}
