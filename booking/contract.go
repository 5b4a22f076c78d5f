package booking

import _ "embed"

// Contract is openapi.yaml, the contract of the service: requests are held against it as they come, answers in the tests.
//
//go:embed openapi.yaml
var Contract []byte
