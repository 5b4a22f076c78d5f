// Package local runs the whole system on this machine from its real programs: Redis, PostgreSQL, booking,
// admin-api and any number of gateways. `make run`, the end-to-end tests and the load suites all use it.
package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
)

// Options says what to run. Dir and BinDir are required.
type Options struct {
	Dir      string // state: data, keys and logs; made when absent, used again by the next start
	BinDir   string // folder with the programs waitroom, booking and admin-api
	SPADir   string // folder with client/, admin/ and accounts/, built; empty: no web apps
	Gateways int    // how many gateways; default 1

	FreePorts bool // any free ports; else the fixed ones, and a free one where such a port is taken
	Fast      bool // for tests: the private Redis and PostgreSQL do not write durably
	CrashSafe bool // what was acknowledged survives a kill of the private Redis and PostgreSQL, also with Fast

	RedisURL           string // given Redis; empty: a private one
	DatabaseURL        string // given PostgreSQL; empty: a private one
	Namespace          string // sets keys and schemas apart on a given Redis and PostgreSQL: letters and digits
	AllowEmbeddedRedis bool   // accept the embedded Redis where there is no other
	EmbeddedRedis      bool   // take the embedded Redis in any case
	EmbeddedPostgres   bool   // take PostgreSQL's programs from npm in any case

	// Via leads the way to a part (redis, postgres, booking or admin) through somewhere else: it is told where the part listens, host:port, and
	// returns where the other programs find it. It is asked again when Restart has brought a part up elsewhere, and must answer the same. Nil: they find
	// it where it listens.
	Via func(part, host string) (string, error)

	// Rooms are made with these settings, written as the operators' command line does, when they are not there
	// yet: {"arena": {"mode=queue", "rate_per_minute=60"}}. Nil: the rooms of the demonstration.
	Rooms map[string][]string

	Progress io.Writer // hears one line a step; nil: nobody does
}

// DemoRooms are the rooms of the demonstration: a crowded one that lets one buyer a second pass, and one
// that lets everybody straight through.
func DemoRooms() map[string][]string {
	return map[string][]string{
		"arena":   {"mode=queue", "rate_per_minute=60", "max_active=100"},
		"theatre": {"mode=open", "rate_per_minute=6000", "max_active=1000"},
	}
}

// System is a running system; its exported fields do not change.
type System struct {
	GatewayURLs        []string `json:"gateway_urls"`
	GatewayControlURLs []string `json:"gateway_control_urls"` // private ports
	BookingURL         string   `json:"booking_url"`
	BookingOpsURL      string   `json:"booking_ops_url"`
	AdminURL           string   `json:"admin_url"`
	AdminOpsURL        string   `json:"admin_ops_url"`
	DatabaseURL        string   `json:"database_url"`       // booking's schema
	AdminDatabaseURL   string   `json:"admin_database_url"` // admin-api's schema
	RedisURL           string   `json:"redis_url"`
	KeyPrefix          string   `json:"key_prefix"`      // of the gateways' keys in Redis
	Redis              string   `json:"redis"`           // "real" or "embedded"
	RedisSource        string   `json:"redis_source"`    // in words
	PostgresSource     string   `json:"postgres_source"` // in words
	LogDir             string   `json:"log_dir"`
	KeysDir            string   `json:"keys_dir"`

	o        Options
	lock     *process.Lock
	ports    ports
	backings []*backing.Backing // the first, and one for each server that was started again
	died     chan error
	stop     sync.Once
	stopped  error
	stopping chan struct{}

	mu       sync.Mutex
	services []*service                // in the order in which they were started
	killed   map[*process.Process]bool // by Kill
}

// service is a running program of ours.
type service struct {
	*process.Process
	spec  process.Spec
	ready string // address that says whether it is
	lives int    // how often it was started
}

