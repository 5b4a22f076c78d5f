package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"anteroom/booking"
	"anteroom/internal/fault"
)

// SQLSTATE codes, https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	lockNotAvailable = "55P03"
	deadlockDetected = "40P01"
	queryCanceled    = "57014" // statement_timeout
	uniqueViolation  = "23505"
	undefinedTable   = "42P01"
	invalidSchema    = "3F000"
	tooManyClients   = "53300"
)

// refusals are the outcomes by which the functions of the database say no.
var refusals = byType(
	booking.ErrSessionMissing, booking.ErrShowUnknown, booking.ErrNotOnSale,
	booking.ErrSeatUnknown, booking.ErrSeatElsewhere, booking.ErrSeatTaken, booking.ErrLimitReached,
	booking.ErrHoldUnknown, booking.ErrHoldExpired, booking.ErrHoldOrdered,
	booking.ErrBandUnknown, booking.ErrSectionUnknown, booking.ErrNotTogether, booking.ErrInsufficient, booking.ErrNotRenewable,
	booking.ErrWaitingClosed, booking.ErrWaitingJoined, booking.ErrWaitingUnknown, booking.ErrSeatsAvailable,
	booking.ErrOrderUnknown, booking.ErrOrderNotPayable, booking.ErrOrderNotCancellable, booking.ErrShowStarted,
	booking.ErrPaymentDeclined, booking.ErrPaymentFailed, booking.ErrKeyReused, booking.ErrKeyInFlight,
	booking.ErrSeatsLost, booking.ErrOrderNotRefundable, booking.ErrTicketUnknown, booking.ErrCancellationClosed,
	booking.ErrTicketCheckedIn, booking.ErrTicketGiven,
)

func byType(errs ...*fault.Error) map[string]*fault.Error {
	m := make(map[string]*fault.Error, len(errs))
	for _, e := range errs {
		m[e.Type] = e
	}
	return m
}

// refusal turns an outcome into the domain's error with what belongs to it; nil for a success.
func refusal(a answer) error {
	switch a.Outcome {
	case "done", "started", "capture", "void", "settled":
		return nil
	}
	e, ok := refusals[a.Outcome]
	if !ok {
		return fmt.Errorf("the database answered %q", a.Outcome)
	}
	if a.SeatIDs != nil {
		e = e.With("seat_ids", a.SeatIDs)
	}
	if a.OrderID != "" {
		e = e.With("order_id", a.OrderID)
	}
	if a.State != "" {
		e = e.With("state", a.State)
	}
	if a.OnSaleAt != "" {
		e = e.With("on_sale_at", a.OnSaleAt)
	}
	if a.MaxPerBuyer != 0 {
		e = e.With("max_per_buyer", a.MaxPerBuyer)
	}
	if a.Together != nil {
		e = e.With("together", *a.Together)
	}
	if a.Available != nil {
		e = e.With("available", *a.Available)
	}
	return a.explain(e, a.Order)
}

// failure tells a database that is away or busy from a defect of ours.
func failure(err error) error {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.As(err, &pg):
		return failureByState(pg, err)
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, context.DeadlineExceeded),
		pgconn.Timeout(err), pgconn.SafeToRetry(err), isClosed(err),
		errors.Is(err, io.ErrUnexpectedEOF): // a connection that the other side closed, found out by using it
		return fault.Wrap(err, booking.ErrUnavailable.Code, booking.ErrUnavailable.Type, "%s", booking.ErrUnavailable.Message).After(booking.ErrUnavailable.RetryAfter)
	default:
		return err
	}
}

func failureByState(pg *pgconn.PgError, err error) error {
	away := booking.ErrUnavailable
	switch {
	case pg.Code == lockNotAvailable, pg.Code == deadlockDetected:
		away = booking.ErrBusy
	case pg.Code == queryCanceled, pg.Code == tooManyClients, pg.Code == undefinedTable, pg.Code == invalidSchema:
	case pg.Code[:2] == "08", pg.Code[:2] == "57", pg.Code[:2] == "25": // connection, shutdown and start-up, read-only or broken transaction
	default:
		return err
	}
	return fault.Wrap(err, away.Code, away.Type, "%s", away.Message).After(away.RetryAfter)
}

func isClosed(err error) bool {
	return errors.Is(err, net.ErrClosed) || err.Error() == "closed pool" || err.Error() == "conn closed"
}

func isNoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

func isUndefinedTable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == undefinedTable || pg.Code == invalidSchema)
}

func isUnique(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == uniqueViolation && pg.ConstraintName == constraint
}
