package payment

import (
	"context"
	"time"

	"anteroom/booking"
)

var _ booking.Simulated = (*Simulator)(nil)

// SetCondition implements booking.Simulated.
func (s *Simulator) SetCondition(c booking.Condition) { s.condition.Store(&c) }

func (s *Simulator) down() bool {
	c := s.condition.Load()
	return c != nil && c.State == booking.ProviderDown
}

// asked lets a call through as the condition has it. A slow provider does first and answers then, as over a slow network: who gives up
// meanwhile does not know what it did, and finds out by asking again.
func asked[T any](ctx context.Context, s *Simulator, call func() (T, error)) (T, error) {
	var none T
	if s.down() {
		return none, ErrNoAnswer
	}
	answer, err := call()
	c := s.condition.Load()
	if c == nil || c.State != booking.ProviderSlow {
		return answer, err
	}
	late := time.NewTimer(time.Duration(c.DelayMS) * time.Millisecond)
	defer late.Stop()
	select {
	case <-ctx.Done():
		return none, ErrNoAnswer
	case <-late.C:
		return answer, err
	}
}

// Authorise implements booking.Provider.
func (s *Simulator) Authorise(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	return asked(ctx, s, func() (booking.ChargeStatus, error) { return s.authorise(ctx, charge) })
}

// Capture implements booking.Provider.
func (s *Simulator) Capture(ctx context.Context, charge booking.Charge) (booking.ChargeState, error) {
	return asked(ctx, s, func() (booking.ChargeState, error) { return s.capture(ctx, charge) })
}

// Void implements booking.Provider. Of an unknown charge it keeps a tombstone, which a later Authorise finds.
func (s *Simulator) Void(ctx context.Context, charge booking.Charge) (booking.ChargeState, error) {
	return asked(ctx, s, func() (booking.ChargeState, error) { return s.void(ctx, charge) })
}

// Refund implements booking.Provider.
func (s *Simulator) Refund(ctx context.Context, key string, charge booking.Charge, amount booking.Money) error {
	_, err := asked(ctx, s, func() (struct{}, error) { return struct{}{}, s.refund(ctx, key, charge, amount) })
	return err
}

// Lookup implements booking.Provider.
func (s *Simulator) Lookup(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	return asked(ctx, s, func() (booking.ChargeStatus, error) { return s.lookup(ctx, charge) })
}