// Start brings everything up and returns when every service says that it is ready. On an error nothing is
// left running. The folder is used by one System at a time: else the error is a *process.InUseError.
func Start(ctx context.Context, o Options) (*System, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	s := &System{o: o, LogDir: filepath.Join(o.Dir, "logs"), KeysDir: filepath.Join(o.Dir, "keys"), KeyPrefix: "wr",
		ports: ports{anywhere: o.FreePorts, used: map[int]bool{}}, died: make(chan error, 1), stopping: make(chan struct{}), killed: map[*process.Process]bool{}}
	s.ports.say = s.say
	if o.Namespace != "" {
		s.KeyPrefix = "wr-" + o.Namespace
	}
	wait, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if s.lock, err = process.Acquire(wait, filepath.Join(o.Dir, "lock"), s.say); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{s.startBacking, s.prepare, s.startServices, s.awaitReady} {
		if err := step(ctx); err != nil {
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
			defer cancel()
			return nil, errors.Join(err, s.Stop(stop))
		}
	}
	return s, nil
}

func (o Options) complete() (Options, error) {
	for name, dir := range map[string]*string{"Dir": &o.Dir, "BinDir": &o.BinDir} {
		if *dir == "" {
			return o, fmt.Errorf("local: %s is required", name)
		}
		abs, err := filepath.Abs(*dir)
		if err != nil {
			return o, err
		}
		*dir = abs
	}
	for _, r := range o.Namespace {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return o, fmt.Errorf("local: the namespace %q has something else than small letters and digits", o.Namespace)
		}
	}
	if o.Gateways == 0 {
		o.Gateways = 1
	}
	if o.Gateways < 1 || o.Gateways > 16 {
		return o, fmt.Errorf("local: %d gateways; there can be 1 to 16", o.Gateways)
	}
	if o.Rooms == nil {
		o.Rooms = DemoRooms()
	}
	return o, nil
}

func (s *System) say(line string) {
	if s.o.Progress != nil {
		fmt.Fprintln(s.o.Progress, line)
	}
}

// watch reports the end of a child that nobody asked to end.
func (s *System) watch(p *process.Process) {
	go func() {
		<-p.Done()
		s.mu.Lock()
		asked := s.killed[p]
		s.mu.Unlock()
		if asked {
			return
		}
		select {
		case <-s.stopping:
		case s.died <- fmt.Errorf("%s ended by itself (%s); the end of its log:\n%s", p.Name(), p.Outcome(), p.Tail(20)):
		default:
		}
	}()
}

// Died delivers the first end of a program that was not asked to end, with the end of its log. The rest of
// the system goes on until Stop.
func (s *System) Died() <-chan error { return s.died }

// Process returns the running program of a name as in the logs (waitroom-1, booking, admin-api, Redis,
// PostgreSQL), for tests that break it; nil if there is none. Of one that Restart has started again it is the latest.
func (s *System) Process(name string) *process.Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, service := range s.services {
		if service.Name() == name {
			return service.Process
		}
	}
	for _, b := range slices.Backward(s.backings) {
		for _, p := range b.Children {
			if p.Name() == name {
				return p
			}
		}
	}
	return nil
}

// Stop ends everything in order: gateways, admin-api, booking, then Redis and PostgreSQL. When ctx ends
// first the rest is killed and the error says so. Stopping twice does nothing more.
func (s *System) Stop(ctx context.Context) error {
	s.stop.Do(func() { s.stopped = s.stopAll(ctx) })
	return s.stopped
}

func (s *System) stopAll(ctx context.Context) error {
	close(s.stopping)
	s.mu.Lock() // nothing is started again from here on
	defer s.mu.Unlock()
	var errs []error
	for i := len(s.services) - 1; i >= 0; i-- {
		errs = append(errs, s.services[i].Stop(ctx))
	}
	for _, b := range slices.Backward(s.backings) {
		errs = append(errs, b.Stop(ctx))
	}
	s.ports.release()
	s.lock.Release()
	return errors.Join(errs...)
}
