package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"anteroom/internal/service"
)

// verify checks, offline and from public documents alone, what a waiting room has published.
func verify(args []string) error {
	kinds := map[string]func([]string, io.Writer) error{"draw": verifyDraw, "ledger": verifyLedger}
	if len(args) > 0 {
		if check, ok := kinds[args[0]]; ok {
			return check(args[1:], os.Stdout)
		}
	}
	f := service.NewFlags("waitroom verify draw|ledger …", "WAITROOM", os.Stderr)
	if len(args) == 1 && (args[0] == "--help" || args[0] == "-h") {
		_, err := f.Parse(args)
		return err
	}
	if len(args) > 0 {
		return f.Fail(fmt.Errorf("%q cannot be verified; it is draw or ledger", args[0]))
	}
	return f.Fail(errors.New("the command is: waitroom verify draw|ledger"))
}
