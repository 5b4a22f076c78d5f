package proxy

// HeaderPass carries the pass: from a visitor that is no browser, and always from the gateway to the upstream.
const HeaderPass = "Waitroom-Pass"

// HeaderState marks every answer of the gate's own, so that no client takes a place in the line for what it asked for.
const HeaderState = "Waitroom-State"
