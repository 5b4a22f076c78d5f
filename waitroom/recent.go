package waitroom

// recentKept bounds each of the two generations of a recent map, in entries.
const recentKept = 8 << 10

// recent is a map in bounded memory: of what was put into it, the latest are kept, at least recentKept of them. The zero value is ready. Not safe for
// concurrent use.
type recent[K comparable, V any] struct{ young, old map[K]V }

func (r *recent[K, V]) get(key K) (value V, ok bool) {
	if value, ok = r.young[key]; !ok {
		value, ok = r.old[key]
	}
	return value, ok
}

func (r *recent[K, V]) put(key K, value V) {
	if _, known := r.young[key]; r.young == nil || !known && len(r.young) >= recentKept {
		r.old, r.young = r.young, make(map[K]V)
	}
	r.young[key] = value
}
