// Package benchmarks measures the parts that the project's speed depends on and writes BENCHMARKS.md.
package benchmarks

// Figure is one benchmark that is written down.
type Figure struct {
	Package    string // folder of the package, from the module's root
	Name       string // of the benchmark, without "Benchmark"
	What       string // what one operation is
	Calibrator string // benchmarks of the same package that it is compared with, separated by commas; empty: none
}

// Figures is the one list of what `make bench` measures. A benchmark that is listed and not there is an error.
var Figures = []Figure{
	{"waitroom/redisqueue", "Join", "a join by one of many callers of one engine, which sends them together", "JoinSortedSet,RedisIncr"},
	{"waitroom/redisqueue", "JoinMany", "a join in a block of a thousand", "JoinSortedSet,RedisIncr"},
	{"waitroom/redisqueue", "JoinAccount", "a join by a known account, one of many callers", "JoinSortedSet,RedisSet"},
	{"waitroom/redisqueue", "JoinSortedSet", "a join by a script of one visitor a call on a sorted set, as many callers", ""},
	{"waitroom/redisqueue", "JoinAlone", "a join with no other one under way", "Ping"},
	{"waitroom/redisqueue", "Admission", "500 calls of the admission, 10 ms apart; ten million wait, a third of them gone; beside it a PING of the same Redis, as often", ""},
	{"waitroom/redisqueue", "AdmissionBehindGone", "the same behind twenty million who have gone", ""},
	{"waitroom/redisqueue", "Hear", "the heartbeats of ten million, told by one gateway", "SetAsMuch"},
	{"waitroom/redisqueue", "Crowd", "ten million read by one gateway", "GetAsMuch"},
	{"waitroom/redisqueue", "Memory", "what ten million who wait cost Redis", ""},
	{"waitroom/redisqueue", "RedisIncr", "an INCR by redis-benchmark, 64 connections, a hundred in each pipeline", ""},
	{"waitroom/redisqueue", "RedisSet", "a SET of ten bytes by redis-benchmark, in the same way", ""},
	{"waitroom/redisqueue", "Ping", "a PING of the same Redis, with nothing else under way", ""},
	{"waitroom/redisqueue", "SetAsMuch", "plain SETs of as many bytes as the heartbeats of ten million are", ""},
	{"waitroom/redisqueue", "GetAsMuch", "plain GETs of as many bytes", ""},
	{"waitroom", "Status", "a poll answered from the gateway's memory, ten million waiting", "PlainHMAC"},
	{"waitroom", "Crowd", "the rank directory of ten million, made anew each second", "PlainCount"},
	{"waitroom", "PlainHMAC", "one HMAC-SHA-256 of 300 bytes by the standard library", ""},
	{"waitroom", "PlainCount", "the bits of the same ten million copied once and counted once", ""},
	{"waitroom/draw", "Rank", "the drawn rank of one of ten million", "PlainHash"},
	{"waitroom/draw", "DrawTenMillion", "the drawn order of ten million", "PlainScatter"},
	{"waitroom/draw", "PlainHash", "one SHA-256 of 32 bytes by the standard library", ""},
	{"waitroom/draw", "PlainScatter", "the same bits set at places that a multiplication gives", ""},
	{"waitroom/cmd/waitroom", "Admitted", "a request with a pass through a whole gateway to an upstream, 64 connections, an answer of 130 bytes", "BareProxy,Nginx,HAProxy,ReverseProxy,BareServer"},
	{"waitroom/cmd/waitroom", "BareProxy", "the same through a proxy of the same library that checks nothing", ""},
	{"waitroom/cmd/waitroom", "Nginx", "the same through nginx' proxy_pass", ""},
	{"waitroom/cmd/waitroom", "HAProxy", "the same through HAProxy in HTTP mode", ""},
	{"waitroom/cmd/waitroom", "ReverseProxy", "the same through the standard library's reverse proxy", ""},
	{"waitroom/cmd/waitroom", "BareServer", "the same without a proxy, answered by a server of the same library", ""},
	{"waitroom/cmd/waitroom", "JoinHTTP", "a join over HTTP through a whole gateway, with its Redis, 64 connections", "ConstantJoin"},
	{"waitroom/cmd/waitroom", "ConstantJoin", "the same request to a server of the same library that answers as many bytes", ""},
	{"waitroom/cmd/waitroom", "StatusHTTP", "a poll over HTTP of somebody who waits", "ConstantStatus"},
	{"waitroom/cmd/waitroom", "ConstantStatus", "the same request to a server of the same library that answers as many bytes", ""},
	{"waitroom/cmd/waitroom", "Upstream", "the proxied request asked of the upstream itself", ""},
	{"booking/postgres", "Hold", "a hold of one free seat", "PlainUpdate"},
	{"booking/postgres", "SeatState", "the state of all seats of a hall", "PlainCount"},
	{"booking/postgres", "PlainUpdate", "one row of a plain table written by its key, as many at once", ""},
	{"booking/postgres", "PlainCount", "the same seats counted by their state", ""},
	{"booking/postgres", "HoldHot", "an answer to one of 64 buyers who ask for two of the same 200 seats, by the database's function", "HoldHotOneLock"},
	{"booking/postgres", "HoldHotOneLock", "the same behind one lock for the whole show", ""},
	{"booking/postgres", "HoldMillion", "a hold of one seat, alone, where a million seats are in 200 shows", "HoldTenThousand"},
	{"booking/postgres", "HoldTenThousand", "the same with ten thousand seats in two shows", ""},
	{"booking/cmd/booking", "HoldHTTP", "a hold of one seat over HTTP, spread over 20 shows, 64 clients and 16 connections to PostgreSQL", "HoldPgbench"},
	{"booking/cmd/booking", "HoldPgbench", "the same function called by pgbench with 16 connections", ""},
	{"booking/cmd/booking", "SeatStateHTTP", "the seat state of 15,000 seats over HTTP, with a pass, 64 clients", "ConstantState"},
	{"booking/cmd/booking", "ConstantState", "the same request to a server of the same library that answers as many bytes", ""},
	{"booking/cmd/booking", "Purchase", "a whole purchase over HTTP: hold two seats, order, pay, tickets", "PgbenchUpdate"},
	{"booking/cmd/booking", "PgbenchUpdate", "a transaction of pgbench' own simple update, 16 connections", ""},
	{"internal/auth", "TicketVerify", "a ticket, as every poll bears one", "PlainHMAC,TicketVerifyByLibrary"},
	{"internal/auth", "TicketSign", "a ticket, as every join earns one", "PlainHMAC"},
	{"internal/auth", "TicketVerifyByLibrary", "the same ticket verified by the library alone", ""},
	{"internal/auth", "PassSign", "a pass, as everybody who is admitted gets one", "PlainSign,PassSignByLibrary"},
	{"internal/auth", "PassSignByLibrary", "the same token made by the library alone", ""},
	{"internal/auth", "PassVerifyCached", "a pass that has been seen before", "PlainHMAC,PassVerifyFirst"},
	{"internal/auth", "PassVerifyFirst", "a pass that is seen for the first time", "PlainVerify"},
	{"internal/auth", "PlainHMAC", "one HMAC-SHA-256 of 150 bytes by the standard library", ""},
	{"internal/auth", "PlainSign", "one Ed25519 signature by the standard library", ""},
	{"internal/auth", "PlainVerify", "one Ed25519 signature verified by it", ""},
}

// dear are the figures that a round measures once: they make a crowd of ten million anew, use up what they have made, or would in a short pass
// never see a hold of theirs run out.
var dear = []string{
	"waitroom/redisqueue.Admission", "waitroom/redisqueue.AdmissionBehindGone", "waitroom/redisqueue.Memory",
	"booking/cmd/booking.Purchase", "booking/postgres.HoldHot",
}

// packages are the packages of the list, each once, in its order.
func packages(figures []Figure) (all []string) {
	seen := map[string]bool{}
	for _, f := range figures {
		if !seen[f.Package] {
			seen[f.Package] = true
			all = append(all, f.Package)
		}
	}
	return all
}
