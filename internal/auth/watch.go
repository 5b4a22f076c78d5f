package auth

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"
)

// WatchEvery is how often a key file is looked at.
const WatchEvery = 2 * time.Second

// Watch takes the keys of the file over whenever it changes, until ctx ends. A file that cannot be read or used changes nothing: the
// keys there are stay. told learns of every load, with the ids of keys that are in the file no more, and of every failure when it begins
// or becomes another one; it is called by one goroutine, the first time at once.
func (k *Keys) Watch(ctx context.Context, every time.Duration, told func(gone []string, err error)) {
	watchFile(ctx, k.file, every, func(body []byte, err error) {
		var set *keySet
		if err == nil {
			set, err = parseKeySet(body)
		}
		if err != nil {
			told(nil, fmt.Errorf("key file %s: %w", k.file, err))
			return
		}
		told(k.replace(set), nil)
	})
}

// watchFile tells the content of a file at once and whenever it has changed, or why it cannot be read, until ctx ends. The content and not
// its time is compared: a file may be replaced by one that is older, and twice in one tick of the clock.
func watchFile(ctx context.Context, path string, every time.Duration, tell func(body []byte, err error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var last []byte
	for trouble, first := "", true; ; first = false {
		switch body, err := os.ReadFile(path); {
		case err != nil && err.Error() != trouble:
			trouble = err.Error()
			tell(nil, err)
		case err == nil && (first || trouble != "" || !bytes.Equal(body, last)):
			last, trouble = body, ""
			tell(body, nil)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
