package waitroom

import "net/netip"

// Onward is what the gateway itself tells an upstream about a request that it forwards.
type Onward struct {
	Pass   string     // the pass that the request came in by; empty where no room gates it
	Client netip.Addr // of the visitor; not valid where it is not known
	Proto  string     // what the visitor uses: "http" or "https"
	Host   []byte     // as the visitor asked for it; used until the answer has begun only
	// MaxBody bounds the request's body, in bytes; 0: as the upstream says.
	MaxBody int64
	// Still is asked about once a second while a stream of events or a WebSocket is open, and may end it by false. It is called by another
	// goroutine. Nil: nothing but its two ends closes it.
	Still func() bool
}

// Reply is what an upstream's answer tells the gateway itself.
type Reply struct {
	Command string // of the header Waitroom-Command; empty: none
	Address string // host:port that answered; empty: none did
}
