package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
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
	// Tasks run beside the servers until their context ends; a task that returns an error ends the service.
	Tasks []func(ctx context.Context) error
	// Server may change the public server's settings before it starts; may be nil. An error handler set there keeps its
	// answers, and connections linger after them as after our own.
	Server func(*fasthttp.Server)
	// Started is called with the real addresses once both ports are open; may be nil.
	Started func(public, private net.Addr)
}

// Run serves until ctx ends, a SIGINT or SIGTERM arrives, or a task fails. It then ends in order: unready, stop accepting,
// drain for at most ten seconds, cancel the tasks, close the private port.
func Run(ctx context.Context, o Options) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	var listen net.ListenConfig
	public, err := listen.Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("open public port: %w", err)
	}
	private, err := listen.Listen(ctx, "tcp", o.OpsListen)
	if err != nil {
		return errors.Join(fmt.Errorf("open private port: %w", err), public.Close())
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

	ops := &ops{checks: o.Checks, private: o.Private}
	publicServer := newServer(o.Name, o.Handler)
	if o.Server != nil {
		o.Server(publicServer)
	}
	privateServer := newServer(o.Name, ops.handle)
	for _, s := range []*fasthttp.Server{publicServer, privateServer} {
		if s.ErrorHandler == nil {
			s.ErrorHandler = problem(s)
		}
		s.ErrorHandler = lingering.after(s.ErrorHandler)
	}
	serve := func(s *fasthttp.Server, l net.Listener) {
		if err := s.Serve(l); err != nil {
			failed <- fmt.Errorf("serve %s: %w", l.Addr(), err)
		}
	}
	go serve(publicServer, public)
	go serve(privateServer, private)
	o.Log.Info("started", "service", o.Name, "listen", public.Addr().String(), "ops_listen", private.Addr().String())
	if o.Started != nil {
		o.Started(public.Addr(), private.Addr())
	}

	var cause error
	select {
	case <-ctx.Done():
	case cause = <-failed:
	}
	o.Log.Info("stopping", "service", o.Name)
	ops.draining.Store(true)
	cause = errors.Join(cause, shutdown(publicServer, "public"))
	cancelTasks(errStopped)
	tasks.Wait()
	return errors.Join(cause, shutdown(privateServer, "private"))
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

func shutdown(s *fasthttp.Server, which string) error {
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
