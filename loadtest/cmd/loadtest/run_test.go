package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBadCommandLinesEndWithTwoAndNameTheSetting(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct {
		args []string
		says string
	}{
		"unknown suite":    {[]string{"--suite", "storm"}, "storm"},
		"no visitors":      {[]string{"--visitors", "0"}, "--visitors must be from 1"},
		"no number":        {[]string{"--visitors", "many"}, "visitors"},
		"unknown flag":     {[]string{"--visitor", "3"}, "visitor"},
		"stray word":       {[]string{"surge"}, `"surge"`},
		"deadline":         {[]string{"--deadline", "2h"}, "--deadline must be from 1s to 1h"},
		"target no scheme": {[]string{"--target", "localhost:8080"}, "--target"},
		"target alone":     {[]string{"--target", "http://localhost:8080"}, "--booking-ops"},
	} {
		var out, log bytes.Buffer
		require.Equal(t, usage, run(context.Background(), bad.args, &out, &log), name)
		require.Contains(t, log.String(), bad.says, name)
		require.Empty(t, out.String(), name)
	}
}

func TestHelpEndsWithZero(t *testing.T) {
	t.Parallel()
	var out, log bytes.Buffer
	require.Equal(t, kept, run(context.Background(), []string{"--help"}, &out, &log))
	require.Contains(t, log.String(), "LOADTEST_VISITORS")
}

func TestATargetThatDoesNotAnswerEndsWithThree(t *testing.T) {
	t.Parallel()
	var out, log bytes.Buffer
	args := []string{"--target", "http://127.0.0.1:1", "--booking-ops", "http://127.0.0.1:1", "--database-url", "postgres://127.0.0.1:1/x"}
	require.Equal(t, cannotRun, run(context.Background(), args, &out, &log))
	require.Contains(t, log.String(), "could not be run")
	require.Empty(t, out.String())
}
