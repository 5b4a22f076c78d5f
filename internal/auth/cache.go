package auth

import "sync"

// cacheSize bounds each generation of a cache, in tokens of some 300 bytes.
const cacheSize = 32 << 10

// cache remembers what a token said once its signature has been verified: a verification costs some hundred times
// a look-up. It keeps two generations, so it forgets the least used half when it is full, without a clock or a list.
// Its keys are whole tokens, signature included: a token that differs in one byte is another token. All that was learnt of one state of
// the verifying keys is forgotten with the first thing learnt of a later one. Safe for concurrent use.
type cache[T any] struct {
	mu         sync.RWMutex
	state      uint64
	young, old map[string]T
}

// get finds what was learnt of this state of the keys.
func (c *cache[T]) get(token []byte, state uint64) (T, bool) {
	c.mu.RLock()
	if c.state != state {
		c.mu.RUnlock()
		var none T
		return none, false
	}
	v, ok := c.young[string(token)] // no allocation: the compiler knows this form
	if ok {
		c.mu.RUnlock()
		return v, true
	}
	v, ok = c.old[string(token)]
	c.mu.RUnlock()
	if ok {
		c.put(string(token), state, v)
	}
	return v, ok
}

// put learns; the state of the keys is that before they were asked.
func (c *cache[T]) put(token string, state uint64, v T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case state < c.state: // judged by a key that may be gone
		return
	case state > c.state:
		c.young, c.old, c.state = nil, nil, state
	}
	if c.young == nil || len(c.young) >= cacheSize {
		c.old, c.young = c.young, make(map[string]T)
	}
	c.young[token] = v
}
