package seed

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// fromScratch is what the front end is built from: its own folder, and the services' contracts that its types come from.
var fromScratch = []string{"spa", "waitroom/openapi.yaml", "booking/openapi.yaml", "admin-api/openapi.yaml"}

// builds builds the web apps in a fresh checkout of the last commit: first with nothing there, then again with all that a build leaves behind. It
// takes minutes, and so is done once, whatever Runs says.
func builds(ctx context.Context, o Options) []Row {
	command := "git archive HEAD " + strings.Join(fromScratch, " ") + " | tar -x -C DIR; cd DIR/spa; "
	rows := []Row{
		{What: "the packages of the web apps installed, from a fresh checkout", Command: command + "time bash install.sh",
			Note: "what is counted in the published figure of 125 s is not said; npm's cache is whatever it is on this machine"},
		{What: "the three web apps checked and built, nothing built before", Theirs: "125", Command: command + "bash install.sh; time npm run build"},
		{What: "the three web apps checked and built again", Theirs: "12", Command: command + "bash install.sh; npm run build; time npm run build"},
	}
	took, err := buildTwice(ctx, o)
	for i := range rows {
		rows[i].Topic, rows[i].Unit = "front-end build", "s"
		if err != nil {
			rows[i] = rows[i].measured(nil, err)
			continue
		}
		rows[i] = rows[i].measured(took[i:i+1], nil)
	}
	return rows
}

// buildTwice returns how long it takes to install, to build and to build again.
func buildTwice(ctx context.Context, o Options) ([]time.Duration, error) {
	dir, err := os.MkdirTemp("", "anteroom-build-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	archive := exec.CommandContext(ctx, "git", append([]string{"archive", "HEAD"}, fromScratch...)...)
	archive.Dir = o.Root
	files, err := archive.Output()
	if err != nil {
		return nil, fmt.Errorf("git archive: %w", err)
	}
	unpack := exec.CommandContext(ctx, "tar", "-x", "-C", dir)
	unpack.Stdin = bytes.NewReader(files)
	if out, err := unpack.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("tar: %w: %s", err, lastLines(out))
	}
	var took []time.Duration
	for _, step := range [][]string{{"bash", "install.sh"}, {"npm", "run", "build"}, {"npm", "run", "build"}} {
		fmt.Fprintln(o.Progress, "  ", step)
		cmd := exec.CommandContext(ctx, step[0], step[1:]...)
		cmd.Dir = filepath.Join(dir, "spa")
		began := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%v: %w: %s", step, err, lastLines(out))
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}
