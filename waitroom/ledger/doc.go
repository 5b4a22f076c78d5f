// Package ledger is the public record of what a room's line issued and served: signed checkpoints ("lines"), each with the hash of
// the one before it, and the verifier that judges them offline, with the published keys alone.
//
// What a verified ledger proves. No line was altered, taken out, put in or moved after the next one was signed, and whoever kept
// the hash of any line holds the operator to all before it. Within an epoch nothing issued or served was taken back. A draw's commitment
// and its entrants' root were fixed when they were first published. The rate was kept over every stretch of less than 60 s that
// begins and ends at a line, and the cap at every line. A receipt's place was given when the receipt says.
//
// What it cannot prove. It knows the moments of its lines, not those between them: the report names the longest gap. Where a policy came
// and went unseen between two lines, or the room's method let everybody through, limits are not judged, and the report
// counts that. Numbers are given in order but may jump (after a failover they do); who is given one of the numbers that a jump left out,
// between the same two lines, cannot be told from someone who joined there. Two ledgers that differ in one line are a fork: both
// verify, so copies have to be compared, see Report.Agree.
package ledger
