package auth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patientKeys are the keys published at url, asked for by who does not give up when a busy machine takes some seconds.
func patientKeys(url string) *RemoteKeys {
	r := NewRemoteKeys(url)
	r.client.Timeout = time.Minute
	return r
}

func TestRemoteKeysFollowTheirSource(t *testing.T) {
	old, fresh := newKeys(t), newKeys(t)
	var current atomic.Pointer[Keys]
	var asked atomic.Int64
	current.Store(old)
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Write(current.Load().PublicJWKS())
	}))
	defer source.Close()

	v := NewPassVerifier(patientKeys(source.URL))
	first, err := old.SignPass(pass())
	require.NoError(t, err)
	_, err = v.Verify([]byte(first), "arena", now)
	require.NoError(t, err, "fetched when first needed")

	since := time.Now()
	current.Store(fresh)
	second, err := fresh.SignPass(pass())
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := v.Verify([]byte(second), "arena", now)
		return err == nil
	}, time.Minute, 20*time.Millisecond, "a key that is not known is asked for")
	madeUp, err := newKeys(t).SignPass(pass())
	require.NoError(t, err)
	for range 200 {
		_, err := v.Verify([]byte(madeUp), "arena", now)
		require.Error(t, err)
	}
	require.LessOrEqual(t, asked.Load(), 2+int64(time.Since(since)/remoteRetry), "but at most once a second, however many ask")
}

func TestRemoteKeysThatCannotBeHadSayNothingAboutAToken(t *testing.T) {
	var down atomic.Bool
	down.Store(true)
	keys := newKeys(t)
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Write(keys.PublicJWKS())
	}))
	defer source.Close()
	remote := NewRemoteKeys(source.URL)
	token, err := keys.SignPass(pass())
	require.NoError(t, err)
	v := NewPassVerifier(remote)

	_, err = v.Verify([]byte(token), "arena", now)
	require.ErrorIs(t, err, errKeysUnavailable)
	require.Error(t, remote.Ready(t.Context()))

	down.Store(false)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { remote.Run(ctx); close(done) }()
	require.Eventually(t, func() bool { return remote.Ready(t.Context()) == nil }, time.Minute, 20*time.Millisecond)
	_, err = v.Verify([]byte(token), "arena", now)
	require.NoError(t, err, "it recovers by itself")

	down.Store(true)
	_, err = v.Verify([]byte(token+"x"), "arena", now)
	require.ErrorIs(t, err, ErrPassInvalid, "the keys once fetched stay in use")
	cancel()
	<-done
}

func TestWhatADroppedKeySignedIsForgotten(t *testing.T) {
	old, fresh := newKeys(t), newKeys(t)
	var current atomic.Pointer[Keys]
	current.Store(old)
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(current.Load().PublicJWKS()) }))
	defer source.Close()
	remote := patientKeys(source.URL)
	v := NewPassVerifier(remote)
	token, err := old.SignPass(pass())
	require.NoError(t, err)
	_, err = v.Verify([]byte(token), "arena", now)
	require.NoError(t, err)
	require.NoError(t, remote.fetch(t.Context(), time.Now()))
	_, err = v.Verify([]byte(token), "arena", now)
	require.NoError(t, err, "the control: a fetch by itself changes nothing")
	current.Store(fresh)
	require.NoError(t, remote.fetch(t.Context(), time.Now()))
	_, err = v.Verify([]byte(token), "arena", now)
	require.ErrorIs(t, err, ErrPassInvalid, "although it was verified before")
}
