package api

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFreshLoadsOnceHoweverManyAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loads := 0
		f := fresh[int]{ttl: 250 * time.Millisecond, load: func(context.Context) (int, error) {
			loads++
			return loads, nil
		}}
		for range 3 { // a mutex does not let a fake clock go on, so loading takes no time here
			var crowd sync.WaitGroup
			for range 100 {
				crowd.Go(func() {
					_, err := f.get()
					require.NoError(t, err)
				})
			}
			crowd.Wait()
		}
		require.Equal(t, 1, loads)
		time.Sleep(250 * time.Millisecond)
		v, err := f.get()
		require.NoError(t, err)
		require.Equal(t, 2, v)
	})
}

func TestFreshServesTheLastValueForAWhileWhenLoadingFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away, tries := false, 0
		f := fresh[int]{ttl: time.Second, stale: time.Minute, load: func(context.Context) (int, error) {
			tries++
			if away {
				return 0, errors.New("away")
			}
			return 7, nil
		}}
		_, err := f.get()
		require.NoError(t, err)
		away = true
		time.Sleep(2 * time.Second)
		for range 5 {
			v, err := f.get()
			require.NoError(t, err)
			require.Equal(t, 7, v)
		}
		require.Equal(t, 2, tries, "a failure is not retried by each who asks")
		time.Sleep(time.Minute)
		_, err = f.get()
		require.Error(t, err)
		away = false
		time.Sleep(time.Second)
		v, err := f.get()
		require.NoError(t, err)
		require.Equal(t, 7, v)
	})
}
