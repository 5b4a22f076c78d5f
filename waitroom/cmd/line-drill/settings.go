package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"anteroom/internal/service"
	"anteroom/waitroom"
)

// settings are the command line.
type settings struct {
	RedisURL string
	Prefix   string
	Room     string
	Journal  string

	Gateways int
	Visitors int
	Sprint   int
	Singles  int
	Block    int
	Callers  int
	JoinFor  time.Duration
	Beat     time.Duration

	GhostEvery   int
	ReleaseEvery int
	ReleaseAfter time.Duration

	CallTimeout time.Duration // of one call of the line; no flag
}

// parse reads the command line. What is wrong with it has been printed when the error is not nil.
func parse(args []string, log io.Writer) (settings, error) {
	s := settings{CallTimeout: callTimeout}
	f := service.NewFlags("line-drill run", "LINE_DRILL", log)
	f.String(&s.RedisURL, "redis-url", "redis://127.0.0.1:6379/0", "URL of the Redis that keeps the line")
	f.String(&s.Prefix, "key-prefix", "wr", "what all names of keys in Redis begin with")
	f.String(&s.Room, "room", "arena", "the room, which must exist")
	f.String(&s.Journal, "journal", "", "file to write the journal to; required")
	f.Int(&s.Gateways, "gateways", 4, "gateways to be, each with a client of its own, 1 to 64")
	f.Int(&s.Visitors, "visitors", 9_000_000, "people who join in all, 1 to 100000000")
	f.Int(&s.Sprint, "sprint", 1_000_000, "of these, who join in blocks as fast as they can on the command sprint")
	f.Int(&s.Singles, "singles", 200_000, "of these, who join one by one as fast as they can on the command singles")
	f.Int(&s.Block, "block", 1000, "people in a block, 1 to 100000")
	f.Int(&s.Callers, "callers", 512, "calls under way at once in each gateway while people join one by one, 1 to 100000")
	f.Duration(&s.JoinFor, "join-for", time.Minute, "how long the joining of the rest takes, on the command join")
	f.Duration(&s.Beat, "beat", 30*time.Second, "how often each visitor is heard")
	f.Int(&s.GhostEvery, "ghost-every", 200, "after the command silence, whose number is a multiple of this is not heard again; 0: everybody is")
	f.Int(&s.ReleaseEvery, "release-every", 20, "whose number leaves the remainder 3 when divided by this gives the session back early; 0: nobody does")
	f.Duration(&s.ReleaseAfter, "release-after", 5*time.Second, "how long after the admission")
	rest, err := f.Parse(args)
	if err != nil {
		return s, err
	}
	if err := s.validate(rest); err != nil {
		return s, f.Fail(err)
	}
	return s, nil
}

func (s *settings) validate(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is not expected", rest[0])
	case s.Journal == "":
		return errors.New("--journal must be given")
	case !waitroom.ValidRoom(s.Room):
		return fmt.Errorf("--room: %q cannot be a room's name", s.Room)
	case s.Sprint+s.Singles > s.Visitors:
		return errors.New("--sprint and --singles together must not be more than --visitors")
	case s.Beat < 100*time.Millisecond:
		return fmt.Errorf("--beat must be at least 100ms, is %s", s.Beat)
	case s.JoinFor < 0 || s.ReleaseAfter < 0:
		return errors.New("--join-for and --release-after must not be negative")
	}
	for _, limit := range []struct {
		name           string
		value, low, up int
	}{
		{"gateways", s.Gateways, 1, 64}, {"visitors", s.Visitors, 1, 100_000_000}, {"sprint", s.Sprint, 0, 100_000_000},
		{"singles", s.Singles, 0, 100_000_000}, {"block", s.Block, 1, waitroom.MaxBlock}, {"callers", s.Callers, 1, 100_000},
		{"ghost-every", s.GhostEvery, 0, 1 << 30}, {"release-every", s.ReleaseEvery, 0, 1 << 30},
	} {
		if limit.value < limit.low || limit.value > limit.up {
			return fmt.Errorf("--%s must be from %d to %d, is %d", limit.name, limit.low, limit.up, limit.value)
		}
	}
	return nil
}
