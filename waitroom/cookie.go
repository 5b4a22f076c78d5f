package waitroom

import "time"

// Names of the visitor's cookies, each followed by the room; over HTTPS they carry the __Host- prefix as well.
const (
	TicketCookie = "wr_"
	PassCookie   = "wp_"
	BypassCookie = "wb_" // leave to go past the gate, after a bypass link
	EdgeCookie   = "we_" // the pass for edges, beside the pass
)

// TicketLife is how long a browser keeps a ticket. What it is worth is the line's to say.
const TicketLife = 24 * time.Hour

// MaxTokens is how many tokens of one request are looked at: a browser may hold several cookies of one name, and a
// forged one must not hide the right one, but nobody makes us verify a whole header of them.
const MaxTokens = 4
