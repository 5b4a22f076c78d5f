package main

import (
	"os"
	"testing"

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
