import { createBrowserRouter } from "react-router";
import { AccountPage } from "@/features/account/account-page";
import { SignInPage } from "@/features/sign-in/sign-in-page";
import { SignUpPage } from "@/features/sign-in/sign-up-page";
import { base, routes } from "@/shared/urls";
import { Broken, Nothing } from "./fallbacks";
import { Layout } from "./layout";

export const router = createBrowserRouter(
  [
    {
      Component: Layout,
      ErrorBoundary: Broken,
      children: [
        { path: routes.me, Component: AccountPage },
        { path: routes.signIn, Component: SignInPage },
        { path: routes.signUp, Component: SignUpPage },
        { path: "*", Component: Nothing },
      ],
    },
  ],
  { basename: base },
);
