package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// general are the statuses that any call may answer with, as the top of the contract says: they come from what all calls have in common, not from what
// one does. The value is the one type of problem that makes it so; empty: any.
var general = map[int]string{403: "origin-mismatch", 404: "", 405: "", 413: "", 500: "", 503: ""}

const problemType = "application/problem+json"

// Answer holds an answer against the contract and returns all that is wrong with it: a status, a media type, a member of an object or a type of problem that
// is not documented, and whatever breaks a schema. For tests: unlike a client, it does not put up with members that it does not know.
func (c *Contract) Answer(operation string, status int, contentType string, body []byte) (wrong []string) {
	say := func(format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("%s answered %d: ", operation, status)+fmt.Sprintf(format, args...))
	}
	op := c.operations[operation]
	if op == nil {
		say("the operation is not documented")
		return wrong
	}
	mediaType, _, _ := mime.ParseMediaType(contentType)
	documented, ok := op.answers[strconv.Itoa(status)]
	name := problemName(mediaType, body)
	only, shared := general[status]
	anyCall := shared && mediaType == problemType && (only == "" || only == name)
	if !ok && !anyCall {
		say("the status is not documented")
		return wrong
	}
	if mediaType == problemType {
		if !c.problems[strconv.Itoa(status)][name] {
			say("the problem type %q is not in the list at the top", name)
		}
		if !ok {
			return wrong
		}
	}
	if len(documented.content) == 0 {
		if len(body) > 0 {
			say("a body is not documented")
		}
		return wrong
	}
	schema, ok := documented.content[mediaType]
	if !ok {
		say("the media type %q is not documented", contentType)
		return wrong
	}
	if schema == nil || !strings.HasSuffix(mediaType, "json") {
		return wrong
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		say("the body is no JSON: %v", err)
		return wrong
	}
	breaches := breachesOf(schema.Validate(value))
	// What is in a part that breaks its schema is not known to the whole either, which says nothing new.
	if slices.ContainsFunc(breaches, func(b breach) bool { return b.kind != unknownMember }) {
		breaches = slices.DeleteFunc(breaches, func(b breach) bool { return b.kind == unknownMember })
	}
	for _, b := range breaches {
		say("%s %s", b.field, b.message)
	}
	return wrong
}

// problemName is the type of a problem document without what all of ours begin with; empty for another's or none.
func problemName(mediaType string, body []byte) string {
	if mediaType != problemType {
		return ""
	}
	var document struct{ Type string }
	if err := json.Unmarshal(body, &document); err != nil {
		return ""
	}
	name, ours := strings.CutPrefix(document.Type, "urn:anteroom:problem:")
	if !ours {
		return ""
	}
	return name
}

var (
	listItem = regexp.MustCompile(`^- (\d{3}) `)
	quoted   = regexp.MustCompile("`([a-z0-9-]+)`")
)

// listedProblems reads the list of problem types by status from the description: lines of the form "- 404 `show-unknown`, …", each with the lines that go on with it.
func listedProblems(description string) map[string]map[string]bool {
	problems, status := map[string]map[string]bool{}, ""
	for line := range strings.SplitSeq(description, "\n") {
		switch m := listItem.FindStringSubmatch(line); {
		case m != nil:
			status = m[1]
		case !strings.HasPrefix(line, " "):
			status = ""
		}
		if status == "" {
			continue
		}
		if problems[status] == nil {
			problems[status] = map[string]bool{}
		}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			problems[status][m[1]] = true
		}
	}
	return problems
}
