package tenmillion

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"anteroom/internal/backing/process"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/tenmillion/proof"
)

// drill is the running program line-drill. Its program says what the commands and events are.
type drill struct {
	p       *process.Process
	in      *os.File
	journal string
	log     string
	clock   journal.Clock

	events chan drillEvent // all but the samples
	mu     sync.Mutex
	last   drillEvent // sample
	all    []journal.Sample

	shift, doubt int64 // from the drill's clock to ours, nanoseconds, and how far that may be off
}

type drillEvent struct {
	Event   string  `json:"event"`
	At      int64   `json:"at"`
	People  int     `json:"people"`
	Seconds float64 `json:"seconds"`

	Phase              string `json:"phase"`
	Issued             int64  `json:"issued"`
	Serving            int64  `json:"serving"`
	Active             int64  `json:"active"`
	Waiting            int64  `json:"waiting"`
	AdmittedTotal      int64  `json:"admitted_total"`
	AdmittedLastMinute int64  `json:"admitted_last_minute"`

	Ticks    int            `json:"ticks"`
	TickP50  float64        `json:"tick_p50_ms"`
	TickP95  float64        `json:"tick_p95_ms"`
	TickP99  float64        `json:"tick_p99_ms"`
	TickMax  float64        `json:"tick_max_ms"`
	Hears    int64          `json:"hears"`
	Released int64          `json:"released"`
	Revoked  int64          `json:"revoked"`
	Failed   map[string]int `json:"failed"`
}

// releaseRemainder is the program's: whose number leaves it gives the session back early.
const releaseRemainder = 3

func startDrill(ctx context.Context, s System, o Options, p Plan, clock journal.Clock) (*drill, error) {
	in, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	d := &drill{
		in: theirs, journal: filepath.Join(s.Dir, "line-drill.journal"), log: filepath.Join(s.Dir, "line-drill.log"),
		clock: clock, events: make(chan drillEvent, 16),
	}
	log, err := os.Create(d.log)
	if err != nil {
		return nil, errors.Join(err, theirs.Close())
	}
	defer log.Close()
	out, reports := io.Pipe()
	d.p, err = process.Start(process.Spec{Path: s.Drill, Stdin: in, Stdout: reports, Stderr: log, Args: []string{
		"run", "--redis-url", s.RedisURL, "--key-prefix", s.KeyPrefix, "--room", o.Room, "--journal", d.journal,
		"--gateways", strconv.Itoa(o.DrillGateways), "--visitors", strconv.Itoa(o.Visitors - o.HTTPVisitors),
		"--sprint", strconv.Itoa(p.Sprint), "--singles", strconv.Itoa(p.Singles), "--join-for", p.JoinFor.String(), "--beat", p.Beat.String(),
		"--ghost-every", strconv.Itoa(p.GhostEvery), "--release-every", strconv.Itoa(p.ReleaseEvery), "--release-after", p.ReleaseAfter.String(),
	}})
	if err != nil {
		return nil, errors.Join(err, theirs.Close())
	}
	go func() {
		<-d.p.Done()
		_ = reports.Close() // ends listen
	}()
	go d.listen(out)
	if _, err := d.await(ctx, "ready"); err != nil {
		return nil, errors.Join(err, d.stop(ctx))
	}
	if err := d.compareClocks(ctx); err != nil {
		return nil, errors.Join(err, d.stop(ctx))
	}
	return d, nil
}

// listen takes in what the drill says until it ends.
func (d *drill) listen(out io.Reader) {
	defer close(d.events)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var e drillEvent
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			e.Event = "nonsense: " + lines.Text()
		}
		if e.Event != "sample" {
			d.events <- e
			continue
		}
		d.mu.Lock()
		d.last = e
		d.all = append(d.all, journal.Sample{
			At: d.clock.At(time.Now()), Issued: e.Issued, Serving: e.Serving, Waiting: e.Waiting, Active: e.Active,
			AdmittedTotal: e.AdmittedTotal, AdmittedLastMinute: e.AdmittedLastMinute,
		})
		d.mu.Unlock()
	}
}

// latest is the newest sample.
func (d *drill) latest() drillEvent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

func (d *drill) samples() []journal.Sample {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all
}

// await waits for an event; any other one is an error.
func (d *drill) await(ctx context.Context, name string) (drillEvent, error) {
	select {
	case e, open := <-d.events:
		if !open {
			return e, fmt.Errorf("line-drill ended; the end of its log:\n%s", process.Tail(d.log, 15))
		}
		if e.Event != name {
			return e, fmt.Errorf("line-drill says %q instead of %q", e.Event, name)
		}
		return e, nil
	case <-ctx.Done():
		return drillEvent{}, ctx.Err()
	}
}

func (d *drill) tell(command string) error {
	_, err := fmt.Fprintln(d.in, command)
	return err
}

// do gives a command and waits for its answer.
func (d *drill) do(ctx context.Context, command, answer string) (drillEvent, error) {
	if err := d.tell(command); err != nil {
		return drillEvent{}, err
	}
	return d.await(ctx, answer)
}

// compareClocks finds how the drill's clock stands to ours: it was read between question and answer. The quickest answer of many says it
// best; both clocks are monotonic, so it stays so.
func (d *drill) compareClocks(ctx context.Context) error {
	for range 50 {
		asked := d.clock.At(time.Now())
		e, err := d.do(ctx, "clock", "clock")
		if err != nil {
			return err
		}
		answered := d.clock.At(time.Now())
		if doubt := (answered - asked + 1) / 2; d.doubt == 0 || doubt < d.doubt {
			d.shift, d.doubt = asked+doubt-e.At, doubt
		}
	}
	return nil
}

// stop ends the drill, if it has not ended.
func (d *drill) stop(ctx context.Context) error {
	_ = d.in.Close() // the end of its input
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	go func() {
		for range d.events { // so that it is not kept from ending
		}
	}()
	return d.p.Stop(limit)
}

// read takes in the drill's journal, in our time. Both ends of an interval are moved apart by the doubt about the clocks, so that no
// order between the two programs is taken for certain that is not.
func (d *drill) read() (joins []proof.Join, hears []proof.Hear, lost int64, err error) {
	f, err := os.Open(d.journal)
	if err != nil {
		return nil, nil, 0, err
	}
	defer f.Close()
	return readDrill(f, d.shift, d.doubt)
}

func readDrill(in io.Reader, shift, doubt int64) (joins []proof.Join, hears []proof.Hear, lost int64, err error) {
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		var v [6]int64 // gateway sent answered epoch first/chunk count/ghosts
		ok := len(words) == 1+len(v)
		for i := 0; ok && i < len(v); i++ {
			v[i], err = strconv.ParseInt(words[1+i], 10, 64)
			ok = err == nil
		}
		if !ok {
			return nil, nil, 0, fmt.Errorf("line %d of the drill's journal is not one: %.80q", n, lines.Text())
		}
		sent, answered := v[1]+shift-doubt, v[2]+shift+doubt
		switch words[0] {
		case "join":
			joins = append(joins, proof.Join{Sent: sent, Answered: answered, Epoch: v[3], First: v[4], Count: int32(v[5]), Via: int32(v[0])})
		case "hear":
			hears = append(hears, proof.Hear{Sent: sent, Answered: answered, Chunk: v[4], Via: int32(v[0]), Ghosts: v[5] == 1})
		case "lost":
			lost += v[5]
		default:
			return nil, nil, 0, fmt.Errorf("line %d of the drill's journal is of an unknown kind: %.80q", n, lines.Text())
		}
	}
	return joins, hears, lost, lines.Err()
}
