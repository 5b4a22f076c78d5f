import { isProblem } from "@anteroom/api";
import { useLanguage, useProblemText } from "@anteroom/i18n";
import { Alert, Button, buttonStyle, Card } from "@anteroom/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useForgetSession } from "@/shared/session";
import type { Show } from "@/shared/types";
import { urls } from "@/shared/urls";
import { BuyerDialog } from "./buyer-dialog";
import { BandField, CountField } from "./count-field";
import { joinWaitingList, leaveWaitingList, waitingPlaceQuery } from "./waiting-list-queries";

/** For whom there is no seat: to be told when some come back, and to have them held meanwhile. */
export function WaitingList({ show }: { show: Show }) {
  const { t } = useTranslation();
  const { date, count: say } = useLanguage();
  const { data: place } = useQuery(waitingPlaceQuery(show.slug));
  const leave = useChange(show.slug, () => leaveWaitingList(show.slug));
  if (place === undefined) return null;
  const offer = place?.state === "offered" ? place.offer : undefined;

  return (
    <Card className="grid gap-4" aria-live="polite">
      <h2 className="text-lg font-bold">{t("list.title")}</h2>
      {offer && (
        <Alert kind="good" title={t("list.offered", { count: offer.seats.length })}>
          <p>{t("list.offeredText", { until: date(offer.expires_at, "time") })}</p>
          <Link className={buttonStyle({ className: "mt-3" })} to={urls.checkout(offer.id)}>
            {t("list.take")}
          </Link>
        </Alert>
      )}
      {place?.state === "waiting" && (
        <p>
          {t("list.waiting", { count: place.count })}
          {place.ahead !== undefined &&
            ` ${t("list.ahead", { count: place.ahead, people: say(place.ahead) })}`}
        </p>
      )}
      {place?.state === "waiting" || offer ? (
        <Button
          variant="ghost"
          className="w-fit text-muted"
          busy={leave.isPending}
          onClick={() => leave.mutate()}
        >
          {t("list.leave")}
        </Button>
      ) : (
        <JoinForm show={show} lapsed={place?.state === "lapsed"} />
      )}
    </Card>
  );
}

function JoinForm({ show, lapsed }: { show: Show; lapsed: boolean }) {
  const { t } = useTranslation();
  const say = useProblemText();
  const forgetSession = useForgetSession();
  const [count, setCount] = useState(Math.min(2, show.max_per_buyer));
  const [band, setBand] = useState<number>();
  const [asking, setAsking] = useState(false);
  const join = useChange(show.slug, () => joinWaitingList(show.slug, count, band), {
    onError: (error) => {
      if (!isProblem(error) || error.status !== 401) return;
      forgetSession();
      setAsking(true);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    join.mutate();
  };
  return (
    <>
      <form onSubmit={submit} className="grid gap-4">
        <p className="text-sm text-muted">{t(lapsed ? "list.lapsed" : "list.text")}</p>
        <CountField show={show} value={count} onChange={setCount} />
        <BandField show={show} value={band} onChange={setBand} />
        {join.error && !asking && <Alert kind="bad">{say(join.error)}</Alert>}
        <Button type="submit" busy={join.isPending}>
          {t("list.join")}
        </Button>
      </form>
      <BuyerDialog
        open={asking}
        backTo={urls.seats(show.slug)}
        onClose={() => setAsking(false)}
        onReady={() => {
          setAsking(false);
          join.mutate();
        }}
      />
    </>
  );
}

/** Something that changes the place on the list, which is then asked for anew. */
function useChange(show: string, change: () => Promise<unknown>, more?: { onError: (error: Error) => void }) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    ...more,
    onSettled: () => client.invalidateQueries({ queryKey: waitingPlaceQuery(show).queryKey }),
  });
}
