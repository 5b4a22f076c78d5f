package generator

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/loadtest/journal"
)

func TestMain(m *testing.M) { testenv.VerifyNoLeaks(m) }

func TestMonitorNotesEverySecondAndTheRestAtTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := journal.NewClock()
		m := New(clock)
		began := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		var noted []journal.Generator
		done := make(chan struct{})
		go func() {
			defer close(done)
			m.Run(ctx, func(g journal.Generator) { noted = append(noted, g) })
		}()
		for i := range 200 {
			m.Sent(time.Duration(i) * time.Millisecond)
		}
		m.InFlight(1)
		m.InFlight(1)
		m.InFlight(-1)
		time.Sleep(2500 * time.Millisecond) // of the bubble's clock
		m.Sent(time.Millisecond)
		cancel()
		<-done
		require.Len(t, noted, 3)
		for i, after := range []time.Duration{time.Second, 2 * time.Second, 2500 * time.Millisecond} {
			require.Equal(t, clock.At(began.Add(after)), noted[i].At)
			require.Equal(t, 1, noted[i].InFlight)
		}
		require.Equal(t, []int{200, 0, 1}, []int{noted[0].Sent, noted[1].Sent, noted[2].Sent}, "each request is counted in one second")
		require.InEpsilon(t, 197, noted[0].LagP99MS, 0.04)
		require.Zero(t, noted[1].LagP99MS)
		require.InDelta(t, 1, noted[2].LagP99MS, 0.04)
	})
}

func TestMonitorThatIsNotLetRunIsLateItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := New(journal.NewClock())
		ctx, cancel := context.WithCancel(t.Context())
		var noted []journal.Generator
		m.Run(ctx, func(g journal.Generator) {
			if noted = append(noted, g); len(noted) == 1 {
				time.Sleep(4 * time.Second) // as a process that is stopped
			}
			if len(noted) == 2 {
				cancel()
			}
		})
		require.GreaterOrEqual(t, len(noted), 2)
		require.Zero(t, noted[0].LagP99MS)
		require.InDelta(t, 3000, noted[1].LagP99MS, 0.001)
	})
}

func TestCountersAreExactUnderConcurrentUse(t *testing.T) {
	t.Parallel()
	m := New(journal.NewClock())
	const goroutines, each = 8, 5000
	var all sync.WaitGroup
	total := 0
	for range goroutines {
		all.Go(func() {
			for i := range each {
				m.InFlight(1)
				m.Sent(time.Duration(i) * time.Microsecond)
				if i%2 == 0 {
					m.InFlight(-1)
				}
			}
		})
	}
	finished := make(chan struct{})
	go func() { all.Wait(); close(finished) }()
	for running := true; running; { // taken meanwhile, as Run does
		select {
		case <-finished:
			running = false
		default:
		}
		_, n := m.lags.take(0.99)
		total += n
	}
	require.Equal(t, goroutines*each, total)
	require.Equal(t, goroutines*each/2, m.Now())
}

// BenchmarkSent is what watching costs a request.
func BenchmarkSent(b *testing.B) {
	m := New(journal.NewClock())
	b.RunParallel(func(pb *testing.PB) {
		for lag := time.Duration(0); pb.Next(); lag += 999 {
			m.InFlight(1)
			m.Sent(lag & 0xfffff)
			m.InFlight(-1)
		}
	})
}
