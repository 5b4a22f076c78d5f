package api

import (
	"strings"
	"sync"
	"time"
)

const (
	attemptsAllowed = 10
	attemptsWindow  = 15 * time.Minute
	attemptsKept    = 100_000 // addresses remembered at a time
)

// attempts limits how often one address may try to sign in without success: ten times within fifteen minutes of the first. It is
// this process's own memory: with several of them an attacker has as many times more. Safe for concurrent use.
type attempts struct {
	mu   sync.Mutex
	byID map[string]tries
}

type tries struct {
	count int
	since time.Time
}

func newAttempts() *attempts { return &attempts{byID: map[string]tries{}} }

// take counts an attempt and returns how long to wait first; 0: it may be made.
func (a *attempts) take(email string, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	id := strings.ToLower(email)
	t, known := a.byID[id]
	if !known && len(a.byID) >= attemptsKept {
		a.drop(now)
	}
	if now.Sub(t.since) >= attemptsWindow {
		t = tries{since: now}
	}
	if t.count >= attemptsAllowed {
		return t.since.Add(attemptsWindow).Sub(now)
	}
	t.count++
	a.byID[id] = t
	return 0
}

func (a *attempts) forget(email string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.byID, strings.ToLower(email))
}

// drop makes room: all that are over, and if that is none, any.
func (a *attempts) drop(now time.Time) {
	for id, t := range a.byID {
		if now.Sub(t.since) >= attemptsWindow || len(a.byID) >= attemptsKept {
			delete(a.byID, id)
		}
	}
}
