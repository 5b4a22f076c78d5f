package launch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anteroom/infra/local"
	"anteroom/loadtest/faults"
	"anteroom/loadtest/profile"
)

var _ faults.Controls = (*System)(nil)

// possible are the faults that can be done. Payment is booking's simulated provider; network is all that the gateways ask others.
var possible = map[string][]string{
	"redis":    {"kill", "stop", "slow", "cut"},
	"postgres": {"kill", "stop", "slow", "cut"},
	"gateway":  {"kill", "stop"}, // visitors reach gateways directly, so that there is no way to cut
	"booking":  {"kill", "stop", "slow", "cut"},
	"payment":  {"slow", "cut"},
	"network":  {"slow", "cut"},
}

// Can implements faults.Controls.
func (s *System) Can(f profile.Fault) error {
	hows, known := possible[f.What]
	switch {
	case s.relays == nil:
		return errors.New("this system was not brought up for faults")
	case !known:
		return fmt.Errorf("there is no %q to break; there are redis, postgres, gateway, booking, payment and network", f.What)
	case !slices.Contains(hows, f.How):
		return fmt.Errorf("%s cannot be broken by %q; it can by %s", f.What, f.How, strings.Join(hows, ", "))
	case f.What == "gateway" && len(s.Gateways) < 2:
		return errors.New("it wants at least two gateways: with the only one gone there is nothing to be seen")
	case f.How == "slow" && f.By < profile.Duration(time.Millisecond):
		return fmt.Errorf("by must say how much slower, at least 1ms, and is %s", time.Duration(f.By))
	case f.What == "payment" && f.How == "slow" && f.By > profile.Duration(time.Minute):
		return fmt.Errorf("by must be at most 1m, and is %s", time.Duration(f.By))
	}
	return nil
}

// Begin implements faults.Controls.
func (s *System) Begin(ctx context.Context, f profile.Fault) (note string, mend faults.Mend, err error) {
	if err := s.Can(f); err != nil {
		return "", nil, err
	}
	by := time.Duration(f.By)
	switch {
	case f.What == "payment":
		return s.breakPayment(ctx, f)
	case f.How == "slow":
		for _, way := range s.relays.of(f.What) {
			way.Delay(by)
		}
		return fmt.Sprintf("each question to it took %s more", by), func(ctx context.Context) error {
			for _, way := range s.relays.of(f.What) {
				way.Delay(0)
			}
			return s.answers(ctx, f.What)
		}, nil
	case f.How == "cut":
		for _, way := range s.relays.of(f.What) {
			way.Cut()
		}
		return "connections to it ended, and new ones were reset", func(ctx context.Context) error {
			for _, way := range s.relays.of(f.What) {
				way.Join()
			}
			return s.answers(ctx, f.What)
		}, nil
	case f.How == "stop":
		return s.pause(ctx, f)
	}
	name := s.process(f.What)
	return name + " was killed with -9, and started again", func(ctx context.Context) error {
		if err := s.running.Restart(ctx, name); err != nil {
			return err
		}
		return s.answers(ctx, f.What)
	}, s.running.Kill(name)
}

func (s *System) pause(ctx context.Context, f profile.Fault) (string, faults.Mend, error) {
	name := s.process(f.What)
	p := s.running.Process(name)
	if p == nil {
		return "", nil, fmt.Errorf("%s does not run", name)
	}
	if err := p.Pause(ctx); err != nil {
		resume, cancel := context.WithTimeout(context.WithoutCancel(ctx), resumeTime)
		defer cancel()
		return "", nil, errors.Join(err, p.Resume(resume))
	}
	return name + " was stopped, with its connections open, and went on", func(ctx context.Context) error {
		if err := p.Resume(ctx); err != nil {
			return err
		}
		return s.answers(ctx, f.What)
	}, nil
}

// resumeTime bounds how long a program may take to go on.
const resumeTime = 30 * time.Second

// process is the name of the program that a part is. Of the gateways it is the last: booking fetches its keys from the first, and the back
// office asks that one about rooms, as both would ask any of them where a balancer stands in front.
func (s *System) process(what string) string {
	switch what {
	case "redis":
		return local.Redis
	case "postgres":
		return local.PostgreSQL
	case "gateway":
		return fmt.Sprintf("waitroom-%d", len(s.Gateways))
	}
	return what
}
