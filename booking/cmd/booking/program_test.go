package main

import (
	"context"
	"os"
	"testing"
	"time"

	"anteroom/internal/testenv"
)

// asProgram makes the test's own binary behave as the program: tests of whole processes start it so, and nothing must be built first.
const asProgram = "BOOKING_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(testenv.Passes(m).Run())
}

// newProgram starts the service in a process of its own, with further flags, and waits until it is ready.
func newProgram(t testing.TB, flags ...string) *testenv.Program {
	t.Helper()
	return testenv.StartProgram(t, "booking", asProgram, flags...)
}

// eventually waits for what must happen; nothing is concluded from how long it took.
func eventually(happened func() bool) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !happened() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}
