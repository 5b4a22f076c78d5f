package redisqueue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// TestHistoriesThatFork: what one Redis process has written, the next one to serve the line may not know of, and once more, and again. The
// jump of the counter alone would lead such processes to the same numbers. But no gateway accepts a line that is behind what it has seen
// itself: no number is given twice, each ticket stays good, and later joins have later numbers. In the controls, where every process
// is met by gateways that have just been started, later joins have earlier numbers, or the same.
func TestHistoriesThatFork(t *testing.T) {
	t.Parallel()
	for name, history := range map[string]func(*forks){
		"restarted twice from one snapshot": func(f *forks) {
			server := redistest.Start(f.t)
			f.cable.Lead(server.Addr())
			f.create()
			f.join()
			_, err := server.Do("SAVE")
			require.NoError(f.t, err)
			for range 3 {
				f.join()
				server.Restart()
			}
			f.join()
		},
		"back to the primary that was killed": func(f *forks) {
			pair := f.pair()
			pair.Primary.Kill()
			pair.Promote()
			f.cable.Lead(pair.Replica.Addr())
			f.join()
			f.join()
			f.join()
			pair.Primary.Restart()
			f.cable.Lead(pair.Primary.Addr())
			f.join()
		},
		"back to the primary that was cut off": func(f *forks) {
			pair := f.pair()
			pair.Promote()
			f.cable.Lead(pair.Replica.Addr())
			f.join()
			f.cable.Lead(pair.Primary.Addr())
			f.join()
		},
		"to and fro": func(f *forks) {
			pair := f.pair()
			pair.Promote()
			for range 3 {
				f.cable.Lead(pair.Replica.Addr())
				f.join()
				f.cable.Lead(pair.Primary.Addr())
				f.join()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newForks(t)
			history(f)
			require.NoError(t, queuetest.CheckFIFO(f.journal))
			requireAllWait(t, f.gateways[1], f.epoch, f.journal)
		})
		t.Run(name+", control", func(t *testing.T) {
			t.Parallel()
			f := newForks(t)
			f.fresh = true
			history(f)
			require.Error(t, queuetest.CheckFIFO(f.journal))
		})
	}
}

// forks is two gateways, of which one joins and the other ticks, in turns.
type forks struct {
	t        *testing.T
	cable    *testenv.Cable
	url      string
	gateways []*Queue
	fresh    bool // the gateways are replaced by new ones after each of their joins
	epoch    int64
	begun    time.Time
	journal  []queuetest.Joined
}

func newForks(t *testing.T) *forks {
	t.Helper()
	f := &forks{t: t, begun: time.Now()}
	f.cable, f.url = testenv.NewCable(t, "redis://127.0.0.1:1")
	f.gateways = gateways(t, 2, f.url)
	return f
}

// pair is a primary with a replica that does not know of the joins acknowledged last.
func (f *forks) pair() *redistest.Pair {
	p := redistest.StartPair(f.t, redistest.Durable...)
	f.cable.Lead(p.Primary.Addr())
	f.create()
	f.join()
	p.Lag()
	f.join()
	return p
}

func (f *forks) create() { f.epoch = create(f.t, f.gateways[0], "arena", gathering()).Epoch }

// join lets a hundred people join, one after the other, by way of one gateway.
func (f *forks) join() {
	f.t.Helper()
	for range 100 {
		sent := time.Since(f.begun)
		p := persist(f.t, "joining", func() (waitroom.Place, error) { return f.gateways[0].Join(f.t.Context(), "arena", waitroom.Entrant{}) })
		f.journal = append(f.journal, queuetest.Joined{Sent: sent, Answered: time.Since(f.begun), Number: p.Number, Admitted: queuetest.NotAdmitted})
	}
	persist(f.t, "ticking", func() (waitroom.Snapshot, error) {
		s, _, err := f.gateways[1].Tick(f.t.Context(), "arena", time.Now())
		return s, err
	})
	f.gateways[0], f.gateways[1] = f.gateways[1], f.gateways[0]
	if f.fresh {
		f.gateways = gateways(f.t, 2, f.url)
	}
}
