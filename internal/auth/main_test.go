package auth

import (
	"os"
	"testing"

	"anteroom/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Passes(m).Run()) }
