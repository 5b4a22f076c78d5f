package queuetest

import (
	"testing"

	"anteroom/waitroom"
)

func openModel(clock *Clock, gateways int) ([]waitroom.Line, func()) {
	m := NewModel(clock.Now)
	lines := make([]waitroom.Line, gateways)
	for i := range lines {
		lines[i] = m
	}
	return lines, func() {}
}

func TestModelConforms(t *testing.T) {
	t.Parallel()
	Run(t, openModel)
}

// TestModelWalks holds the model to the promises as they are seen from outside, and to being the same every time.
func TestModelWalks(t *testing.T) {
	t.Parallel()
	Walk(t, openModel)
}

func TestModelRates(t *testing.T) {
	t.Parallel()
	RunRates(t, openModel)
}
