package redisqueue

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"anteroom/waitroom"
)

// The most joins of one script call, and the most of them that may be known again: those cost Redis a look each.
const (
	maxBatch = 65_536
	maxKnown = 512
)

// committer sends the joins of one room in batches: while one call is under way the next batch gathers, and it leaves when the
// call returns. There is no timer: alone, a join goes at once. The order of arrival is kept, by the index in the batch.
type committer struct {
	q    *Queue
	room string

	mu      sync.Mutex
	waiting []*batch // in order; the last one still gathers
	busy    bool     // somebody is sending, or about to
}

// batch is some joins that share one call.
type batch struct {
	count int64
	known []knownEntrant
	done  chan struct{} // closed when the outcome is there

	outcome
	err error
}

// knownEntrant is a join that can be known again, by its index in the batch.
type knownEntrant struct {
	index int64
	waitroom.Entrant
	over int64 // the number that the entrant had and that is over
}

// outcome is what the script says of a batch.
type outcome struct {
	now          time.Time
	epoch        int64
	phase        waitroom.Phase
	first, given int64 // numbers first to first+given-1 were given, in order, to those who had none
	why          error // of those who got none
	highest      int64 // numbers up to this one were admitted
	expires      time.Time
	again        []pair // by index
}

// pair is the index of an entrant and the number that was there already.
type pair struct{ index, number int64 }

// committer returns the one of a room.
func (q *Queue) committer(room string) *committer {
	if c, ok := q.commits.Load(room); ok {
		return c.(*committer)
	}
	c, _ := q.commits.LoadOrStore(room, &committer{q: q, room: room})
	return c.(*committer)
}

// join takes part in the next batch and returns it when it is done, with the index in it.
func (c *committer) join(ctx context.Context, who waitroom.Entrant, over int64) (*batch, int64, error) {
	b, index, lead := c.enter(who, over)
	if lead {
		c.send(ctx)
	}
	if ctx.Done() == nil {
		<-b.done
		return b, index, b.err
	}
	select {
	case <-b.done:
		return b, index, b.err
	case <-ctx.Done():
		return nil, 0, unavailable(ctx.Err())
	}
}

// enter takes a place in the batch that gathers. The caller has to send when nobody else does.
func (c *committer) enter(who waitroom.Entrant, over int64) (b *batch, index int64, lead bool) {
	known := who != (waitroom.Entrant{})
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.waiting); n > 0 && c.waiting[n-1].count < maxBatch && (!known || len(c.waiting[n-1].known) < maxKnown) {
		b = c.waiting[n-1]
	} else {
		b = &batch{done: make(chan struct{})}
		c.waiting = append(c.waiting, b)
	}
	index = b.count
	b.count++
	if known {
		b.known = append(b.known, knownEntrant{index: index, Entrant: who, over: over})
	}
	lead = !c.busy
	c.busy = true
	return b, index, lead
}

// send makes the call for the batch that has waited longest, and sees to it that the next one is sent. A caller that gives up does not
// take the others of its batch with it.
func (c *committer) send(ctx context.Context) {
	// Whoever is about to join gets on first. Where nobody is, this costs nothing; in a storm it makes batches of hundreds out of dozens.
	runtime.Gosched()
	c.mu.Lock()
	b := c.waiting[0]
	c.waiting = c.waiting[1:]
	c.mu.Unlock()
	if c.q.batches != nil {
		c.q.batches(c.room, b.count)
	}
	b.outcome, b.err = c.call(context.WithoutCancel(ctx), b)
	c.mu.Lock()
	more := len(c.waiting) > 0
	c.busy = more
	c.mu.Unlock()
	if more {
		go c.send(ctx) // the caller of this one has its answer and goes on
	}
	close(b.done)
}

func (c *committer) call(ctx context.Context, b *batch) (o outcome, err error) {
	args := make([]string, 0, 2+6*len(b.known))
	args = append(args, decimal(b.count), "0")
	for _, k := range b.known {
		account, key := indexOf(k.Account, accountBuckets), indexOf(k.Key, keyBuckets)
		args = append(args, decimal(k.index), account.bucket, account.field, key.bucket, key.field, decimal(k.over))
	}
	return c.q.joinCall(ctx, c.room, args)
}

func (q *Queue) joinCall(ctx context.Context, room string, args []string) (o outcome, err error) {
	r, err := q.runSafely(ctx, joinScript, room, args...)
	if err != nil {
		return o, err
	}
	o.now, o.epoch, o.phase, o.first, o.given = r.moment(), r.number(), waitroom.Phase(r.text()), r.number(), r.number()
	o.why = verdict(r)
	o.highest, o.expires = r.number(), r.moment()
	q.reached(room, o.epoch, o.first+o.given-1)
	again := r.texts()
	for i := 0; i+1 < len(again); i += 2 {
		var p pair
		for j, to := range []*int64{&p.index, &p.number} {
			if *to, err = strconv.ParseInt(again[i+j], 10, 64); err != nil {
				return o, err
			}
		}
		o.again = append(o.again, p)
	}
	return o, r.err
}

// number returns the number of the entrant with an index in the batch, and whether it was there already; 0 when none was given.
func (o *outcome) number(index int64) (number int64, again bool) {
	before, found := slices.BinarySearchFunc(o.again, index, func(p pair, index int64) int { return int(p.index - index) })
	if found {
		number = o.again[before].number
	} else {
		number = o.first + index - int64(before)
	}
	if number >= o.first+o.given {
		return 0, false // also for who repeats a join of the same batch that was turned away
	}
	return number, found
}
