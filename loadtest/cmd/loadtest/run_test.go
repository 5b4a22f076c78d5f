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
		"other's setting":  {[]string{"--suite", "ten-million", "--tries", "3"}, "tries"},
		"all over HTTP":    {[]string{"--suite=ten-million", "--visitors", "10", "--http-visitors", "10"}, "--http-visitors must be fewer"},
		"slow rate":        {[]string{"--suite", "ten-million", "--rate-per-minute", "59"}, "--rate-per-minute must be from 60"},
		"no such fsync":    {[]string{"--suite", "ten-million", "--appendfsync", "never"}, "--appendfsync must be always, everysec or no"},
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
	require.Contains(t, log.String(), "LOADTEST_TRIES")
	require.Equal(t, kept, run(context.Background(), []string{"--suite", "ten-million", "--help"}, &out, &log))
	require.Contains(t, log.String(), "LOADTEST_HTTP_VISITORS")
}

func TestATargetThatDoesNotAnswerEndsWithThree(t *testing.T) {
	t.Parallel()
	var out, log bytes.Buffer
	args := []string{"--target", "http://127.0.0.1:1", "--booking-ops", "http://127.0.0.1:1", "--database-url", "postgres://127.0.0.1:1/x"}
	require.Equal(t, cannotRun, run(context.Background(), args, &out, &log))
	require.Contains(t, log.String(), "could not be run")
	require.Empty(t, out.String())
}
