package rooms

import (
	"context"
	"sync"

	"anteroom/waitroom"
)

// moves are how often places of one epoch have been moved to other devices, as far as this gateway has learnt. Tickets from before a move
// are refused by it; what must not be wrong for a second, a pass, is decided by the line.
type moves struct {
	mu    sync.RWMutex
	epoch int64
	times map[int64]int64 // by number

	// What follows is the reading goroutine's.
	next    int64
	listed  int64 // the epoch that next belongs to
	primary string
}

func (m *moves) count(epoch, number int64) int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if epoch != m.epoch {
		return 0
	}
	return m.times[number]
}

func (m *moves) add(epoch int64, moved []waitroom.Moved) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if epoch != m.epoch || m.times == nil {
		m.epoch, m.times = epoch, make(map[int64]int64)
	}
	for _, one := range moved {
		m.times[one.Number] = max(m.times[one.Number], one.Moves)
	}
}

// Moved implements waitroom.Room.
func (r *room) Moved(epoch, number int64) int64 { return r.moves.count(epoch, number) }

// follow reads the moves that have come about since the last call. A failure keeps what is known.
func (r *room) follow(ctx context.Context) {
	view, m := r.view.Load(), &r.moves
	if view == nil {
		return
	}
	if m.listed != view.Epoch || m.primary != view.Primary {
		m.listed, m.primary, m.next = view.Epoch, view.Primary, 0 // another list, or one that has lost its end
	}
	for range catchUp {
		limit, cancel := context.WithTimeout(ctx, callTimeout)
		moved, next, err := r.line.Moves(limit, r.name, m.next)
		cancel()
		if err != nil || next == m.next {
			return
		}
		m.next = next
		if len(moved) > 0 {
			m.add(view.Epoch, moved)
		}
	}
}
