import { Alert } from "@anteroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { Failed, Loading } from "@/shared/ask-state";
import { showQuery } from "@/shared/catalogue";
import { SeatBits } from "./bitmap";
import { layoutQuery, seatStateQuery } from "./queries";
import { makePlan } from "./seat-plan";
import { SeatsView } from "./seats-view";
import { mayReload, WaitingAgain } from "./waiting";
import { WaitingState } from "./waiting-state";

/** The seats of a show. It is behind the gate: when the pass has run out, it goes back through the waiting room. */
export function SeatsPage() {
  const { t } = useTranslation();
  const { show: slug = "" } = useParams();
  const client = useQueryClient();
  const show = useQuery(showQuery(slug));
  const layout = useQuery(layoutQuery(slug));
  const state = useQuery({ ...seatStateQuery(slug), enabled: layout.isSuccess });
  const errors = [show.error, layout.error, state.error];
  const waiting = errors.find((error) => error instanceof WaitingAgain);

  useEffect(() => {
    if (waiting && mayReload(sessionStorage, Date.now())) window.location.reload();
  }, [waiting]);

  const stale = layout.data && state.data && layout.data.layout_version !== state.data.layout_version;
  useEffect(() => {
    if (stale) void client.invalidateQueries({ queryKey: layoutQuery(slug).queryKey });
  }, [stale, slug, client]);

  const plan = useMemo(
    () => layout.data && show.data && makePlan(layout.data, show.data.bands),
    [layout.data, show.data],
  );
  const unavailable = stale ? undefined : state.data?.unavailable;
  const bits = useMemo(
    () => (plan && unavailable !== undefined ? new SeatBits(unavailable, plan.count) : undefined),
    [plan, unavailable],
  );

  if (waiting) return <WaitingState place={waiting.place} />;
  const fatal = show.error ?? layout.error ?? (state.data ? null : state.error);
  if (fatal) {
    const retry = () => void client.refetchQueries({ predicate: (query) => query.state.status === "error" });
    return <Failed error={fatal} onRetry={retry} />;
  }
  if (!show.data || !plan || !bits) return <Loading />;
  return (
    <>
      {state.error && (
        <Alert kind="warn" className="mb-4">
          {t("seats.stale")}
        </Alert>
      )}
      <SeatsView show={show.data} plan={plan} bits={bits} soldOut={state.data?.available === 0} />
    </>
  );
}
