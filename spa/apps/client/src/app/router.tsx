import { createBrowserRouter } from "react-router";
import { ShowListPage } from "@/features/shows/show-list-page";
import { ShowPage } from "@/features/shows/show-page";
import { Loading, Nothing } from "@/shared/ask-state";
import { routes, urls } from "@/shared/urls";
import { Broken } from "./broken";
import { Layout } from "./layout";

// The catalogue comes with the first load; what needs a seat map or a QR code comes when it is opened.
export const router = createBrowserRouter([
  {
    Component: Layout,
    errorElement: <Broken />,
    HydrateFallback: Loading,
    children: [
      { path: urls.home, Component: ShowListPage },
      { path: routes.show, Component: ShowPage },
      {
        path: routes.seats,
        lazy: async () => ({ Component: (await import("@/features/seats/seats-page")).SeatsPage }),
      },
      {
        path: routes.checkout,
        lazy: async () => ({ Component: (await import("@/features/checkout/checkout-page")).CheckoutPage }),
      },
      {
        path: routes.pay,
        lazy: async () => ({ Component: (await import("@/features/checkout/pay-page")).PayPage }),
      },
      {
        path: routes.bookings,
        lazy: async () => ({ Component: (await import("@/features/bookings/bookings-page")).BookingsPage }),
      },
      {
        path: routes.booking,
        lazy: async () => ({ Component: (await import("@/features/bookings/booking-page")).BookingPage }),
      },
      { path: "*", Component: Nothing },
    ],
  },
]);
