import { isProblem } from "@anteroom/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useForgetSession } from "@/shared/session";
import { urls } from "@/shared/urls";
import { holdSeats, seatStateQuery, type Wish } from "./queries";
import { WaitingAgain } from "./waiting";

/**
 * Holding seats: asks who is buying when the service wants to know, drops the seats that are gone, and goes on to
 * pay when it worked.
 */
export function useHold(show: string, drop: (seatIds: readonly number[]) => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const forgetSession = useForgetSession();
  const [askingBuyer, setAskingBuyer] = useState(false);

  const mutation = useMutation({
    mutationFn: (wish: Wish) => holdSeats(show, wish),
    onSuccess: async (hold, wish) => {
      if ("seat_ids" in wish) drop(wish.seat_ids);
      await navigate(urls.checkout(hold.id));
    },
    onError: (error) => {
      if (error instanceof WaitingAgain) {
        // The choice is kept and outlives the reload; the gate answers with the waiting page.
        window.location.reload();
        return;
      }
      if (isProblem(error) && error.status === 401) {
        forgetSession();
        setAskingBuyer(true);
        return;
      }
      if (isProblem(error, "seat-taken")) drop(error.seatIds);
      void client.invalidateQueries({ queryKey: seatStateQuery(show).queryKey });
    },
  });

  const start = (wish: Wish) => {
    setAskingBuyer(false);
    mutation.mutate(wish);
  };
  const wish = mutation.variables;

  return {
    start,
    /** What was asked for last. */
    wish,
    /** Asks for the same again, now that it is known who is buying. */
    again: () => wish && start(wish),
    /** Forgets what went wrong last, and no longer asks who is buying. */
    forget: () => {
      setAskingBuyer(false);
      mutation.reset();
    },
    busy: mutation.isPending || mutation.isSuccess,
    error: askingBuyer || mutation.error instanceof WaitingAgain ? null : mutation.error,
    askingBuyer,
  };
}
