package queuetest

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Joined is one line of the clients' journal. Sent and Answered are by one clock for all clients.
type Joined struct {
	Sent, Answered time.Duration
	Number         int64
	Admitted       int64 // when, in ms by the clock of the line; NotAdmitted when not yet
}

// NotAdmitted stands for a time of admission that has not come.
const NotAdmitted = math.MaxInt64

// CheckFIFO proves over a journal that the line was first in, first out in real time, or names what contradicts it. That is: of any two joins
// A and B where A was answered before B was sent, A has the smaller number and is admitted no later than B; and no number was given
// twice. Joins that overlap in time may have gone either way.
//
// It looks at all pairs in O(n log n). The joins are taken by the time of sending. At B, all joins that were answered before B was sent
// have been seen, and no others, since those are taken by the time of the answer. Some A among them contradicts B exactly when the greatest
// number among them is not below B's, or the latest admission among them is later than B's. So the two maxima decide for all A.
func CheckFIFO(journal []Joined) error {
	bySent, byAnswer := slices.Clone(journal), slices.Clone(journal)
	slices.SortFunc(bySent, func(a, b Joined) int { return int(a.Sent - b.Sent) })
	slices.SortFunc(byAnswer, func(a, b Joined) int { return int(a.Answered - b.Answered) })
	var first, last Joined // of those answered so far: with the greatest number, with the latest admission
	last.Admitted = math.MinInt64
	next := 0
	for _, b := range bySent {
		for ; next < len(byAnswer) && byAnswer[next].Answered < b.Sent; next++ {
			a := byAnswer[next]
			if a.Number > first.Number {
				first = a
			}
			if a.Admitted > last.Admitted {
				last = a
			}
		}
		switch {
		case next > 0 && b.Number <= first.Number:
			return fmt.Errorf("number %d was answered at %v, and %d was given to who asked at %v", first.Number, first.Answered, b.Number, b.Sent)
		case b.Admitted < last.Admitted:
			return fmt.Errorf("number %d was answered at %v and admitted at %d; %d asked at %v and was admitted at %d",
				last.Number, last.Answered, last.Admitted, b.Number, b.Sent, b.Admitted)
		}
	}
	slices.SortFunc(bySent, func(a, b Joined) int { return int(min(max(a.Number-b.Number, -1), 1)) })
	for i := 1; i < len(bySent); i++ {
		if bySent[i].Number == bySent[i-1].Number {
			return fmt.Errorf("number %d was given twice", bySent[i].Number)
		}
	}
	return nil
}

// Storm lets clients join, each again and again, until there were so many joins, and returns their journal. join is called by many at once,
// each with its own index, and returns the number. The first error ends the storm.
func Storm(joins, clients int, join func(client int) (number int64, err error)) ([]Joined, error) {
	var (
		left     atomic.Int64
		failure  atomic.Pointer[error]
		journals = make([][]Joined, clients)
		start    = make(chan struct{})
		begun    = time.Now()
		all      sync.WaitGroup
	)
	left.Store(int64(joins))
	for client := range clients {
		all.Go(func() {
			<-start
			for left.Add(-1) >= 0 && failure.Load() == nil {
				sent := time.Since(begun)
				number, err := join(client)
				if err != nil {
					failure.CompareAndSwap(nil, &err)
					return
				}
				journals[client] = append(journals[client], Joined{sent, time.Since(begun), number, NotAdmitted})
			}
		})
	}
	close(start)
	all.Wait()
	if err := failure.Load(); err != nil {
		return nil, *err
	}
	return slices.Concat(journals...), nil
}
