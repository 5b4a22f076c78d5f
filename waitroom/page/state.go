package page

import (
	"time"

	"anteroom/waitroom"
)

// The states of the page, each with words of its own. Those of a visit are told apart by page.js as well.
const (
	stateWaiting  = "waiting"
	stateDrawn    = "drawn" // waiting, in an order that was drawn
	statePaused   = "paused"
	statePrequeue = "prequeue"
	stateGather   = "gather"  // before the opening, with a draw
	stateDrawing  = "drawing" // after it, while the beacon is awaited
	stateTurn     = "turn"
	statePassed   = "passed"
	stateExpired  = "expired"
	stateClosed   = "closed"
	stateSold     = "sold"
	stateEnded    = "ended"
	stateDown     = "down" // with a place that is kept

	// Without a visit, known to the script only: what became of the ticket.
	stateSuperseded = "superseded"
	stateMoved      = "moved"
	stateGone       = "gone"

	// Without a visit, known to the server only: why there is no place.
	stateSoon    = "soon"
	stateFull    = "full"
	stateDownNew = "downNew"
	stateLost    = "lost"
	stateBusy    = "busy"
	stateCode    = "code"  // a presale code is wanted
	stateProof   = "proof" // the browser solves a puzzle
	stateRefused = "refused"
)

// stateOf is the state of a visit.
func stateOf(v *waitroom.Visit) string {
	switch {
	case v.Ended == waitroom.SoldOut:
		return stateSold
	case v.Ended != "":
		return stateEnded
	case v.State == waitroom.Closed:
		return stateClosed
	case v.State == waitroom.Prequeue && v.Draw == "":
		return statePrequeue
	case v.State == waitroom.Prequeue && v.OpensAt != nil && v.OpensInMS == 0:
		return stateDrawing
	case v.State == waitroom.Prequeue:
		return stateGather
	case v.State == waitroom.Admitted:
		return stateTurn
	case v.State == waitroom.Passed:
		return statePassed
	case v.State == waitroom.Expired:
		return stateExpired
	case v.ETA == nil:
		return statePaused
	case v.DrawnPosition > 0:
		return stateDrawn
	default:
		return stateWaiting
	}
}

const (
	refreshMin  = 3 * time.Second
	refreshRead = 10 * time.Second // with something to read that the next page does not say
	retryClosed = 15 * time.Second
	retryEnded  = time.Minute // it is seldom that a line goes on
)

// stateWithout is the state of who has no place, and when to look again.
func stateWithout(w waitroom.Wait) (state string, again time.Duration) {
	again = max(w.Fault.RetryAfter, refreshMin)
	switch w.Fault.Type {
	case waitroom.ErrRoomSoldOut.Type:
		return stateSold, retryEnded
	case waitroom.ErrRoomClosed.Type:
		switch {
		case w.Ended == waitroom.SoldOut:
			return stateSold, retryEnded
		case w.Ended != "":
			return stateEnded, retryEnded
		case w.OpensIn > 0:
			return stateSoon, max(min(w.OpensIn, retryClosed), refreshMin)
		}
		return stateClosed, retryClosed
	case waitroom.ErrRoomFull.Type:
		return stateFull, again
	case waitroom.ErrRoomLost.Type:
		return stateLost, again
	case waitroom.ErrLineUnavailable.Type:
		if w.Kept {
			return stateDown, again
		}
		return stateDownNew, again
	case waitroom.ErrProofRequired.Type:
		return stateProof, 0
	case waitroom.ErrCodeRequired.Type, waitroom.ErrCodeInvalid.Type:
		return stateCode, 0
	case waitroom.ErrCodeAttempts.Type, waitroom.ErrJoinLimit.Type:
		return stateBusy, max(again, retryClosed)
	default:
		return stateRefused, max(again, retryClosed)
	}
}
