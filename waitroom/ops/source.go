package ops

import "anteroom/waitroom"

// Source is what the page shows. Its methods are safe for concurrent use, and none waits for anything.
type Source interface {
	// Each calls f with the newest view of each room.
	Each(f func(*waitroom.View))
	// Totals reads what the gateway has counted since it started.
	Totals() Totals
	// Room tells what else is known of a room, such as its fairness and the state of its guards: the page shows it by these names. May be
	// empty.
	Room(name string) map[string]any
	// Facts are what the gateway is and how it is set, in this order: its build, the generation of its configuration.
	Facts() []Fact
}

// Fact is a line about the gateway.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Totals are sums since the start of the gateway, but for Connections and Streams, which are of now. They are not changed.
type Totals struct {
	Answers     [6]int64 // by the first digit of the status; index 0: any other
	Admitted    int64    // gated requests let through with a pass
	Straight    int64    // and without one before
	Waiting     int64    // answers on gated paths that told to wait
	Refused     map[Refusal]int64
	Upstreams   map[string]Upstream
	Batches     map[string]Counts // joins sent to the line in one call, by room
	LineErrors  map[string]int64  // by cause
	LineUp      bool
	Connections int64
	Streams     int64
	LogsLeftOut int64
}

// Refusal is why somebody was not let in.
type Refusal struct {
	Room   string // empty where the path names none that is known
	Reason string // the type of the error
}

// Upstream is what was counted of one upstream.
type Upstream struct {
	Latency Counts           // in seconds, until the head of the answer
	Errors  map[string]int64 // by the type of the error
	Health  []Address        // empty where it is not known
}

// Address is how one address of an upstream does.
type Address struct {
	Address string `json:"address"`
	Healthy bool   `json:"healthy"`
	Detail  string `json:"detail,omitempty"`
}
