package guard

import (
	"errors"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// proofKey stands before the idempotency key that is made of a challenge. No visitor's own key begins with it: those are printable.
const proofKey = "\x00proof:"

// proof wants a solved challenge. Where the applicant names no idempotency key the challenge becomes one, and where one was named the
// challenge is good for no other: so whoever sends a solution again, to whichever gateway, gets the place that it was given.
func (g *Guard) proof(r *request) finding {
	challenge, err := verify(g.keys.Derive(proofPurpose), r.who.Solution, audienceOf(r.view, r.who), r.view.Policy.Guards.ProofBits, r.at)
	if err == nil {
		return finding{bind: func(who *waitroom.Entrant) {
			if who.Key == "" {
				who.Key = proofKey + challenge
			}
		}}
	}
	return finding{
		refusal: withChallenge(waitroom.ErrProofRequired, g.challenge(r.view, r.who, r.at), err),
		tripped: errors.Is(err, errInsufficient),
	}
}

// withChallenge puts the puzzle into the problem, as it stands in the answer to GET challenge, and says what was wrong with the solution.
func withChallenge(f *fault.Error, c waitroom.Challenge, why error) *fault.Error {
	return f.With("challenge", c.Text).With("bits", c.Bits).With("expires_at", c.ExpiresAt).With("solution", why.Error())
}
