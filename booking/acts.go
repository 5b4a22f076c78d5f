package booking

import "context"

// Acts is the record of what staff asked of this service and what came of it: append-only and hash-chained, so that what was written cannot be
// changed unseen. All methods fail with "database-unavailable" while that is so; then nothing may be done.
type Acts interface {
	// BeginAct writes that somebody asks for an act, before anything of it is done, and returns its number.
	BeginAct(ctx context.Context, actor, action, target string) (int64, error)

	// EndAct writes what came of it: "done", or the type of the problem. An act has one outcome.
	EndAct(ctx context.Context, act int64, outcome string) error
}
