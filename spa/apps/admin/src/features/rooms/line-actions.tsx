import { type AdminSchemas, admin, unwrap } from "@anteroom/api";
import { Button, Card, Dialog, Field, Input } from "@anteroom/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/shared/session";
import { Failed } from "@/shared/states";
import { api } from "@/shared/urls";
import type { Room } from "./live";

type Act = "reset" | "sold_out" | "over" | "resume" | "beacon";

/** Asks the service for an act; what comes of it is seen in the stream. */
function ask(act: Act, { room, version }: Room, typed: string): Promise<AdminSchemas["Room"]> {
  const params = { path: { room } };
  switch (act) {
    case "reset":
      return unwrap(admin.POST(api.reset, { params, body: { version } }));
    case "resume":
      return unwrap(admin.DELETE(api.end, { params }));
    case "beacon":
      return unwrap(admin.POST(api.beacon, { params, body: { value: typed } }));
    default:
      return unwrap(admin.POST(api.end, { params, body: { reason: act } }));
  }
}

/** What cannot be taken back, each behind a question; a reset wants the room's name typed. */
export function LineActions({ room }: { room: Room }) {
  const { t } = useTranslation(["app", "common"]);
  const allowed = useCan("line:write");
  // The room as it was when the question was put: that is what the answer is about.
  const [asked, setAsked] = useState<{ act: Act; room: Room } | null>(null);
  const [typed, setTyped] = useState("");
  const doing = useMutation({
    mutationFn: (what: { act: Act; room: Room }) => ask(what.act, what.room, typed),
    onSuccess: () => setAsked(null),
  });
  if (!allowed) return null;

  const put = (act: Act) => {
    doing.reset();
    setTyped("");
    setAsked({ act, room });
  };
  const acts: Act[] = room.live.ended ? ["resume", "reset"] : ["sold_out", "over", "reset"];
  if (room.live.draw === "sealed") acts.unshift("beacon");
  const act = asked?.act ?? "over";
  const wants = act === "reset" ? t("line.typeName", { room: room.room }) : t("line.beaconValue");
  const ready = act === "reset" ? typed === asked?.room.room : act !== "beacon" || typed !== "";

  return (
    <Card className="grid gap-3">
      <h2 className="text-lg font-bold">{t("line.title")}</h2>
      <div className="flex flex-wrap gap-2">
        {acts.map((one) => (
          <Button
            key={one}
            size="sm"
            variant={one === "resume" || one === "beacon" ? "primary" : "secondary"}
            onClick={() => put(one)}
          >
            {t(`line.acts.${one}`)}
          </Button>
        ))}
      </div>
      <Dialog
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={t(`line.acts.${act}`)}
        closeLabel={t("common:close")}
        footer={
          <>
            <Button variant="secondary" onClick={() => setAsked(null)}>
              {t("common:cancel")}
            </Button>
            <Button
              form="line-act"
              type="submit"
              variant={act === "resume" || act === "beacon" ? "primary" : "danger"}
              disabled={!ready}
              busy={doing.isPending}
            >
              {t(`line.acts.${act}`)}
            </Button>
          </>
        }
      >
        <form
          id="line-act"
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (asked && ready && !doing.isPending) doing.mutate(asked);
          }}
        >
          <p>{t(`line.means.${act}`)}</p>
          {(act === "reset" || act === "beacon") && (
            <Field label={wants}>
              {(control) => (
                <Input
                  {...control}
                  autoComplete="off"
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                />
              )}
            </Field>
          )}
          {doing.error && <Failed title={t("controls.failed")} error={doing.error} />}
        </form>
      </Dialog>
    </Card>
  );
}
