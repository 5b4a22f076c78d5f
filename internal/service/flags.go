// Package service is what every service of ours does alike: settings from flags, else environment, else defaults;
// a private port with health, readiness, metrics and profiles; and a life cycle that ends in order.
package service

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// ErrUsage marks a bad setting or command line; it has been printed, and the program ends with exit code 2.
var ErrUsage = errors.New("usage")

// Flags are the settings of one subcommand. Each has a twin in the environment: --redis-url with
// prefix WAITROOM is WAITROOM_REDIS_URL. A flag wins over the environment, the environment over the default.
type Flags struct {
	set    *flag.FlagSet
	prefix string
	out    io.Writer
	order  []string
}

// NewFlags starts the settings of the command, for example NewFlags("waitroom serve", "WAITROOM", os.Stderr).
func NewFlags(command, envPrefix string, out io.Writer) *Flags {
	f := &Flags{set: flag.NewFlagSet(command, flag.ContinueOnError), prefix: envPrefix, out: out}
	f.set.SetOutput(io.Discard) // Parse prints, once and in full
	return f
}

// String adds a text setting.
func (f *Flags) String(p *string, name, def, usage string) {
	f.set.StringVar(p, name, def, usage)
	f.order = append(f.order, name)
}

// Int adds a whole-number setting; say its unit and range in usage.
func (f *Flags) Int(p *int, name string, def int, usage string) {
	f.set.IntVar(p, name, def, usage)
	f.order = append(f.order, name)
}

// Bool adds a switch.
func (f *Flags) Bool(p *bool, name string, def bool, usage string) {
	f.set.BoolVar(p, name, def, usage)
	f.order = append(f.order, name)
}

// Duration adds a time setting, written as 300ms, 5s, 2m.
func (f *Flags) Duration(p *time.Duration, name string, def time.Duration, usage string) {
	f.set.DurationVar(p, name, def, usage)
	f.order = append(f.order, name)
}

// Parse reads the settings and returns the arguments that are no flags. On --help it prints the settings and
// returns flag.ErrHelp; on a malformed or unknown setting it names it and returns ErrUsage.
func (f *Flags) Parse(args []string) ([]string, error) {
	if err := f.fromEnvironment(); err != nil {
		return nil, f.Fail(err)
	}
	switch err := f.set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		f.help()
		return nil, flag.ErrHelp
	case err != nil:
		return nil, f.Fail(err)
	}
	return f.set.Args(), nil
}

// Fail prints what is wrong with the settings and returns ErrUsage; for checks that only the command itself can make.
func (f *Flags) Fail(err error) error {
	fmt.Fprintf(f.out, "%s: %v\nSee %s --help.\n", f.set.Name(), err, f.set.Name())
	return ErrUsage
}

func (f *Flags) fromEnvironment() error {
	for _, name := range f.order {
		env := f.env(name)
		value, ok := os.LookupEnv(env)
		if !ok {
			continue
		}
		if err := f.set.Set(name, value); err != nil {
			// The value may be a secret, so it is not shown.
			return fmt.Errorf("the environment variable %s is not acceptable: %s", env, f.set.Lookup(name).Usage)
		}
	}
	return nil
}

func (f *Flags) env(name string) string {
	return f.prefix + "_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func (f *Flags) help() {
	fmt.Fprintf(f.out, "Usage: %s [flags]\n\n", f.set.Name())
	for _, name := range f.order {
		l := f.set.Lookup(name)
		fmt.Fprintf(f.out, "  --%s\n        %s\n        default %q, environment %s\n", name, l.Usage, l.DefValue, f.env(name))
	}
}

// ExitCode is what a program ends with after err: 0 for none and for --help, 2 for ErrUsage, else 1.
func ExitCode(err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, ErrUsage):
		return 2
	default:
		return 1
	}
}

// Main is the body of a main function: it runs one of the subcommands by the first argument and returns the exit code.
// An error that has not been printed yet is printed.
func Main(name string, args []string, errOut io.Writer, commands map[string]func(args []string) error) int {
	names := make([]string, 0, len(commands))
	for n := range commands {
		names = append(names, n)
	}
	if len(args) == 0 || args[0] == "--help" || args[0] == "-h" || args[0] == "help" {
		fmt.Fprintf(errOut, "Usage: %s COMMAND [flags]\nCommands: %s\nEach takes --help.\n", name, sorted(names))
		if len(args) == 0 {
			return 2
		}
		return 0
	}
	run, ok := commands[args[0]]
	if !ok {
		fmt.Fprintf(errOut, "%s: there is no command %q; there are: %s\n", name, args[0], sorted(names))
		return 2
	}
	err := run(args[1:])
	code := ExitCode(err)
	if code == 1 {
		fmt.Fprintf(errOut, "%s %s: %v\n", name, args[0], err)
	}
	return code
}
