export { WaitroomError } from "./problem";
export type { MoveLink, Serving, State, Status, TicketStore, View, WaitroomOptions } from "./types";
export { Waitroom } from "./waitroom";
