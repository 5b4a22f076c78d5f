package booking

import "anteroom/internal/fault"

// Errors of what becomes of a ticket after the sale, and of a buyer's own data.
var (
	ErrTicketElsewhere  = fault.New(fault.Conflict, "ticket-of-another-show", "The ticket is for another show.")
	ErrTicketCheckedIn  = fault.New(fault.Conflict, "ticket-checked-in", "Somebody has been let in with this ticket already.")
	ErrTicketCancelled  = fault.New(fault.Conflict, "ticket-cancelled", "The ticket is not valid any more.")
	ErrTicketInvalid    = fault.New(fault.Invalid, "ticket-invalid", "That is no ticket of ours.")
	ErrTicketGiven      = fault.New(fault.Conflict, "ticket-transferred", "A ticket of this order belongs to somebody else now.")
	ErrTicketsUnsigned  = fault.New(fault.Unavailable, "ticket-keys-missing", "This service was started without the keys that tickets are signed with.")
	ErrTransferInvalid  = fault.New(fault.Invalid, "transfer-invalid", "The ticket cannot be handed on like this.")
	ErrTransferUnknown  = fault.New(fault.NotFound, "transfer-unknown", "There is no such offer of a ticket.")
	ErrTransferOver     = fault.New(fault.Gone, "transfer-over", "The offer of this ticket is over.")
	ErrTransfersTooMany = fault.New(fault.Conflict, "transfers-exhausted", "This ticket was offered too often; it stays with you.")
	ErrBuyerInUse       = fault.New(fault.Conflict, "buyer-in-use", "A payment or a refund is under way; delete your data when it is done.")
	ErrBuyerHasTickets  = fault.New(fault.Conflict, "buyer-has-tickets", "You have tickets that can still be used. Cancel them or hand them on, or say that you give them up.")
)
