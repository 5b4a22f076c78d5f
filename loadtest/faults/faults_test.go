package faults

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
)

// panel is a system that only writes down what is done to it, and when.
type panel struct {
	start time.Time

	mu     sync.Mutex
	done   []string
	broken map[string]bool
	refuse map[string]error // of "redis kill" and so on; of "mend redis kill", of the mending
}

func newPanel() *panel {
	return &panel{start: time.Now(), broken: map[string]bool{}, refuse: map[string]error{}}
}

func (p *panel) Can(f profile.Fault) error {
	if f.What == "moon" {
		return errors.New("there is no moon")
	}
	return nil
}

func (p *panel) Begin(_ context.Context, f profile.Fault) (string, Mend, error) {
	name := f.What + " " + f.How
	if err := p.refuse[name]; err != nil {
		return "", nil, err
	}
	p.write(name, true)
	return "so it was", func(ctx context.Context) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.refuse["mend "+name]; err != nil {
			return err
		}
		p.write("mend "+name, false)
		return nil
	}, nil
}

func (p *panel) write(what string, broken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done = append(p.done, fmt.Sprintf("%s %s", time.Since(p.start), what))
	if broken {
		p.broken[what] = true
	} else {
		delete(p.broken, what[len("mend "):])
	}
}

func fault(what, how string, at, lasting time.Duration) profile.Fault {
	return profile.Fault{What: what, How: how, At: profile.Duration(at), For: profile.Duration(lasting)}
}

// notes collects what a run notes, without the times, which the panel has.
func notes(into *[]string) func(journal.Fault) {
	var mu sync.Mutex
	return func(f journal.Fault) {
		mu.Lock()
		defer mu.Unlock()
		*into = append(*into, fmt.Sprintf("%s %s %v %s", f.What, f.How, f.Done, f.Note))
	}
}

func TestEachFaultIsDoneWhenItIsDueAndUndone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, noted := newPanel(), []string{}
		list := []profile.Fault{
			fault("gateway", "kill", 20*time.Second, 5*time.Second), fault("redis", "cut", 10*time.Second, 3*time.Second),
			fault("redis", "slow", 22*time.Second, time.Second),
		}
		require.NoError(t, Run(t.Context(), p, list, p.start, notes(&noted)))
		require.Equal(t, []string{
			"10s redis cut", "13s mend redis cut", "20s gateway kill", "22s redis slow", "23s mend redis slow", "25s mend gateway kill",
		}, p.done)
		require.Equal(t, []string{
			"redis cut false ", "redis cut true so it was", "gateway kill false ", "redis slow false ", "redis slow true so it was", "gateway kill true so it was",
		}, noted)
	})
}

func TestWhatIsUnderWayWhenTheLoadEndsIsUndoneAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, noted := newPanel(), []string{}
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		list := []profile.Fault{fault("redis", "stop", 10*time.Second, time.Hour), fault("booking", "kill", 20*time.Second, time.Second)}
		require.NoError(t, Run(ctx, p, list, p.start, notes(&noted)))
		require.Equal(t, []string{"10s redis stop", "12s mend redis stop"}, p.done, "and what was not due is left out")
		require.Empty(t, p.broken)
	})
}

// threeFaults are one that lasts, one in its middle, and one afterwards.
var threeFaults = []profile.Fault{
	fault("gateway", "stop", 5*time.Second, time.Hour), fault("redis", "cut", 10*time.Second, 3*time.Second), fault("booking", "kill", 30*time.Second, time.Second),
}

func TestAFaultThatCannotBeDoneIsLeftOutAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, noted := newPanel(), []string{}
		p.refuse["redis cut"] = errors.New("no")
		require.EqualError(t, Run(t.Context(), p, threeFaults, p.start, notes(&noted)), "redis cut at 10s for 3s: no")
		require.Equal(t, []string{"5s gateway stop", "30s booking kill", "31s mend booking kill", "1h0m5s mend gateway stop"}, p.done)
		require.Contains(t, noted, "redis cut true it could not be done: no")
	})
}

func TestAfterAFaultThatCannotBeUndoneNoOtherBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, noted := newPanel(), []string{}
		p.refuse["mend redis cut"] = errors.New("no")
		require.EqualError(t, Run(t.Context(), p, threeFaults, p.start, notes(&noted)), "undo redis cut at 10s for 3s: no")
		require.Equal(t, []string{"5s gateway stop", "10s redis cut", "13s mend gateway stop"}, p.done, "the others are undone at once")
		require.Contains(t, noted, "redis cut true it could not be undone: no")
	})
}

func TestWhatCannotBeDoneIsRefusedBeforeAnythingIs(t *testing.T) {
	p := newPanel()
	at := time.Second
	for want, list := range map[string][]profile.Fault{
		"fault 2 (moon cut at 1s for 1s): there is no moon": {fault("redis", "cut", time.Hour, at), fault("moon", "cut", at, at)},
		"overlaps fault 1 (redis cut at 1s for 1s)":         {fault("redis", "cut", at, at), fault("redis", "slow", 2*at, at)},
		"fault 2 (network slow at 1s for 1s) overlaps":      {fault("booking", "kill", at, at), fault("network", "slow", at, at)},
		"fault 2 (redis kill at 1s for 1s) overlaps":        {fault("redis", "cut", 0, 5*at), fault("redis", "kill", at, at)},
	} {
		err := Run(t.Context(), p, list, p.start, func(journal.Fault) { t.Error("noted") })
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, p.done)
	require.NoError(t, Check(p, []profile.Fault{fault("redis", "cut", 0, at), fault("booking", "kill", 0, at), fault("redis", "cut", 3*at, at)}))
	require.ErrorContains(t, Check(nil, []profile.Fault{fault("redis", "cut", 0, at)}), "brought up itself")
	require.NoError(t, Check(nil, nil), "without faults any system will do")
}
