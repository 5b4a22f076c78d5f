// Package ops shows operators how one gateway does: histograms for its metrics, a memory of the last minutes, and a page on the private
// port that draws them.
package ops
