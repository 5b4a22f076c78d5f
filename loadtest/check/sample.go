package check

import "anteroom/loadtest/journal"

// Sample is the server's own view of the room at one moment, as the journal holds it.
type Sample = journal.Sample
