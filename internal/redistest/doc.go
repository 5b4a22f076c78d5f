// Package redistest starts real Redis processes that a test may kill, freeze, restart and fail over: a single server (Start), a
// primary with its replica (StartPair), a cluster of three masters (StartCluster), and a primary watched by three sentinels
// (StartSentinels). It is for tests alone.
//
// Every server is a child of the test: it listens on 127.0.0.1 only, keeps its data in a folder that goes with the test, is killed when
// the test is over, and dies with the test's process, however that ends.
package redistest
