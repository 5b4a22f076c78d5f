package main

import (
	"os"
	"testing"

	"anteroom/internal/testenv"
)

// asProgram makes the test's own binary behave as the program: tests of whole processes start it so, and nothing must be built first.
const asProgram = "WAITROOM_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	testenv.VerifyNoLeaks(m)
}
