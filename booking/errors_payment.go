package booking

import "anteroom/internal/fault"

// Errors of paying and giving back.
var (
	ErrSeatsLost          = fault.New(fault.Conflict, "seats-lost", "Someone else has paid for a seat of yours first. You are not charged; the order is cancelled.")
	ErrOrderNotRefundable = fault.New(fault.Conflict, "order-not-refundable", "Only a paid order can be refunded.")
	ErrTicketUnknown      = fault.New(fault.NotFound, "ticket-unknown", "There is no such ticket.")
	ErrTicketsInvalid     = fault.New(fault.Invalid, "tickets-invalid", "The list of tickets is not acceptable.")
	ErrCancellationClosed = fault.New(fault.Conflict, "cancellation-closed", "The time to cancel this order is over.")

	ErrDecisionInvalid = fault.New(fault.Invalid, "decision-invalid", "That is no answer to the question.")
	ErrProviderUnknown = fault.New(fault.NotFound, "provider-unknown", "There is no such payment provider here.")
	ErrChargeUnknown   = fault.New(fault.NotFound, "charge-unknown", "There is no such charge.")

	ErrProviderReal     = fault.New(fault.Conflict, "provider-real", "The payment provider is a real one. Only the simulated one can be made slow or unreachable.")
	ErrSimulatorInvalid = fault.New(fault.Invalid, "simulator-invalid", "That is no condition of the simulated payment provider.")

	ErrWebhookSignature = fault.New(fault.Unauthenticated, "webhook-signature-invalid", "The signature of the webhook is missing, wrong or too old.")
	ErrWebhookInvalid   = fault.New(fault.Malformed, "webhook-invalid", "The webhook cannot be read.")
)
