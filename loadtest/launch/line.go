package launch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
	"anteroom/loadtest/tenmillion"
)

// LineOptions say what to bring up for a suite that needs the waiting room alone: nothing stands behind its gate.
type LineOptions struct {
	Gateways int
	Fsync    string   // of Redis' log of changes: always, everysec, or no for no log at all
	Upstream string   // base URL of what stands behind the gate; empty: nothing does
	Flags    []string // further ones of each gateway
	Progress func(line string)
}

// Line is a running waiting room: a Redis of its own and gateways.
type Line struct {
	tenmillion.System
	Died <-chan error // delivers the first end of a program that nobody asked to end

	dir      string
	flags    []string
	upstream string
	backing  *backing.Backing
	gateways []*process.Process
	died     chan error
	stopping chan struct{}
}

// StartLine builds the waiting room's programs and starts them on free ports. On an error nothing is left behind.
func StartLine(ctx context.Context, o LineOptions) (*Line, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "anteroom-loadtest-")
	if err != nil {
		return nil, err
	}
	l := &Line{dir: dir, flags: o.Flags, upstream: o.Upstream, died: make(chan error, 1), stopping: make(chan struct{})}
	l.Died = l.died
	if err := l.start(ctx, o, root); err != nil {
		return nil, errors.Join(err, l.Stop())
	}
	return l, nil
}

func (l *Line) start(ctx context.Context, o LineOptions, root string) error {
	bin := filepath.Join(l.dir, "bin")
	o.Progress("building the programs")
	if err := build(ctx, root, bin, "./waitroom/cmd/waitroom", "./waitroom/cmd/line-drill"); err != nil {
		return err
	}
	var err error
	// A database that is said to be given is not started; nothing asks for it.
	l.backing, err = backing.Start(ctx, backing.Options{Dir: l.dir, DatabaseURL: "none", Fast: o.Fsync == "no", Progress: o.Progress})
	if err != nil {
		return err
	}
	for _, p := range l.backing.Children {
		l.watch(p)
	}
	waitroom, keys := filepath.Join(bin, "waitroom"), filepath.Join(l.dir, "waitroom.keys")
	l.System = tenmillion.System{
		RedisURL: l.backing.RedisURL, KeyPrefix: "wr", Drill: filepath.Join(bin, "line-drill"), Dir: l.dir, Fsync: o.Fsync, PIDs: map[string]int{},
		Facts: map[string]string{
			"Redis": l.backing.RedisSource, "Redis' log": "appendfsync " + o.Fsync, "gateways": fmt.Sprintf("%d processes", o.Gateways),
		},
	}
	l.SetRoom = func(ctx context.Context, room string, fields ...string) error {
		args := []string{"room", "put", room, "--redis-url", l.RedisURL, "--key-prefix", l.KeyPrefix}
		return l.run(ctx, waitroom, append(args, fields...)...)
	}
	if err := l.run(ctx, waitroom, "keys", "init", "--keys-file", keys); err != nil {
		return err
	}
	for i := range o.Gateways {
		if err := l.gateway(ctx, i, waitroom, keys); err != nil {
			return err
		}
	}
	return nil
}

// portAttempts is how often a gateway is started: a free port can be taken by somebody else before it is used.
const portAttempts = 4

// gateway starts one gateway and waits until it answers.
func (l *Line) gateway(ctx context.Context, i int, program, keys string) error {
	var err error
	for range portAttempts {
		var p *process.Process
		var address, private string
		if address, private, p, err = l.listen(i, program, keys); err != nil {
			return err
		}
		if err = answers(ctx, p, "http://"+private+"/healthz"); err == nil {
			l.gateways = append(l.gateways, p)
			l.Gateways = append(l.Gateways, "http://"+address)
			l.Ready = append(l.Ready, "http://"+private+"/readyz")
			l.PIDs[p.Name()] = p.PID()
			l.watch(p)
			return nil
		}
		err = errors.Join(fmt.Errorf("%s does not answer: %w; the end of its log:\n%s", p.Name(), err, p.Tail(15)), p.Stop(ctx))
		if ctx.Err() != nil {
			break
		}
	}
	return err
}

func (l *Line) listen(i int, program, keys string) (public, private string, _ *process.Process, err error) {
	var addresses [3]string // the third is nobody's: no service stands behind this gate
	for i := range addresses {
		port, err := backing.FreePort()
		if err != nil {
			return "", "", nil, err
		}
		addresses[i] = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	}
	name := fmt.Sprintf("waitroom-%d", i+1)
	args := []string{
		"serve", "--listen", addresses[0], "--ops-listen", addresses[1], "--redis-url", l.RedisURL, "--key-prefix", l.KeyPrefix,
		"--keys-file", keys, "--booking-url", "http://" + addresses[2], "--admin-url", "http://" + addresses[2],
		"--staff-jwks-url", "http://" + addresses[2] + "/jwks.json", "--drain-delay", "0s",
	}
	args = append(args, l.flags...)
	if l.upstream != "" {
		args = append(args, "--booking-url", l.upstream) // the last one counts
	}
	if l.Fsync == "always" {
		args = append(args, "--redis-fsync") // it is not ready before the suite has set Redis up so
	}
	p, err := process.Start(process.Spec{Name: name, Path: program, Log: filepath.Join(l.dir, name+".log"), Args: args})
	return addresses[0], addresses[1], p, err
}

// answers waits until an address does.
func answers(ctx context.Context, p *process.Process, address string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			return response.Body.Close()
		}
		select {
		case <-p.Done():
			return fmt.Errorf("it ended (%s)", p.Outcome())
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// run lets a program do something and end.
func (l *Line) run(ctx context.Context, program string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	p, err := process.Start(process.Spec{Path: program, Args: args, Log: filepath.Join(l.dir, "prepare.log")})
	if err != nil {
		return err
	}
	if err := p.Wait(ctx); err != nil {
		return err
	}
	if p.Err() != nil {
		return fmt.Errorf("%s %s failed (%w); the end of its output:\n%s", p.Name(), args[0], p.Err(), p.Tail(15))
	}
	return nil
}

// watch reports the end of a child that nobody asked to end.
func (l *Line) watch(p *process.Process) {
	go func() {
		<-p.Done()
		select {
		case <-l.stopping:
		case l.died <- fmt.Errorf("%s ended by itself (%s); the end of its log:\n%s", p.Name(), p.Outcome(), p.Tail(20)):
		default:
		}
	}()
}

// Stop ends everything and removes the folder.
func (l *Line) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	close(l.stopping)
	var errs []error
	for _, p := range l.gateways {
		errs = append(errs, p.Stop(ctx))
	}
	if l.backing != nil {
		errs = append(errs, l.backing.Stop(ctx))
	}
	return errors.Join(append(errs, os.RemoveAll(l.dir))...)
}
