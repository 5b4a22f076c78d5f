package contract

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// general are the statuses that any call may answer with: they come from what all calls have in common, not from what one does.
var general = map[int]bool{404: true, 405: true, 413: true, 500: true, 503: true}

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
	if !ok && !(general[status] && mediaType == problemType) {
		say("the status is not documented")
		return wrong
	}
	if mediaType == problemType {
		if problem := c.unlisted(status, body); problem != "" {
			say("%s", problem)
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

// unlisted says what is wrong with the type of a problem document: it must be in the list at the top of the contract, under its status.
func (c *Contract) unlisted(status int, body []byte) string {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	document, ok := value.(map[string]any)
	if err != nil || !ok {
		return "the problem is no JSON object"
	}
	name, _ := document["type"].(string)
	short, ours := strings.CutPrefix(name, "urn:anteroom:problem:")
	if !ours || !c.problems[strconv.Itoa(status)][short] {
		return fmt.Sprintf("the problem type %q is not in the list at the top", name)
	}
	return ""
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
