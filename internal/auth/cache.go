package auth

import "sync"

// cacheSize bounds each generation of a cache, in tokens of some 300 bytes.
const cacheSize = 32 << 10

// cache remembers what a token said once its signature has been verified: a verification costs some hundred times
// a look-up. It keeps two generations, so it forgets the least used half when it is full, without a clock or a list.
// Its keys are whole tokens, signature included: a token that differs in one byte is another token.
// Safe for concurrent use.
type cache[T any] struct {
	mu         sync.RWMutex
	young, old map[string]T
}

func (c *cache[T]) get(token []byte) (T, bool) {
	c.mu.RLock()
	v, ok := c.young[string(token)] // no allocation: the compiler knows this form
	if ok {
		c.mu.RUnlock()
		return v, true
	}
	v, ok = c.old[string(token)]
	c.mu.RUnlock()
	if ok {
		c.put(token, v)
	}
	return v, ok
}

func (c *cache[T]) put(token []byte, v T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.young == nil || len(c.young) >= cacheSize {
		c.old, c.young = c.young, make(map[string]T)
	}
	c.young[string(token)] = v
}
