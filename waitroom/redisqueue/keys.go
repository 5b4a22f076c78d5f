package redisqueue

// keys returns all keys of a room, in the order in which lib.lua names them. The braces make the room's name the hash
// tag: in a cluster all of them live on one node. The name is a valid one, so it holds no brace itself.
func (q *Queue) keys(room string) []string {
	base := q.prefix + ":{" + room + "}:"
	return []string{
		base + "room",          // hash: epoch, version, policy (JSON), issued, serving, credit …
		base + "waiting",       // sorted set: number by number
		base + "seen",          // sorted set: waiting number by when it was last heard, ms
		base + "gone",          // sorted set: silent number by when it was dropped, ms
		base + "active",        // sorted set: admitted number by when it was last heard, ms
		base + "started",       // sorted set: admitted number by when it was admitted, ms
		base + "expires",       // sorted set: admitted number by when its pass runs out, ms
		base + "admitted",      // bitmap: numbers ever admitted, which tells passed from expired
		base + "recent",        // list: admissions of the last minute, "ms:count"
		base + "revoked",       // sorted set: "epoch:number" by when its session ended, ms
		base + "revoked-until", // sorted set: "epoch:number" by when its revocation is of no more use, ms
	}
}

// roomKey is the hash of keys, read on its own by Change.
func (q *Queue) roomKey(room string) string { return q.keys(room)[0] }

// roomsKey is the set of all rooms' names. It has no hash tag and is used by no script.
func (q *Queue) roomsKey() string { return q.prefix + ":rooms" }
