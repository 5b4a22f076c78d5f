package auth

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// published answers a fetch of the keys in memory, as a cache in front of the gateways does: with an answer of up to a minute ago.
type published struct {
	gateways []*Keys
	mu       sync.Mutex
	asked    int
	body     []byte
	at       time.Time
}

func (p *published) RoundTrip(*http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.body == nil || time.Since(p.at) > time.Minute {
		p.body, p.at = p.gateways[p.asked%len(p.gateways)].PublicJWKS(), time.Now()
		p.asked++
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(p.body))}, nil
}

// rollOver runs two gateways, which look at their key file out of step, and a booking service, which fetches their public keys, over a
// rotation, all with their own loops and in the test's own time. Every half a second each gateway signs a pass and a ticket, which the other
// and booking judge, along with what was signed up to life ago. It returns how many were refused.
func rollOver(t *testing.T, r Rotation, life time.Duration) (refused int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		path := keyFile(t)
		gateways := []*Keys{load(t, path), load(t, path)}
		booking := NewRemoteKeys("http://gateway.test/")
		booking.client.Transport = &published{gateways: gateways}
		ctx, cancel := context.WithCancel(t.Context())
		var loops sync.WaitGroup
		for i, k := range gateways {
			loops.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				k.Watch(ctx, WatchEvery, func(gone []string, err error) {
					if err != nil || len(gone) > 0 {
						t.Errorf("%v, %v", gone, err)
					}
				})
			})
		}
		loops.Go(func() { booking.Run(ctx) })
		synctest.Wait()

		verifiers := []*PassVerifier{NewPassVerifier(gateways[0]), NewPassVerifier(gateways[1]), NewPassVerifier(booking)}
		type signed struct{ pass, ticket string }
		var all []signed
		kids := map[string]bool{}
		const step = 500 * time.Millisecond
		for at := time.Duration(0); at < r.Lead+r.Overlap+5*time.Minute; at += step {
			if at == 90*time.Second {
				require.NoError(t, RotateKeys(path, r))
			}
			for _, k := range gateways {
				pass, err := k.SignPass(Pass{Room: "arena", Epoch: 1, Number: int64(at/step) + 1, AdmittedAt: time.Now(), ExpiresAt: time.Now().Add(life + step)})
				require.NoError(t, err)
				ticket, err := k.SignTicket(Ticket{Room: "arena", Epoch: 1, Number: int64(at/step) + 1, JoinedAt: time.Now()})
				require.NoError(t, err)
				all = append(all, signed{pass, ticket})
				kids[k.signer().id] = true
			}
			// The newest, and the oldest that must still count.
			for _, s := range append([]signed{all[max(0, len(all)-2*int(life/step))]}, all[len(all)-2:]...) {
				for _, v := range verifiers {
					if _, err := v.Verify([]byte(s.pass), "arena", time.Now()); err != nil {
						refused++
					}
				}
				for _, k := range gateways {
					if _, err := k.VerifyTicket([]byte(s.ticket), "arena"); err != nil {
						refused++
					}
				}
			}
			time.Sleep(step)
		}
		require.Len(t, kids, 2, "the keys did change")
		cancel()
		loops.Wait()
	})
	return refused
}

func TestARotationRefusesNobody(t *testing.T) {
	life := 10 * time.Minute
	require.Zero(t, rollOver(t, Rotation{Lead: DefaultLead, Overlap: 11 * time.Minute}, life))
	// The controls: what the lead and the overlap are for.
	require.NotZero(t, rollOver(t, Rotation{Lead: 0, Overlap: 11 * time.Minute}, life), "without a lead the others do not know the key yet")
	require.NotZero(t, rollOver(t, Rotation{Lead: DefaultLead, Overlap: time.Minute}, life), "without enough overlap what was signed before is refused")
}

func TestAKeyFileThatCannotBeUsedChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := keyFile(t)
		good, err := os.ReadFile(path)
		require.NoError(t, err)
		k := load(t, path)
		id := k.signer().id
		var mu sync.Mutex
		var told []string
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			k.Watch(ctx, WatchEvery, func(_ []string, err error) {
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					told = append(told, "ok")
					return
				}
				told = append(told, err.Error())
			})
		}()
		after := func(want int) string {
			t.Helper()
			time.Sleep(3 * WatchEvery)
			mu.Lock()
			defer mu.Unlock()
			require.Equal(t, id, k.signer().id)
			require.Len(t, told, want, "%v", told)
			return told[want-1]
		}
		replace := func(body []byte) { // at once, as an operator's tools should
			t.Helper()
			temp, err := writeTemp(path, body)
			require.NoError(t, err)
			require.NoError(t, os.Rename(temp, path))
		}
		require.Equal(t, "ok", after(1))
		replace([]byte("{"))
		require.Contains(t, after(2), path)
		replace([]byte(`{"keys":[]}`))
		require.Contains(t, after(3), "at least")
		require.NoError(t, os.Remove(path))
		require.Contains(t, after(4), "no such file")
		replace(good)
		require.Equal(t, "ok", after(5))
		cancel()
		<-done
	})
}
