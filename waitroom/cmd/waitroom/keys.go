package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/service"
)

// keyCommands are the subcommands of waitroom keys.
var keyCommands = map[string]func(f *service.Flags, args []string) error{
	"init": keysInit, "list": keysList, "rotate": keysRotate, "prune": keysPrune, "edge": keysEdge,
}

// keys makes, shows and changes files of keys.
func keys(args []string) error {
	name, rest := "", args
	if len(args) > 0 {
		name, rest = args[0], args[1:]
	}
	run, ok := keyCommands[name]
	if !ok {
		f := service.NewFlags("waitroom keys", "WAITROOM", os.Stderr)
		if name == "--help" || name == "-h" {
			fmt.Fprintln(os.Stderr, "The commands are init, list, rotate, prune and edge; each takes --help.")
			_, err := f.Parse(args)
			return err
		}
		return f.Fail(errors.New("the command is: waitroom keys init, list, rotate, prune or edge"))
	}
	return run(service.NewFlags("waitroom keys "+name, "WAITROOM", os.Stderr), rest)
}

// parseKeys reads the flags of a command that wants a file and no further argument.
func parseKeys(f *service.Flags, file *string, args []string) error {
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || *file == "" {
		return f.Fail(errors.New("wants a file and nothing else"))
	}
	return nil
}

func keysInit(f *service.Flags, args []string) error {
	var file string
	f.String(&file, "keys-file", "keys/waitroom.json", "file to make, with mode 0600; one that is there is left as it is")
	if err := parseKeys(f, &file, args); err != nil {
		return err
	}
	created, err := auth.InitKeys(file)
	if err == nil && !created { // a broken file is told now, not at the start of the service
		_, err = auth.LoadKeys(file)
	}
	return made(file, created, err)
}

// keysEdge makes the key that passes for edges are signed with.
func keysEdge(f *service.Flags, args []string) error {
	var file string
	f.String(&file, "edge-key-file", "keys/edge.json", "file to make, with mode 0600: one symmetric JWK, for the gateways and the edges; one that is there is left as it is")
	if err := parseKeys(f, &file, args); err != nil {
		return err
	}
	created, err := auth.InitEdgeKey(file)
	if err == nil && !created {
		_, err = auth.LoadEdgeKey(file)
	}
	return made(file, created, err)
}

func made(file string, created bool, err error) error {
	switch {
	case err != nil:
		return err
	case created:
		fmt.Printf("made %s\n", file)
	default:
		fmt.Printf("%s is there already\n", file)
	}
	return nil
}

func keysList(f *service.Flags, args []string) error {
	var file string
	f.String(&file, "keys-file", "keys/waitroom.json", "file with the private keys")
	if err := parseKeys(f, &file, args); err != nil {
		return err
	}
	k, err := auth.LoadKeys(file)
	if err != nil {
		return err
	}
	return listKeys(os.Stdout, k)
}

func listKeys(w io.Writer, k *auth.Keys) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "KID\tKIND\tSTATE\tSIGNS FROM\tACCEPTED UNTIL")
	when := func(t time.Time, none string) string {
		if t.IsZero() {
			return none
		}
		return t.UTC().Format(time.RFC3339)
	}
	for _, s := range k.States() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Kind, s.State, when(s.From, "the beginning"), when(s.Until, "no end set"))
	}
	return table.Flush()
}

func keysRotate(f *service.Flags, args []string) error {
	var file string
	var r auth.Rotation
	f.String(&file, "keys-file", "keys/waitroom.json", "file to change; gateways notice it by themselves")
	f.Duration(&r.Lead, "lead", auth.DefaultLead, "time until the new keys sign; until then every gateway must have the file, and everyone who verifies the new public key, 0s or more")
	f.Duration(&r.Overlap, "overlap", auth.DefaultOverlap, "time for which the old keys are accepted after that; longer than sessions last and tickets are kept, 1s or more")
	if err := parseKeys(f, &file, args); err != nil {
		return err
	}
	if r.Lead < 0 || r.Overlap < time.Second {
		return f.Fail(errors.New("--lead must be 0s or more and --overlap 1s or more"))
	}
	if err := auth.RotateKeys(file, r); err != nil {
		return err
	}
	k, err := auth.LoadKeys(file)
	if err != nil {
		return err
	}
	return listKeys(os.Stdout, k)
}

func keysPrune(f *service.Flags, args []string) error {
	var file string
	var p auth.Pruning
	f.String(&file, "keys-file", "keys/waitroom.json", "file to change; gateways notice it by themselves")
	f.Duration(&p.Forget, "forget-after", 0, "drop public keys, too, this long after their end: receipts and ledgers that they signed can be verified no more; 0s keeps them")
	f.String(&p.Drop, "drop", "", "drop the key with this id at once, because it has leaked: all that it signed is worthless from then on")
	if err := parseKeys(f, &file, args); err != nil {
		return err
	}
	if p.Forget < 0 {
		return f.Fail(errors.New("--forget-after must be 0s or more"))
	}
	gone, err := auth.PruneKeys(file, p)
	if err != nil {
		return err
	}
	if len(gone) == 0 {
		fmt.Println("there is nothing to drop")
		return nil
	}
	fmt.Printf("dropped: %s\n", strings.Join(gone, " "))
	return nil
}
