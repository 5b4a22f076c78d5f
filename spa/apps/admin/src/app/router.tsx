import { createBrowserRouter, Navigate } from "react-router";
import { AuditPage } from "@/features/audit/audit-page";
import { OrdersPage } from "@/features/orders/orders-page";
import { RoomPage } from "@/features/rooms/room-page";
import { RoomsPage } from "@/features/rooms/rooms-page";
import { SignInPage } from "@/features/sign-in/sign-in-page";
import { Permitted } from "@/shared/permitted";
import { base, paths, patterns } from "@/shared/urls";
import { Broken, NotFound } from "./fallbacks";
import { Guard } from "./guard";
import { Layout } from "./layout";

export const router = createBrowserRouter(
  [
    {
      errorElement: <Broken />,
      children: [
        { path: patterns.signIn, element: <SignInPage /> },
        {
          element: (
            <Guard>
              <Layout />
            </Guard>
          ),
          children: [
            { index: true, element: <Navigate to={paths.rooms} replace /> },
            {
              path: patterns.rooms,
              element: (
                <Permitted permission="room:read">
                  <RoomsPage />
                </Permitted>
              ),
            },
            {
              path: patterns.room,
              element: (
                <Permitted permission="room:read">
                  <RoomPage />
                </Permitted>
              ),
            },
            {
              path: patterns.orders,
              element: (
                <Permitted permission="order:read">
                  <OrdersPage />
                </Permitted>
              ),
            },
            {
              path: patterns.audit,
              element: (
                <Permitted permission="audit:read">
                  <AuditPage />
                </Permitted>
              ),
            },
            { path: "*", element: <NotFound /> },
          ],
        },
      ],
    },
  ],
  { basename: base },
);
