package redisqueue

import "strconv"

// roomKey is the hash of a room. The scripts make the names of the room's other keys from it (lib.lua). The braces make the
// room's name the hash tag: in a cluster all of them live on one node. The name is a valid one, so it holds no brace itself.
func (q *Queue) roomKey(room string) string { return q.base(room) + "room" }

func (q *Queue) base(room string) string { return q.prefix + ":{" + room + "}:" }

// The keys that Go reads by itself, as lib.lua names them.

func (q *Queue) hereKey(room string, gen, window, chunk int64) string {
	return q.base(room) + "here:" + decimal(gen) + ":" + decimal(window%windows) + ":" + decimal(chunk)
}

func (q *Queue) chunksKey(room string) string { return q.base(room) + "chunks" }

func (q *Queue) leftKey(room string, chunk int64) string {
	return q.base(room) + "left:0:" + decimal(chunk)
}

func (q *Queue) entrantsKey(room string, chunk int64) string {
	return q.base(room) + "entrants:" + decimal(chunk)
}

// movedKey is the list of moves that gateways follow; see move.lua.
func (q *Queue) movedKey(room string) string { return q.base(room) + "moved" }

func (q *Queue) ledgerKey(room string) string { return q.base(room) + "ledger" }

// roomsKey is the set of all rooms' names. It has no hash tag and is used by no script.
func (q *Queue) roomsKey() string { return q.prefix + ":rooms" }

// windows is how many heartbeat windows are kept.
const windows = 3

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
