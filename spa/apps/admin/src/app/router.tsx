import type { ComponentType } from "react";
import { createBrowserRouter, Navigate } from "react-router";
import { Permitted } from "@/shared/permitted";
import type { Permission } from "@/shared/session";
import { Loading } from "@/shared/states";
import { base, paths, patterns } from "@/shared/urls";
import { Broken, NotFound } from "./fallbacks";
import { Guard } from "./guard";
import { Layout } from "./layout";

/** A page that is loaded when it is first opened, for the roles with the permission. */
function page(permission: Permission, load: () => Promise<ComponentType>) {
  return async () => {
    const Page = await load();
    return {
      element: (
        <Permitted permission={permission}>
          <Page />
        </Permitted>
      ),
    };
  };
}

const pages = {
  rooms: page("room:read", async () => (await import("@/features/rooms/rooms-page")).RoomsPage),
  room: page("room:read", async () => (await import("@/features/rooms/room-page")).RoomPage),
  orders: page("order:read", async () => (await import("@/features/orders/orders-page")).OrdersPage),
  audit: page("audit:read", async () => (await import("@/features/audit/audit-page")).AuditPage),
};

export const router = createBrowserRouter(
  [
    {
      errorElement: <Broken />,
      hydrateFallbackElement: <Loading />,
      children: [
        {
          path: patterns.signIn,
          lazy: async () => ({ Component: (await import("@/features/sign-in/sign-in-page")).SignInPage }),
        },
        {
          element: (
            <Guard>
              <Layout />
            </Guard>
          ),
          children: [
            { index: true, element: <Navigate to={paths.rooms} replace /> },
            { path: patterns.rooms, lazy: pages.rooms },
            { path: patterns.room, lazy: pages.room },
            { path: patterns.orders, lazy: pages.orders },
            { path: patterns.audit, lazy: pages.audit },
            { path: "*", element: <NotFound /> },
          ],
        },
      ],
    },
  ],
  { basename: base },
);
