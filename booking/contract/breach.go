package contract

import (
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	words "github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// kind is what sort of breach it is.
type kind int

const (
	wrongValue kind = iota
	wrongType
	unknownMember
)

// breach is one way in which a value is not as its schema says.
type breach struct {
	kind    kind
	field   string // "seats.0.row"; "body" is the value itself
	depth   int    // of the field in the value
	message string // follows the name of the field; it holds nothing of the value, which may be secret
}

// breachesOf takes the library's error apart.
func breachesOf(err error) []breach {
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []breach{{field: "body", message: "cannot be read"}}
	}
	return leaves(invalid)
}

func leaves(e *jsonschema.ValidationError) []breach {
	if len(e.Causes) == 0 {
		return single(e)
	}
	switch e.ErrorKind.(type) {
	case *words.OneOf, *words.AnyOf:
		return likeliest(e.Causes)
	}
	var all []breach
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// likeliest is what is wrong with the one of several forms that the sender seems to have meant: where the fault lies deepest, else where least is wrong.
func likeliest(forms []*jsonschema.ValidationError) []breach {
	var best []breach
	for _, form := range forms {
		wrong := leaves(form)
		if best == nil || deepest(wrong) > deepest(best) || deepest(wrong) == deepest(best) && amount(wrong) < amount(best) {
			best = wrong
		}
	}
	return best
}

func deepest(wrong []breach) (depth int) {
	for _, w := range wrong {
		depth = max(depth, w.depth)
	}
	return depth
}

// amount weighs what is not known more than what is not there: who names a member of a form means that form.
func amount(wrong []breach) (n int) {
	for _, w := range wrong {
		if n++; w.kind == unknownMember {
			n++
		}
	}
	return n
}

func single(e *jsonschema.ValidationError) []breach {
	at := func(more ...string) string {
		if path := append(e.InstanceLocation[:len(e.InstanceLocation):len(e.InstanceLocation)], more...); len(path) > 0 {
			return strings.Join(path, ".")
		}
		return "body"
	}
	depth := len(e.InstanceLocation)
	say := func(format string, args ...any) []breach {
		return []breach{{field: at(), depth: depth, message: fmt.Sprintf(format, args...)}}
	}
	switch k := e.ErrorKind.(type) {
	case *words.Type:
		return []breach{{kind: wrongType, field: at(), depth: depth, message: fmt.Sprintf("is of type %s, must be of type %s", k.Got, strings.Join(k.Want, " or "))}}
	case *words.AdditionalProperties:
		var all []breach
		for _, name := range k.Properties {
			all = append(all, breach{kind: unknownMember, field: at(name), depth: depth, message: "is not known"})
		}
		return all
	case *words.FalseSchema:
		return []breach{{kind: unknownMember, field: at(), depth: depth - 1, message: "is not known"}}
	case *words.Required:
		var all []breach
		for _, name := range k.Missing {
			all = append(all, breach{field: at(name), depth: depth, message: "is missing"})
		}
		return all
	case *words.DependentRequired:
		return say("must have %s beside %s", strings.Join(k.Missing, ", "), k.Prop)
	case *words.Enum:
		return say("must be one of %v", k.Want)
	case *words.Const:
		return say("must be %v", k.Want)
	case *words.Format:
		return say("must be of the form %s", k.Want)
	case *words.Pattern:
		return say("must match %s", k.Want)
	case *words.MinItems:
		return say("must have at least %d items, has %d", k.Want, k.Got)
	case *words.MaxItems:
		return say("must have at most %d items, has %d", k.Want, k.Got)
	case *words.UniqueItems:
		return say("names the same twice, at %d and %d", k.Duplicates[0], k.Duplicates[1])
	case *words.MinLength:
		return say("must have at least %d characters", k.Want)
	case *words.MaxLength:
		return say("must have at most %d characters", k.Want)
	case *words.Minimum:
		return say("must be at least %s", k.Want.RatString())
	case *words.Maximum:
		return say("must be at most %s", k.Want.RatString())
	case *words.MinProperties:
		return say("must have at least %d members", k.Want)
	case *words.OneOf:
		return say("fits more than one of the forms that it may have")
	default:
		return say("is not as the contract says")
	}
}
