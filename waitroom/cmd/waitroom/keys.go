package main

import (
	"errors"
	"fmt"
	"os"

	"anteroom/internal/auth"
	"anteroom/internal/service"
)

// keys makes the key file if it is absent.
func keys(args []string) error {
	var file string
	f := service.NewFlags("waitroom keys init", "WAITROOM", os.Stderr)
	f.String(&file, "keys-file", "keys/waitroom.json", "file to make, with mode 0600; one that is there is left as it is")
	if len(args) == 0 || args[0] != "init" {
		if len(args) > 0 && (args[0] == "--help" || args[0] == "-h") {
			_, err := f.Parse(args)
			return err
		}
		return f.Fail(errors.New("the command is: waitroom keys init"))
	}
	rest, err := f.Parse(args[1:])
	if err != nil {
		return err
	}
	if len(rest) > 0 || file == "" {
		return f.Fail(errors.New("wants --keys-file and nothing else"))
	}
	created, err := auth.InitKeys(file)
	if err != nil {
		return err
	}
	if created {
		fmt.Printf("made %s\n", file)
		return nil
	}
	if _, err := auth.LoadKeys(file); err != nil { // a broken file is told now, not at the start of the service
		return err
	}
	fmt.Printf("%s is there already\n", file)
	return nil
}
