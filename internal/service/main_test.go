package service

import (
	"testing"

	"anteroom/internal/endpoint"
	"anteroom/internal/testenv"
)

func TestMain(m *testing.M) {
	endpoint.DefaultLingering.Time = patience // the client of a test may stand still for longer than one of the line's is waited for
	testenv.VerifyNoLeaks(m)
}
