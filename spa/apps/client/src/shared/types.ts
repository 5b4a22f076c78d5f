import type { BookingSchemas } from "@anteroom/api";

export type Show = BookingSchemas["Show"];
export type Band = BookingSchemas["Band"];
export type Order = BookingSchemas["Order"];
export type Ticket = BookingSchemas["Ticket"];
export type Session = BookingSchemas["Session"];
export type SeatLayout = BookingSchemas["SeatLayout"];
export type Money = BookingSchemas["Money"];
