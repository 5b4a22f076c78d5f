package upstream

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// codes is endpoint's table of codes and statuses, read backwards.
var codes = func() map[int]fault.Code {
	m := map[int]fault.Code{}
	for c := fault.Internal; endpoint.Status(c) != 0; c++ {
		m[endpoint.Status(c)] = c
	}
	return m
}()

// problem turns an answer other than 200 into an error. A problem document of the service is passed on with status, type, detail,
// fields and further members, for it is about what the member of staff asked. Not passed on are a 401, which is about our token and would look as
// if the member of staff were signed out, a defect of the service (500), and what is no problem document of ours.
func (c *client) problem(status int, body []byte) error {
	var doc struct {
		Type   string        `json:"type"`
		Detail string        `json:"detail"`
		Fields []fault.Field `json:"fields"`
	}
	var members map[string]any
	code, known := codes[status]
	typ := ""
	if json.Unmarshal(body, &doc) == nil && json.Unmarshal(body, &members) == nil {
		typ, _ = strings.CutPrefix(doc.Type, endpoint.URN)
	}
	switch {
	case status == http.StatusUnauthorized:
		return c.unavailable(fmt.Errorf("status 401: %s", doc.Type), "The %s does not accept the back office's token.", c.called)
	case !known || code == fault.Internal || typ == "" || typ == doc.Type:
		return c.unavailable(fmt.Errorf("status %d", status), "The %s failed (status %d).", c.called, status)
	}
	f := fault.New(code, typ, "%s", doc.Detail)
	f.Fields = doc.Fields
	for _, standard := range []string{"type", "title", "status", "detail", "fields"} {
		delete(members, standard)
	}
	f.Extra = members
	return f
}
