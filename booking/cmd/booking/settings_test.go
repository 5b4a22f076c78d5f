package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/service"
)

func TestABadSettingIsNamed(t *testing.T) {
	for _, args := range [][]string{
		{"--database-pool", "1"},
		{"--database-pool", "many"},
		{"--sweep-every", "0s"},
		{"--unknown", "x"},
		{"argument"},
	} {
		var errOut bytes.Buffer
		err := serve(context.Background(), args, &errOut, nil)
		require.Equal(t, 2, service.ExitCode(err), "%v", args)
		require.NotEmpty(t, errOut.String())
	}
}

func TestASecretInABadAddressIsNotShown(t *testing.T) {
	var errOut bytes.Buffer
	err := serve(context.Background(), []string{"--database-url", "postgres://u:hunter2@host:port/x"}, &errOut, nil)
	require.Error(t, err)
	require.NotContains(t, err.Error()+errOut.String(), "hunter2")
}
