import "./app/app.css";
import { setUpI18n } from "@anteroom/i18n";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { en } from "@/shared/i18n/en";
import { ko } from "@/shared/i18n/ko";

setUpI18n({ ko, en });

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
