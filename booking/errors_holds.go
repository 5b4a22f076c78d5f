package booking

import "anteroom/internal/fault"

// Errors of holds beyond chosen seats, and of the waiting list.
var (
	ErrBandUnknown    = fault.New(fault.Invalid, "band-unknown", "The show has no such price band.")
	ErrSectionUnknown = fault.New(fault.Invalid, "section-unknown", "The show has no such section of this kind.")

	ErrNotTogether  = fault.New(fault.Conflict, "seats-not-together", "There are not so many seats side by side.")
	ErrInsufficient = fault.New(fault.Conflict, "seats-insufficient", "There are not so many seats left.")
	ErrNotRenewable = fault.New(fault.Conflict, "hold-not-renewable", "The hold has been renewed as often as may be.")

	ErrWaitingClosed  = fault.New(fault.Conflict, "waiting-list-closed", "The show has no waiting list.")
	ErrWaitingJoined  = fault.New(fault.Conflict, "waiting-list-joined", "You are on the waiting list of this show already.")
	ErrWaitingUnknown = fault.New(fault.NotFound, "waiting-list-unknown", "You are not on the waiting list of this show.")
	ErrSeatsAvailable = fault.New(fault.Conflict, "seats-available", "So many seats can be had at once; there is nothing to wait for.")
)
