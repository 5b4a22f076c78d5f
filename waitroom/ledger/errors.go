package ledger

import (
	"fmt"

	"anteroom/internal/fault"
)

// Errors of this package; errors.Is knows them by type. Each that is returned names the wrong field and says why.
var (
	// ErrLine is a line that is not signed by the keys given, or not written as Sign writes it.
	ErrLine = fault.New(fault.Invalid, "ledger-line-invalid", "This is no line of the ledger.")
	// ErrDocument is a document or file that holds no ledger.
	ErrDocument = fault.New(fault.Malformed, "ledger-document-invalid", "This is no ledger.")
	// ErrBroken is a ledger that does not hold. The member "seq" of Extra is where.
	ErrBroken = fault.New(fault.Invalid, "ledger-broken", "The ledger does not hold.")
	// ErrReceipt is a receipt that contradicts the ledger, or another receipt.
	ErrReceipt = fault.New(fault.Invalid, "receipt-contradicted", "The receipt contradicts the ledger.")
	// ErrNotCovered is a receipt that the ledger can say nothing of: it begins too late or ends too early.
	ErrNotCovered = fault.New(fault.Conflict, "receipt-not-covered", "The ledger does not reach to both sides of the receipt.")
)

// because gives an error of the kind that names a field and says why, in its message too.
func because(kind *fault.Error, field, format string, args ...any) *fault.Error {
	why := fmt.Sprintf(format, args...)
	return fault.New(kind.Code, kind.Type, "%s %s: %s", kind.Message, field, why).WithField(field, "%s", why)
}

// broken gives an ErrBroken for a line.
func broken(seq int64, field, format string, args ...any) *fault.Error {
	why := fmt.Sprintf(format, args...)
	return fault.New(ErrBroken.Code, ErrBroken.Type, "The ledger does not hold at line %d, %s: %s", seq, field, why).
		WithField(field, "%s", why).With("seq", seq)
}
