package main

import (
	"context"
	"time"

	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

// watchedLine is the line, with the calls counted that fail: those that visitors wait for, and those that each gateway makes all the time.
type watchedLine struct {
	*redisqueue.Queue
	seen *observer
}

var _ waitroom.Line = watchedLine{}

// Join implements waitroom.Queue.
func (l watchedLine) Join(ctx context.Context, room string, who waitroom.Entrant) (waitroom.Place, error) {
	place, err := l.Queue.Join(ctx, room, who)
	l.seen.line(err)
	l.seen.joined(room, err)
	return place, err
}

// Look implements waitroom.Queue.
func (l watchedLine) Look(ctx context.Context, room string, epoch, number int64) (waitroom.Place, error) {
	place, err := l.Queue.Look(ctx, room, epoch, number)
	l.seen.line(err)
	return place, err
}

// Offer implements waitroom.Mover.
func (l watchedLine) Offer(ctx context.Context, room string, offer waitroom.Offer) (time.Time, error) {
	expires, err := l.Queue.Offer(ctx, room, offer)
	l.seen.line(err)
	l.seen.moved(room, "offer", err)
	return expires, err
}

// Claim implements waitroom.Mover.
func (l watchedLine) Claim(ctx context.Context, room string, code waitroom.MoveCode, key string) (waitroom.Offer, error) {
	offer, err := l.Queue.Claim(ctx, room, code, key)
	l.seen.line(err)
	l.seen.moved(room, "claim", err)
	return offer, err
}

// Tick implements waitroom.Pulse.
func (l watchedLine) Tick(ctx context.Context, room string, since time.Time) (waitroom.Snapshot, []waitroom.Revocation, error) {
	snapshot, revoked, err := l.Queue.Tick(ctx, room, since)
	l.seen.line(err)
	return snapshot, revoked, err
}
