package e2e

import (
	"context"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/rueidis"
	"github.com/stretchr/testify/assert"

	"anteroom/infra/local"
)

// cleanUp takes the system's keys and schemas off the Redis and PostgreSQL that the tests share.
func cleanUp(t *testing.T, ctx context.Context, s *local.System) {
	t.Helper()
	for _, address := range []string{s.DatabaseURL, s.AdminDatabaseURL} {
		u, err := url.Parse(address)
		if !assert.NoError(t, err) {
			return
		}
		schema := u.Query().Get("search_path")
		conn, err := pgx.Connect(ctx, address)
		if !assert.NoError(t, err) {
			return
		}
		_, err = conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+pgx.Identifier{schema}.Sanitize()+" CASCADE")
		assert.NoError(t, err)
		assert.NoError(t, conn.Close(ctx))
	}
	option, err := rueidis.ParseURL(s.RedisURL)
	if !assert.NoError(t, err) {
		return
	}
	option.DisableCache = true
	client, err := rueidis.NewClient(option)
	if !assert.NoError(t, err) {
		return
	}
	defer client.Close()
	keys, err := client.Do(ctx, client.B().Keys().Pattern(s.KeyPrefix+":*").Build()).AsStrSlice()
	if assert.NoError(t, err) && len(keys) > 0 {
		assert.NoError(t, client.Do(ctx, client.B().Del().Key(keys...).Build()).Error())
	}
}
