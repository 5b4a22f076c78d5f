package events

import (
	"testing"

	"anteroom/internal/testenv"
)

func TestMain(m *testing.M) { testenv.VerifyNoLeaks(m) }
