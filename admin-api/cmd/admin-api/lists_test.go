package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOrdersArePassedOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.as("service")
	a := v.do("GET", "/admin/api/v1/orders?state=paid&show=arena&q=buyer%40demo.test&cursor=c1&utm=ignored", nil)
	require.Equal(t, 200, a.status, a.body)
	require.JSONEq(t, `{"orders":[{"id":"0192","reference":"AN-7K3M9Q"}],"next":"c2"}`, a.body)
	o.booking.set(func() {
		require.Equal(t, "cursor=c1&limit=50&q=buyer%40demo.test&show=arena&state=paid", o.booking.orders)
		require.Equal(t, "service@demo.test", o.booking.asked[0].Email)
		o.booking.broken = true
	})
	a = v.do("GET", "/admin/api/v1/orders", nil)
	require.Equal(t, 503, a.status)
	require.Equal(t, "booking-unavailable", a.problem())
	require.Equal(t, 200, v.do("GET", arena, nil).status, "rooms go on without booking")
}

func TestAuditPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.as("auditor")
	for range 4 {
		o.as("owner")
	}
	ids := func(a answer) (ids []float64) {
		require.Equal(t, 200, a.status, a.body)
		for _, e := range a.doc["entries"].([]any) {
			ids = append(ids, e.(map[string]any)["id"].(float64))
		}
		return ids
	}
	first := v.do("GET", "/admin/api/v1/audit?limit=3", nil)
	require.Len(t, ids(first), 3)
	next := first.doc["next_before"].(float64)
	require.Equal(t, ids(first)[2], next)
	last := v.do("GET", fmt.Sprintf("/admin/api/v1/audit?limit=3&before=%.0f", next), nil)
	require.Len(t, ids(last), 2)
	require.NotContains(t, last.doc, "next_before")
	e := first.doc["entries"].([]any)[0].(map[string]any)
	require.Equal(t, "owner@demo.test", e["actor"])
	require.Equal(t, "done", e["outcome"])
	require.Regexp(t, `^\d{4}-\d\d-\d\dT.*Z$`, e["at"])
}

func TestAuditOfNothing(t *testing.T) {
	t.Parallel()
	a := newOffice(t).as("auditor").do("GET", "/admin/api/v1/audit?before=1", nil)
	require.JSONEq(t, `{"entries":[]}`, a.body)
}

func TestKeysArePublished(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.visitor().do("GET", "/admin/api/.well-known/jwks.json", nil)
	require.Equal(t, 200, a.status)
	require.Equal(t, "application/json", a.header.Get("Content-Type"))
	require.JSONEq(t, string(o.keys.PublicJWKS()), a.body)
	require.NotContains(t, a.body, `"d"`, "no private half")
	require.NotContains(t, a.body, `"k"`, "no symmetric key")
}
