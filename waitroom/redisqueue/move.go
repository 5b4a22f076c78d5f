package redisqueue

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// movePage is the most moves that one call of Moves reads.
const movePage = 1000

// keptOffer is what the line keeps of an offer beside the place itself.
type keptOffer struct {
	JoinedMS int64  `json:"joined_ms"`
	Low      int64  `json:"low"`
	High     int64  `json:"high"`
	ReturnTo string `json:"return_to"`
}

// Offer implements waitroom.Mover.
func (q *Queue) Offer(ctx context.Context, room string, offer waitroom.Offer) (time.Time, error) {
	t := offer.Ticket
	kept, err := json.Marshal(keptOffer{t.JoinedAt.UnixMilli(), t.EstimateLow, t.EstimateHigh, offer.ReturnTo})
	if err != nil {
		return time.Time{}, err
	}
	r, _, err := q.byRank(ctx, moveScript, room, t.Epoch, t.Number, "offer", decimal(t.Moves), offer.Digest,
		decimal(waitroom.MoveLife.Milliseconds()), decimal(waitroom.MaxMoves), decimal(waitroom.MaxOffers), string(kept))
	if err != nil {
		return time.Time{}, err
	}
	expires := r.moment()
	return expires, r.err
}

// Claim implements waitroom.Mover.
func (q *Queue) Claim(ctx context.Context, room string, code waitroom.MoveCode, key string) (waitroom.Offer, error) {
	r, _, err := q.byRank(ctx, moveScript, room, code.Epoch, code.Number, "claim", code.Digest(), key)
	if err != nil {
		return waitroom.Offer{}, err
	}
	moves, text := r.number(), r.text()
	if r.err != nil {
		return waitroom.Offer{}, r.err
	}
	var kept keptOffer
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return waitroom.Offer{}, fmt.Errorf("offer of number %d in room %s: %w", code.Number, room, err)
	}
	return waitroom.Offer{Digest: code.Digest(), ReturnTo: kept.ReturnTo, Ticket: auth.Ticket{
		Room: room, Epoch: code.Epoch, Number: code.Number, JoinedAt: time.UnixMilli(kept.JoinedMS),
		EstimateLow: kept.Low, EstimateHigh: kept.High, Moves: moves,
	}}, nil
}

// Moved implements waitroom.Mover.
func (q *Queue) Moved(ctx context.Context, room string, epoch, number, known int64) (int64, error) {
	r, err := q.run(ctx, moveScript, room, decimal(epoch), "0", "0", decimal(number), "moved", decimal(known))
	if err != nil {
		return 0, err
	}
	moves := r.number()
	return moves, r.err
}

// Moves implements waitroom.Pulse. At most a thousand come at once.
func (q *Queue) Moves(ctx context.Context, room string, from int64) ([]waitroom.Moved, int64, error) {
	if !waitroom.ValidRoom(room) {
		return nil, 0, waitroom.ErrRoomUnknown
	}
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	b := q.client.B
	answers := q.client.DoMulti(ctx,
		b().Llen().Key(q.movedKey(room)).Build(),
		b().Lrange().Key(q.movedKey(room)).Start(from).Stop(from+movePage-1).Build())
	length, err := answers[0].AsInt64()
	if err != nil {
		return nil, from, judged(err)
	}
	if length < from {
		return nil, 0, nil // the list was begun anew, or has lost its end
	}
	entries, err := answers[1].AsStrSlice()
	if err != nil {
		return nil, from, judged(err)
	}
	moved := make([]waitroom.Moved, len(entries))
	for i, entry := range entries {
		number, moves, _ := strings.Cut(entry, ":")
		if moved[i].Number, err = strconv.ParseInt(number, 10, 64); err == nil {
			moved[i].Moves, err = strconv.ParseInt(moves, 10, 64)
		}
		if err != nil {
			return nil, from, fmt.Errorf("move %q of room %s: %w", entry, room, err)
		}
	}
	return moved, from + int64(len(moved)), nil
}
