package waitroom

import (
	"time"

	"anteroom/internal/fault"
)

// Errors of a Line.
var (
	ErrRoomUnknown      = fault.New(fault.NotFound, "room-unknown", "There is no such waiting room.")
	ErrRoomClosed       = fault.New(fault.Conflict, "room-closed", "The waiting room takes no one new.")
	ErrRoomSoldOut      = fault.New(fault.Gone, "room-sold-out", "Everything is sold; the line has ended.")
	ErrRoomFull         = fault.New(fault.Unavailable, "room-full", "There is no room just now, and nobody is put in line; try again.").After(5 * time.Second)
	ErrRoomChanged      = fault.New(fault.Conflict, "room-changed", "Someone else has changed the room meanwhile; look at it again.")
	ErrRoomName         = fault.New(fault.Invalid, "room-name-invalid", "A room's name is lower-case letters, digits and hyphens, at most 63.")
	ErrEntrantInvalid   = fault.New(fault.Invalid, "entrant-invalid", "An account or an idempotency key is at most %d bytes.", MaxEntrantKey)
	ErrBlockInvalid     = fault.New(fault.Invalid, "block-invalid", "1 to %d numbers are given at once.", MaxBlock)
	ErrEndReason        = fault.New(fault.Invalid, "end-reason-invalid", "A line ends because it is %q or %q.", SoldOut, Over)
	ErrTicketInvalid    = fault.New(fault.Unauthenticated, "ticket-invalid", "The ticket is not one of ours; join the line again.")
	ErrTicketSuperseded = fault.New(fault.Gone, "ticket-superseded", "The line was started anew; join it again.")
	ErrLineUnavailable  = fault.New(fault.Unavailable, "line-unavailable", "The line cannot be reached just now; nobody loses a place.").After(2 * time.Second)
	ErrLedgerMoved      = fault.New(fault.Conflict, "ledger-moved", "Another line has been written meanwhile.")
	ErrDrawState        = fault.New(fault.Conflict, "draw-state", "The draw is not at the step that this needs.")
)

// ErrWaiting answers a program that has to wait; its member "waitroom" carries the visitor's place.
var ErrWaiting = fault.New(fault.TooMany, "waiting", "This path is behind the waiting room; it is not your turn yet.")
