import "@anteroom/ui/theme.css";
import { setUpI18n } from "@anteroom/i18n";
import { ToastProvider } from "@anteroom/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { router } from "@/app/router";
import { en } from "@/shared/messages-en";
import { ko } from "@/shared/messages-ko";
import { queryClient } from "@/shared/session";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
setUpI18n({ ko, en });
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </QueryClientProvider>
  </StrictMode>,
);
