package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

const (
	drainTimeout = 10 * time.Second
	readBuffer   = 16 << 10 // bytes of request head; longer is refused with 431
	idleTimeout  = 90 * time.Second
	parkedTime   = 5 * time.Minute // a parked connection without a request; it costs little, and a new one costs its visitor a round trip
	readTimeout  = 30 * time.Second
	maxBody      = 4 << 20 // bytes, unless Options.Server says otherwise; calls may take less
)

// Options describe one service to Run.
type Options struct {
	Name      string // for logs
	Log       *slog.Logger
	Listen    string                  // address of the public port
	OpsListen string                  // address of the private port
	Handler   fasthttp.RequestHandler // answers on the public port
	Private   fasthttp.RequestHandler // answers on the private port what is not health, metrics or profiles; may be nil
	Checks    []Check                 // what /readyz asks
	// Access names and logs the requests of the public port; nil: they are named, and errors and refusals logged.
	Access *endpoint.Access
	// Parking keeps the public port's idle connections cheap; nil: they are kept as the server keeps them.
	Parking *Parking
	// Profiles opens /debug/pprof/ on the private port.
	Profiles bool
	// DrainDelay is how long after a SIGTERM the service goes on serving, unready, so that whoever sends it requests can notice and stop.
	// A second signal ends it. A SIGINT is somebody at a terminal, who does not want to wait.
	DrainDelay time.Duration
	// Wrap makes what the public port's connections are: with TLS, with a PROXY protocol header in front. Nil: plain TCP.
	Wrap func(net.Listener) net.Listener
	// Tasks run beside the servers until their context ends; a task that returns an error ends the service.
	Tasks []func(ctx context.Context) error
	// Server may change the public server's settings before it starts; may be nil. An error handler set there keeps its
	// answers, and connections linger after them as after our own.
	Server func(*fasthttp.Server)
	// Started is called with the real addresses once both ports are open; may be nil.
	Started func(public, private net.Addr)
}

// Run serves until ctx ends, a SIGINT or SIGTERM arrives, or a task fails. It then ends in order: unready, after a SIGTERM go on serving
// for the drain delay, stop accepting, finish what is under way within ten seconds, cancel the tasks, close the private port.
func Run(ctx context.Context, o Options) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(signals)

	var listen net.ListenConfig
	public, err := listen.Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("open public port: %w", err)
	}
	private, err := listen.Listen(ctx, "tcp", o.OpsListen)
	if err != nil {
		return errors.Join(fmt.Errorf("open private port: %w", err), public.Close())
	}

	if o.Wrap != nil {
		public = o.Wrap(public)
	}

	// Tasks outlive the servers: a request being drained may still need them.
	taskCtx, cancelTasks := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancelTasks(errStopped)
	failed := make(chan error, len(o.Tasks)+2)
	var tasks sync.WaitGroup
	for _, task := range o.Tasks {
		tasks.Go(func() {
			if err := task(taskCtx); err != nil && taskCtx.Err() == nil {
				failed <- fmt.Errorf("background task: %w", err)
			}
		})
	}

	ops := &ops{checks: o.Checks, private: o.Private, profiles: o.Profiles}
	publicServer, privateServer := servers(&o, ops)
	if o.Parking != nil {
		public = o.Parking.park(publicServer, public, parkedTime)
	}
	var serving sync.WaitGroup
	serve := func(s *fasthttp.Server, l net.Listener) {
		serving.Go(func() {
			if err := s.Serve(l); err != nil {
				failed <- fmt.Errorf("serve %s: %w", l.Addr(), err)
			}
		})
	}
	serve(publicServer, public)
	serve(privateServer, private)
	defer serving.Wait()
	o.Log.Info("started", "service", o.Name, "listen", public.Addr().String(), "ops_listen", private.Addr().String())
	if o.Started != nil {
		o.Started(public.Addr(), private.Addr())
	}

	var cause error
	var told os.Signal
	select {
	case <-ctx.Done():
	case told = <-signals:
	case cause = <-failed:
	}
	ops.draining.Store(true)
	if told == syscall.SIGTERM && o.DrainDelay > 0 {
		o.Log.Info("draining", "service", o.Name, "for", o.DrainDelay.String())
		cause = errors.Join(cause, waitOut(ctx, o.DrainDelay, signals, failed))
	}
	o.Log.Info("stopping", "service", o.Name)
	cause = errors.Join(cause, shutdown(publicServer, public, "public"))
	cancelTasks(errStopped)
	tasks.Wait()
	return errors.Join(cause, shutdown(privateServer, private, "private"))
}

// waitOut goes on for the drain delay, unless something ends it sooner.
func waitOut(ctx context.Context, delay time.Duration, signals <-chan os.Signal, failed <-chan error) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-signals:
	case <-ctx.Done():
	case err := <-failed:
		return err
	}
	return nil
}

// servers makes the server of each port.
func servers(o *Options, ops *ops) (public, private *fasthttp.Server) {
	access := o.Access
	if access == nil {
		access = &endpoint.Access{Log: o.Log}
	}
	public = newServer(o.Name, access.Handler(ops.moveOn(o.Handler)))
	if o.Server != nil {
		o.Server(public)
	}
	private = newServer(o.Name, (&endpoint.Access{}).Handler(ops.handle)) // operators' and monitors' calls are not logged
	for _, s := range []*fasthttp.Server{public, private} {
		if s.ErrorHandler == nil {
			s.ErrorHandler = problem(s)
		}
	}
	linger := lingerAfter(endpoint.DefaultLingering)
	public.ErrorHandler = linger(access.Unreadable(public.ErrorHandler))
	private.ErrorHandler = linger(private.ErrorHandler)
	return public, private
}

var errStopped = errors.New("the service stops")

func newServer(name string, h fasthttp.RequestHandler) *fasthttp.Server {
	return &fasthttp.Server{
		Name:                         name,
		Handler:                      h,
		ReadBufferSize:               readBuffer,
		MaxRequestBodySize:           maxBody,
		ReadTimeout:                  readTimeout,
		IdleTimeout:                  idleTimeout,
		CloseOnShutdown:              true,
		NoDefaultServerHeader:        true,
		NoDefaultContentType:         true,
		DisablePreParseMultipartForm: true,
		Logger:                       quiet{}, // what clients do wrong on the wire is theirs, and counted elsewhere
	}
}

// problem answers what s could not even read as a request.
func problem(s *fasthttp.Server) func(*fasthttp.RequestCtx, error) {
	return func(ctx *fasthttp.RequestCtx, err error) { endpoint.Unreadable(ctx, err, s.MaxRequestBodySize) }
}

func shutdown(s *fasthttp.Server, l net.Listener, which string) error {
	defer l.Close() // for a server that has not come to serving yet: it knows of no listener to close
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	// Streams that never end by themselves (Server-Sent Events) are cut at the deadline; that is no failure.
	if err := s.ShutdownWithContext(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("drain %s port: %w", which, err)
	}
	return nil
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
