package booking

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

const (
	replicaTimeout = 500 * time.Millisecond // a replica that is slower is passed over
	replicaRest    = 5 * time.Second        // how long one is not asked that did not answer
)

// NearCatalogue reads what may be a little old from a replica, and everything else, and that too when the replica does not answer or is too far behind, from the
// primary. Safe for concurrent use.
type NearCatalogue struct {
	Catalogue               // the primary's
	Replica   Catalogue     // the replica's
	MaxLag    time.Duration // a seat state may be as old

	restUntil atomic.Int64 // Unix nanoseconds
}

var _ Catalogue = (*NearCatalogue)(nil)

// Layout implements Catalogue. A layout does not change, so a replica has it as it is.
func (n *NearCatalogue) Layout(ctx context.Context, show int64) (SeatLayout, error) {
	var layout SeatLayout
	if n.near(ctx, func(ctx context.Context) (err error) {
		layout, err = n.Replica.Layout(ctx, show)
		return err
	}) {
		return layout, nil
	}
	return n.Catalogue.Layout(ctx, show)
}

// SeatState implements Catalogue.
func (n *NearCatalogue) SeatState(ctx context.Context, show int64) (SeatState, error) {
	var state SeatState
	if n.near(ctx, func(ctx context.Context) (err error) {
		state, err = n.Replica.SeatState(ctx, show)
		return err
	}) && state.ReadAt.Sub(state.AsOf) <= n.MaxLag {
		return state, nil
	}
	return n.Catalogue.SeatState(ctx, show)
}

// near asks the replica, and reports whether it answered. What the replica does not have the primary may have already.
func (n *NearCatalogue) near(ctx context.Context, ask func(ctx context.Context) error) bool {
	if time.Now().UnixNano() < n.restUntil.Load() {
		return false
	}
	limit, cancel := context.WithTimeout(ctx, replicaTimeout)
	defer cancel()
	err := ask(limit)
	if err != nil && !errors.Is(err, ErrShowUnknown) {
		n.restUntil.Store(time.Now().Add(replicaRest).UnixNano())
	}
	return err == nil
}
