package upstream

import (
	"sync"
	"time"

	"anteroom/internal/auth"
)

const (
	tokenLife  = 60 * time.Second // a token cannot be revoked, so a role taken away ends there at the latest after this
	tokenReuse = 30 * time.Second // signing costs more than asking; a reused token still has half its life
	maxTokens  = 1000
)

// tokens signs staff tokens for one audience and keeps each for a short while. Safe for concurrent use.
type tokens struct {
	keys     *auth.Keys
	audience string
	now      func() time.Time

	mu   sync.Mutex
	made map[auth.Staff]madeToken // by the whole identity: another role is another token
}

type madeToken struct {
	token string
	at    time.Time
}

func newTokens(keys *auth.Keys, audience string) *tokens {
	return &tokens{keys: keys, audience: audience, now: time.Now, made: map[auth.Staff]madeToken{}}
}

func (t *tokens) of(who auth.Staff) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if m, ok := t.made[who]; ok && now.Sub(m.at) < tokenReuse {
		return m.token, nil
	}
	token, err := t.keys.SignStaff(who, t.audience, tokenLife)
	if err != nil {
		return "", err
	}
	if len(t.made) >= maxTokens {
		clear(t.made)
	}
	t.made[who] = madeToken{token, now}
	return token, nil
}
