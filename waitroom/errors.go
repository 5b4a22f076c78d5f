package waitroom

import (
	"time"

	"anteroom/internal/fault"
)

// Errors of a Queue.
var (
	ErrRoomUnknown      = fault.New(fault.NotFound, "room-unknown", "There is no such waiting room.")
	ErrRoomClosed       = fault.New(fault.Conflict, "room-closed", "The waiting room takes no one new.")
	ErrRoomChanged      = fault.New(fault.Conflict, "room-changed", "Someone else has changed the room meanwhile; look at it again.")
	ErrRoomName         = fault.New(fault.Invalid, "room-name-invalid", "A room's name is lower-case letters, digits and hyphens, at most 63.")
	ErrTicketInvalid    = fault.New(fault.Unauthenticated, "ticket-invalid", "The ticket is not one of ours; join the line again.")
	ErrTicketSuperseded = fault.New(fault.Gone, "ticket-superseded", "The line was started anew; join it again.")
	ErrLineUnavailable  = fault.New(fault.Unavailable, "line-unavailable", "The line cannot be reached just now; nobody loses a place.").After(2 * time.Second)
)
