package rooms

import (
	"sync"
	"time"

	"anteroom/waitroom"
)

// touchBatch bounds how many sessions one call of the line names.
const touchBatch = 1000

// touched are the sessions active since the line was last told. It holds at most the admitted of one epoch.
type touched struct {
	mu       sync.Mutex
	epoch    int64
	sessions map[int64]time.Time // when they were admitted, by number
}

func (t *touched) add(epoch int64, sessions ...waitroom.Session) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case epoch < t.epoch:
		return // a line that is over
	case epoch > t.epoch || t.sessions == nil:
		t.epoch, t.sessions = epoch, make(map[int64]time.Time)
	}
	for _, s := range sessions {
		t.sessions[s.Number] = s.AdmittedAt
	}
}

// take returns all and starts anew.
func (t *touched) take() (epoch int64, sessions []waitroom.Session) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.sessions) == 0 {
		return t.epoch, nil
	}
	sessions = make([]waitroom.Session, 0, len(t.sessions))
	for number, at := range t.sessions {
		sessions = append(sessions, waitroom.Session{Number: number, AdmittedAt: at})
	}
	clear(t.sessions)
	return t.epoch, sessions
}
