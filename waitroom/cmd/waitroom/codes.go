package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"os"

	"anteroom/internal/auth"
	"anteroom/internal/service"
	"anteroom/waitroom/guard"
)

// codes prints presale codes as CSV. They are stored nowhere.
func codes(args []string) error { return makeCodes(args, os.Stdout, os.Stderr) }

func makeCodes(args []string, out, said io.Writer) error {
	var (
		file, room, label string
		count             int
	)
	f := service.NewFlags("waitroom codes make", "WAITROOM", said)
	f.String(&file, "keys-file", "keys/waitroom.json", "file with the gateways' keys; the codes are good while the key that signs now is kept in it")
	f.String(&room, "room", "", "the room that the codes are for")
	f.Int(&count, "count", 100, "how many codes, 1 to 1000000")
	f.String(&label, "label", "", "what the codes begin with, such as vip: up to 16 small letters and digits")
	if len(args) > 0 && args[0] == "make" {
		args = args[1:]
	} else if len(args) == 0 || (args[0] != "--help" && args[0] != "-h") {
		return f.Fail(errors.New("the command is: waitroom codes make"))
	}
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return f.Fail(errors.New("wants flags and nothing else"))
	}
	keys, err := auth.LoadKeys(file)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(out)
	w := csv.NewWriter(buffered)
	if err := w.Write([]string{"room", "label", "code"}); err != nil {
		return err
	}
	if err := guard.MakeCodes(keys, room, label, count, func(code string) error { return w.Write([]string{room, label, code}) }); err != nil {
		return f.Fail(err)
	}
	w.Flush()
	return errors.Join(w.Error(), buffered.Flush())
}
